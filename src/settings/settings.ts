// What the rest of the gateway knows of its settings: frozen, validated, secrets resolved.
// Read by src/settings/load.ts from config/ and the environment; nothing else reads either.

import type { AdapterKind } from '../adapter-kit/contract.ts'
import type { Window } from '../domain/authority.ts'
import type { Catalogue, Names } from '../domain/catalogue.ts'
import type { CatalogueFile } from '../domain/catalogue-versions.ts'
import type { BookedMatters } from '../domain/department-slots.ts'
import type { CustodyLimits } from '../domain/paper.ts'
import type { ServiceEvent } from '../domain/service-record.ts'
import type { Offer } from '../domain/slots.ts'

export interface Settings {
  configDir: string
  /** Embedded database, materials and generated keys live here. */
  dataDir: string
  http: {
    host: string
    port: number
    /** Base of links we hand out, no trailing slash. */
    publicUrl: string
    /** Addresses and CIDRs of proxies that are believed about whom they speak for. Empty: X-Forwarded-* says nothing. */
    trustedProxies: readonly string[]
  }
  /** The city served; null where nothing is posted. */
  city: City | null
  /** null: the embedded PostgreSQL under dataDir. */
  databaseUrl: string | null
  /** null: BullMQ's PostgreSQL backend on the same database. */
  redisUrl: string | null
  /** file: URL of a folder (S3 later). */
  materialsUrl: string
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
  limits: {
    /** Bytes. */
    maxFileBytes: number
    maxBodyBytes: number
    maxParts: number
    /** A request whose body does not go on for this long is ended. */
    stalledBodySeconds: number
    /** SM3 beside SHA-256 for stored files. */
    sm3: boolean
  }
  /** Keys made on first start and kept in dataDir/keys (0600), unless given by the environment. */
  keys: {
    /** Signs file links. */
    links: Buffer
    /** Signs session cookies. */
    sessions: Buffer
    /** Hashes holders of reusable materials. */
    holders: Buffer
  }
  clients: readonly Client[]
  operators: readonly Operator[]
  systems: ReadonlyMap<string, SystemSettings>
  halls: ReadonlyMap<string, Hall>
  postal: ReadonlyMap<string, PostalContract>
  /** As the files say; what is in force the ledger knows (src/catalogue/in-force.ts). */
  catalogue: Catalogue
  /** What it was built from. */
  catalogueFiles: readonly CatalogueFile[]
  deadlines: {
    /** Working days in which a department accepts or refuses a case (行政许可法 第三十二条: 5). */
    acceptanceDays: number
    /** Working days an applicant has for a correction without a limit of its own. */
    supplementDays: number
    /** Working days from an approval until its result is issued (行政许可法 第四十四条: 10), unless the matter says otherwise. */
    issuanceDays: number
    /** Working days for a special procedure for which neither the department nor the matter names a limit. */
    specialProcedureDays: number
    /** Working days an applicant has to book again after an appointment that was missed or cancelled. */
    appointmentDays: number
    /** Share of a limit after which the yellow card is shown. */
    warnShare: number
    /** Working days after a limit has passed, ascending: one level of escalation each. */
    escalation: readonly number[]
    /** What becomes of a correction that nobody answered in time. */
    supplementTimeout: 'terminate' | 'none'
    /** What becomes of a case whose appointment nobody booked again in time. */
    appointmentTimeout: 'terminate' | 'none'
  }
  certificates: {
    /** Verified longer ago than this, a certificate is asked about again before its case goes out. */
    maxAgeHours: number
    /** A registry out of reach for this long: the applicant may upload instead, where the catalogue allows. */
    uploadAfterHours: number
  }
  /** Working days for which anybody may hold a paper before an alarm; what is absent is not watched. */
  custody: CustodyLimits
  /** MM-dd: from this day on a missing calendar of the next year is warned of. */
  calendarWarnFrom: string
  /** Where services are recorded for the applicant's evaluation (好差评); null: nowhere. */
  rating: { system: string; events: readonly ServiceEvent[] } | null
  supervision: {
    /** HH:mm in China's time at which yesterday is reconciled; null: never by itself. */
    reconcileAt: string | null
    /** Counts below this are not shown in statistics. */
    smallestCount: number
  }
  /** Days off and make-up days by year, from config/calendar; a year that is missing has no published calendar. */
  calendar: ReadonlyMap<number, CalendarYear>
  /** Content hash of everything read, short. */
  version: string
}

/** By its names in GB/T 2260: 河南省, 开封市. */
export interface City {
  province: string
  name: string
}

/** A machine that calls us. */
export interface Client {
  id: string
  /** SHA-256 of each live bearer token. */
  tokenHashes: readonly Buffer[]
  scopes: readonly Scope[]
  /** Six-digit codes it may act for; ['*'] for all. */
  divisions: readonly string[]
  /** The platform system whose submissions it makes and that is called back. */
  platform?: string
  /** As many requests as it may make in so many seconds; any number without it. */
  rate?: { requests: number; seconds: number }
}

export const scopes = [
  'submissions:write',
  'submissions:read',
  'materials:write',
  'catalogue:read',
  'systems:events',
  'systems:inbox',
  'certificates:query',
  'carriers:tracking',
  'appointments:write',
  'metrics:read',
] as const
export type Scope = (typeof scopes)[number]

/** One of these lets a client push the messages of a system of this kind. */
export const pushScopes: { readonly [Kind in AdapterKind]?: readonly Scope[] } = {
  department: ['systems:events'],
  rating: ['systems:events'],
  carrier: ['carriers:tracking', 'systems:events'],
}

export interface Operator {
  id: string
  name: string
  /** scrypt:<N>:<r>:<p>:<salt base64url>:<hash base64url>, made by `tongban keys password`. */
  passwordHash: string
  role: 'viewer' | 'operator' | 'admin'
}

/** One file config/systems/<id>.yaml. */
export interface SystemSettings {
  id: string
  adapter: string
  title: Names
  /** Division codes served, ['*'] for all. */
  divisions: readonly string[]
  delivery: DeliverySettings
  /** Systems that cannot push are asked again after this long, ms. */
  polling: { everyMs: number }
  /** The client ids that may push events of this system in. Empty: the adapter's own signature check decides. */
  pushClients: readonly string[]
  /**
   * Platforms and departments: what it is called back with; ['*'] or prefixes such as 'case.*', or filters.
   * Empty: nothing.
   */
  subscribes: readonly (string | SubscriptionFilter)[]
  /** Booking systems: what may be booked there, and where. */
  appointments?: readonly BookedMatters[]
  /** The adapter's own, validated by its manifest's schema, secrets resolved. */
  settings: unknown
}

/** Events that fit every list that is there. */
export interface SubscriptionFilter {
  types?: readonly string[]
  themes?: readonly string[]
  /** Of a case of one of these matters. */
  matters?: readonly string[]
  /** Where it was submitted or is decided. */
  divisions?: readonly string[]
}

export interface DeliverySettings {
  /** Attempts at once, per process. */
  concurrency: number
  /** Longest one attempt may take, ms. */
  timeoutMs: number
  retry: {
    /** First back-off, ms. */
    baseMs: number
    /** Longest back-off, ms. */
    maxMs: number
    /** Give up and bury after this long, ms. */
    forMs: number
  }
  breaker: {
    /** Failures in a row that open it. */
    failures: number
    /** How long it stays open before one probe, ms. */
    openMs: number
  }
}

export interface Hall {
  code: string
  name: Names
  division: string
  address: string
  phone: string
  windows: readonly Window[]
  /** The slots it publishes. */
  appointments?: readonly Offer[]
}

/** The county's contract with a carrier: config/postal/*.yaml. */
export interface PostalContract {
  division: string
  system: string
  /** Follows its parcels when the carrier does not report itself. */
  tracker?: string
  documentNumber: string
  contractNumber: string
  customerNumber: string
  from: string
  to: string
  /** Where the division's paper is received and sent from. */
  counter: { name: string; mobile: string; province: string; city: string; county: string; address: string }
}

/** config/calendar/<year>.yaml: what differs from Saturday and Sunday off. ISO dates, sorted. */
export interface CalendarYear {
  year: number
  /** The document it was published in. */
  source: string
  daysOff: readonly string[]
  /** Saturdays and Sundays that are worked. */
  workingDays: readonly string[]
}
