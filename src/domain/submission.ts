// A submission and everything that belongs to it, as plain data: the state that `decide` reads and returns.
// Ids of cases, transfers, parcels and entries grow from the submission's own, so deciding needs no generator
// and any part tells which submission it is of.

import type { CaseState } from './case-states.ts'
import type { Limit, Mode } from './catalogue.ts'
import type { EventDetail, ParcelEvent } from './events.ts'
import type { Paper } from './paper.ts'
import type { Certificate, Registration, Reusable, SharedFrom, WindowCheck } from './proofs.ts'
import type { ServiceEvent } from './service-record.ts'

export interface Aggregate {
  submission: Submission
  cases: readonly Case[]
  materials: readonly Material[]
  parcels: readonly Parcel[]
  /** Open ones only: a settled transfer is history. */
  transfers: readonly Transfer[]
}

export interface Submission {
  id: string
  externalId: string
  platform: string
  client: string
  theme: string
  mode: Mode
  division: string
  homeDivision: string
  catalogueVersion: string
  state: 'open' | 'completed' | 'partly-completed' | 'refused'
  post: { collect: boolean; deliver: boolean }
  /** Keyed hash of the applicant's document; only where a material may be used again. */
  holder?: string
  /** The failed branch of this earlier submission is done again here. */
  redoes?: { submissionId: string; satisfied: readonly Satisfied[] }
  /** Submissions that did its failed branches again. */
  redoneBy?: readonly Redo[]
  /** How many cases, transfers, parcels and entries were made so far: the next one's number. */
  counts: { transfers: number; parcels: number; entries: number }
}

/** A matter that an earlier submission settled well: not done again, its result counts. */
export interface Satisfied {
  matter: string
  caseId: string
  result?: NonNullable<EventDetail['result']>
}

export interface Redo {
  submissionId: string
  externalId: string
  matters: readonly string[]
  at: string
}

/** The window that takes a case in the applicant's stead, where it is not the submission's own. */
export interface WindowClerk {
  hall: string
  window: string
  clerk: string
}

export interface Appointment {
  /** Absent where it was booked before slots were kept. */
  slot?: string
  state: 'booked' | 'attended' | 'missed' | 'cancelled'
  /** When the slot begins; absent where neither its id nor whoever booked it said so. */
  startsAt?: string
  /** booked: what comes of it by itself, and on which day. */
  next?: { step: 'remind' | 'report'; on: string }
  /** booked: its day has passed, and nobody said whether the applicant came. */
  unreported?: true
}

export interface Case {
  id: string
  matter: { code: string; name: string; taskCode?: string; handleItem?: string }
  system: string
  mode: Mode
  state: CaseState
  /** The cases that come first, where there are any. */
  after?: readonly string[]
  /** Why it is still pending. Dispatched when empty. */
  waits: readonly Wait[]
  /** The department's number. */
  reference?: string
  /** State to go back to after a correction or special procedure. */
  resume?: CaseState
  /** The correction that a special procedure has interrupted: it goes on afterwards. */
  setAside?: 'correction-requested' | 'pre-review-returned' | undefined
  /** The limit of that correction, which goes on with the days that the applicant had left. */
  setAsideLimit?: Stopped
  /** By event, when the last interruption of its kind, or the end of one, was, as the department told it. */
  interrupted?: { readonly [event: string]: string }
  /** By event, what the notices of that moment said: one that says something else is no repeat of theirs. */
  noticed?: { readonly [event: string]: readonly string[] }
  /** Rounds of correction so far. */
  round: number
  /** Material codes asked for by the open correction. */
  asked: readonly { code: string; reason: string; message?: string; messageZh?: string }[]
  /** Notices of correction by stage: before the acceptance, and after it. */
  notices?: { acceptance?: number; decision?: number }
  /** Appointment mode. */
  appointment?: Appointment
  /** Agent mode, where it was chosen later. */
  agent?: WindowClerk
  /** The limit that runs now. */
  clock?: Clock
  /** The department's limit, while the applicant or a special procedure holds it up. */
  stopped?: Stopped
  /** The last day of the correction that nobody answered: why it was terminated. */
  supplementDueOn?: string
  /** Its department refused to take it over, and it was not sent again since. */
  turnedAway?: true
  /** When the department took it. */
  acceptedAt?: string
  /** Time of the last event applied, as the department told it. */
  lastEventAt?: string
  /** Approved or issued, in so many words. Without, and without a result, a closing alone was taken for a yes. */
  saidYes?: true
  reason?: string
  result?: EventDetail['result']
  /** Of the result, in the registry of its certificate type. */
  registration?: Registration
  paperResult: boolean
  /** The submission succeeds without it. */
  optional?: true
  /** Papers that are to come to the department, and the result on paper that goes back, each with its custody. */
  papers?: readonly Paper[]
  /** What the rating system was told of, and what the applicant said of it. */
  services?: readonly Service[]
}

/** One service that the applicant may rate (一次服务一评). */
export interface Service {
  /** 1 for the first of the case. */
  number: number
  event: ServiceEvent
  at: string
  system: string
  /** Of its case, as was known by then: what is told once more is told the same. */
  acceptedAt?: string
  evaluation?: Evaluation
  /** What was said later (追评). */
  additions?: readonly Evaluation[]
}

/** What an applicant says of one service; everything as it was told. */
export interface Evaluation {
  /** 1 非常不满意 … 5 非常满意. */
  satisfaction: 1 | 2 | 3 | 4 | 5
  /** Codes of the points that were ticked. */
  details?: readonly string[]
  text?: string
  /** Through which channel, by the rating system's own code. */
  channel?: string
  /** ISO 8601: when it was given. */
  at: string
}

/** One limit that runs against a case. Days are yyyy-MM-dd in China's time. */
export interface Clock {
  of: 'acceptance' | 'decision' | 'issuance' | 'supplement' | 'special-procedure' | 'appointment'
  /** The limit: working (G) or natural (Z) days. */
  days: number
  unit: Limit['unit']
  /** It began on this day; the next one is the first that counts. */
  from: string
  warnOn: string
  dueOn: string
  /** The card shown so far. */
  card?: 'yellow' | 'red'
  /** How far it has been escalated since its red card. */
  level?: number
  /** The day of the next escalation. */
  escalateOn?: string
}

/** What was left of a limit when it stopped. */
export type Stopped = Pick<Clock, 'of' | 'unit' | 'card' | 'level'> & { daysLeft: number }

export type Wait =
  | { for: 'case'; id: string }
  | { for: 'certificate'; material: string }
  /** A material that is the result of the case `id`. */
  | { for: 'result'; material: string; id: string }
  /** The certificate is at hand, but its registry is asked again before the case goes out. */
  | { for: 'recheck'; material: string }
  /** orCertificate: the registry is out of reach; if it answers first, the upload is not needed. */
  | { for: 'supplement'; material: string; orCertificate?: true }
  | { for: 'paper'; parcel: string }
  /** A paper that no parcel fetches: it is brought by hand. */
  | { for: 'paper'; material: string }
  | { for: 'attendance' }

export interface Material {
  code: string
  name: string
  source: 'upload' | 'certificate' | 'shared' | 'paper' | 'result'
  /** The case whose result it is. */
  from?: string
  /** Cases that need it. */
  cases: readonly string[]
  files: readonly File[]
  certificateType?: string
  registry?: string
  certificate?: Certificate
  /** The registry out of reach for long, an upload will do. */
  uploadInstead?: true
  /** A window saw the original. */
  checked?: WindowCheck
  /** Taken from an earlier case of the same holder. */
  sharedFrom?: SharedFrom
  /** For how many days it may be used again after a department accepted it. */
  reusableDays?: number
  /** Offered again since a department accepted it. */
  reusable?: Reusable
}

/** Bytes in the material store. */
export interface File {
  sha256: string
  size: number
  mediaType: string
  fileName: string
}

export interface Parcel {
  id: string
  caseId: string
  direction: 'collect' | 'deliver'
  system: string
  customerNumber?: string
  /** Another system that follows it and reports as well. */
  tracker?: string
  materials: readonly string[]
  state:
    | 'wanted'
    | 'ordered'
    | 'collected'
    | 'in-transit'
    | 'out-for-delivery'
    | 'delivered'
    | 'delivery-failed'
    | 'returning'
    | 'returned'
    | 'cancelled'
    | 'lost'
  /** Waybill. */
  reference?: string
  /** Its carrier refused the order, and it was not sent again since. */
  turnedAway?: true | undefined
  /**
   * Every report of the carrier; one that it took back is kept, so that its repeat is known. `way-back.ts`
   * says what one means.
   */
  trail: readonly { id: string; event: ParcelEvent; at: string; takenBack?: true; eitherWay?: true }[]
}

export const operations = [
  'submitCase',
  'supplementCase',
  'withdrawCase',
  'notify',
  'obtainCertificate',
  'verifyCertificate',
  'registerCertificate',
  'createOrder',
  'cancelOrder',
  'followParcel',
  'recordService',
] as const
export type Operation = (typeof operations)[number]

/** The duty to hand one thing to one system. */
export interface Transfer {
  id: string
  caseId: string | null
  system: string
  operation: Operation
  /** Order is kept within a lane. */
  lane: string
  sequence: number
  /** held: an earlier one of its lane is open. Leases are the ledger's business, not the domain's. */
  state: 'held' | 'due' | 'delivered' | 'refused' | 'cancelled' | 'dead'
  /** What it is about, by reference; the whole is composed when it is attempted. */
  about: TransferSubject
  reason?: string
}

export type TransferSubject =
  | { case: string }
  | { case: string; round: number; note?: string; materials: readonly string[] }
  | { case: string; withdrawal: string }
  | { case: string; service: number }
  | { material: string }
  | { registration: string }
  | { parcel: string }
  | {
      event: PublicEvent
      /** Told before, and again because somebody asked. */
      replay?: true
    }

/** A normalised event, before it is wrapped as a CloudEvent. */
export interface PublicEvent {
  id: string
  type: string
  at: string
  subject: string
  sequence: number
  data: Record<string, unknown>
}

/** One line of the ledger. */
export interface Entry {
  id: string
  number: number
  type: string
  caseId: string | null
  at: string
  data: Record<string, unknown>
}

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** `case_<root>01` for the first case of `sub_<root>`. They sort as they are numbered: two digits, after `zz` three more. */
export function partId(
  prefix: 'case' | 'trf' | 'par' | 'evt' | 'reu',
  submissionId: string,
  number: number,
): string {
  let full = ''
  let left = number
  let width = 2
  for (; left >= 32 ** width; width++) {
    left -= 32 ** width
    full += 'z'.repeat(width)
  }
  let digits = ''
  for (; digits.length < width; left = Math.floor(left / 32)) digits = DIGITS[left % 32] + digits
  return `${prefix}_${submissionId.slice(4)}${full}${digits}`
}

/** The submission that a case, transfer, parcel or entry belongs to; null when the text is no such id. */
export function submissionOf(id: string): string | null {
  const root = /^(?:sub|case|trf|par|evt)_([0-9a-z]{26})[0-9a-z]*$/.exec(id)
  return root ? `sub_${root[1]!}` : null
}
