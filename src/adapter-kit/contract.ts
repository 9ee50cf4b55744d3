// The contract between the gateway and every kind of outside system. An adapter translates and sends;
// it does not log, retry, sleep, read the environment or remember anything between calls.
// This file must stay free of code: it is what an adapter's author reads first.

import type { Readable } from 'node:stream'
import type { EventDetail, ParcelEvent } from '../domain/events.ts'
import type { Inbox, Listing, Polling, Tracking, Unread } from './asked.ts'
import type { Contents, Operation } from './contents.ts'
import type { HttpClient } from './http.ts'
import type { Question, Questions } from './questions.ts'

/** Both languages, everywhere a person reads it. */
export interface Title {
  zh: string
  en: string
}

export type AdapterKind =
  | 'department'
  | 'certificate-registry'
  | 'carrier'
  | 'platform'
  | 'rating'
  | 'appointment-book'

/** What an adapter folder's manifest.ts exports as default (through `defineAdapter`). */
export interface AdapterManifest<S = unknown> {
  /** The folder's name, and what `adapter:` says in config/systems/*.yaml. */
  name: string
  kind: AdapterKind
  title: Title
  /** JSON Schema (2020-12) of `settings:` in config/systems/*.yaml; secrets are marked `writeOnly: true`. */
  settings: Record<string, unknown>
  /** The system's own codes: their code -> our word -> its meaning. Printed in the docs. */
  statuses?: readonly StatusRow[]
  /**
   * Whether the incoming messages of a system with these settings carry no proof of their own, so that `pushClients`
   * must name the clients that may send them. Never called with settings that the schema refuses.
   */
  needsPushClients?(settings: S): boolean
  /**
   * Departments and platforms: whether a system with these settings takes `notify`, so that one that does not
   * may not subscribe to events. Left out: nobody is asked before the first event. Never called with settings
   * that the schema refuses.
   */
  canNotify?(settings: S): boolean
  /**
   * Called once per configured system. Settings are validated and frozen, secrets resolved. May throw
   * AdapterFailure('unrecognised') for settings that make no sense together.
   */
  create(settings: S): Adapter
}

export interface StatusRow {
  code: string
  /** Our event type or parcel status; null when the code says nothing that we track. */
  word: string | null
  meaning: Title
}

/** What `create` returns: the operations of its kind that the system can do. */
export interface Adapter {
  /** Outgoing operations by name. */
  outgoing: { [K in Operation]?: Outgoing<Contents[K]> }
  /**
   * Reads the system's own message (push in): a department's callback, a carrier's tracking push, a
   * platform's submission.
   */
  incoming?: Incoming
  /**
   * The CloudEvents `source` of its callbacks; left out: EVENT_SOURCE. What it reads again (`GET /v1/events`)
   * says the same.
   */
  eventSource?: string
  /** For systems that cannot push: they are asked again and again. */
  polling?: Polling
  /**
   * For systems that can only call out: their transfers wait in an inbox that they empty (`GET
   * /v1/systems/{system}/inbox`).
   */
  inbox?: Inbox
  /** For carriers and trackers that can be asked where one parcel is. */
  tracking?: Tracking
  /** Questions without any effect, answered at once to whoever asks: a window, an operator, the platform. */
  questions?: {
    [K in Question]?: (asked: Questions[K]['asked'], attempt: Attempt) => Promise<Questions[K]['answer']>
  }
  /** What the system says it has of a day, for reconciliation. */
  listing?: Listing
  /** Proves address, credentials and clock without any effect (`tongban system check`). */
  check?(attempt: Attempt): Promise<{ ok: boolean; summary: string }>
  /**
   * What `send` would do, for systems that are not spoken to by HTTP: one line per statement, file or message, in order
   * (`tongban system try`). HTTP adapters need none: their requests are caught before they leave.
   */
  preview?(operation: Operation, content: Contents[Operation], attempt: Attempt): Promise<readonly string[]>
  /** Ends connections of its own (a database's, an SFTP session). */
  close?(): Promise<void>
}

/** One thing we ask of a system, as a pair: do it, and find out whether an earlier unanswered try arrived. */
export interface Outgoing<C> {
  /** Resolves once the system has taken responsibility; throws AdapterFailure otherwise. */
  send(content: C, attempt: Attempt): Promise<Receipt>
  /** The receipt of an earlier try if the system has it, null if it surely has not. */
  find?(content: C, attempt: Attempt): Promise<Receipt | null>
  /** The system has at most one effect per `attempt.key`, so sending again without looking is safe. */
  honoursKey?: boolean
}

/** A system's proof that it took responsibility. */
export interface Receipt {
  /** The system's own number for it (办件编号, waybill, …). */
  reference?: string
  /** It had it already: success, and counted as such. */
  duplicate?: boolean
  /** Small facts worth keeping (route code, verification result); no personal data. */
  data?: Record<string, unknown>
  /** Files the system answered with (a certificate's copy), already in the material store. */
  files?: StoredFile[]
  /** Things the answer tells beside the receipt, such as an acceptance given at once. */
  events?: ExternalEvent[]
}

/** One try at a transfer. Everything an adapter may use beside its own settings. */
export interface Attempt {
  /** Aborts at the deadline, or when the lease is lost. Every wait must honour it. */
  signal: AbortSignal
  /**
   * Milliseconds that it has until then, from its beginning. Of systems that are polled: what they tell
   * slowly ends its page before.
   */
  timeoutMs?: number
  /**
   * The only way out. Classifies connection faults, time-outs, 401/403, 408, 429 and 5xx into AdapterFailure
   * by itself.
   */
  http: HttpClient
  /** The same for every try of one transfer; sent as the system's idempotency key. */
  key: string
  /** 1 for the first try. */
  number: number
  /** The time by the database's clock. */
  now(): Date
  files: AttemptFiles
}

export interface AttemptFiles {
  /** The file's bytes as a stream. */
  open(sha256: string): Promise<Readable>
  /** An absolute, signed, short-lived https/http link from which the system may fetch it (Range supported). */
  link(file: StoredFile, validForSeconds?: number): string
  /** Stores bytes that a system answered with; resolves after fsync. */
  store(
    bytes: Readable | Buffer,
    about: { fileName: string; mediaType: string; maxBytes: number },
  ): Promise<StoredFile>
}

/** A file in the material store. */
export interface StoredFile {
  sha256: string
  /** Bytes. */
  size: number
  mediaType: string
  fileName: string
}

// ---- incoming -------------------------------------------------------------------------------------------------

export interface Incoming {
  /**
   * The system's own message to events, one or many. Checks its signature first
   * (AdapterFailure 'unauthorised'); what cannot be read is AdapterFailure 'unrecognised'.
   */
  read(message: InboundMessage): Promise<Reading> | Reading
  /** The answer in the system's own form, after the events were recorded or refused. */
  acknowledge(outcome: IncomingOutcome, message: InboundMessage): HttpAnswer
  /**
   * What it takes, for the tools of the other side: the WSDL of a SOAP service (`GET …/events?wsdl`). Holds
   * no secret.
   */
  describe?(address: string): HttpAnswer
}

/** As received; `body` is the exact bytes. */
export interface InboundMessage {
  method: string
  path: string
  /** Path and query as they stand on the request line, for signatures; absent: to be made of both. */
  target?: string
  query: Record<string, string | string[] | undefined>
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  receivedAt: Date
  /**
   * Called by `read` once it knows who sent this, whatever it then thinks of the rest. Of what cannot be read
   * and proves no sender only so much is kept, for anybody can send it.
   */
  proved?(): void
}

export interface Reading {
  events?: ExternalEvent[]
  /**
   * What of a message of many is not understood, while `events` are: those are recorded, these kept as evidence, and the
   * message is then refused, so that it comes again; `events` must be recognised by their ids then.
   */
  unread?: readonly Unread[]
  /** Platforms only: a canonical submission, not yet validated. */
  submission?: unknown
}

export type IncomingOutcome = { ok: true; duplicate: boolean; answer?: unknown } | RefusedOutcome

/** What a problem document (RFC 9457) would say, to be told in the system's own form. */
export interface RefusedOutcome {
  ok: false
  status: number
  code: string
  /** What a problem of this code is called, and in Chinese. */
  title?: string
  titleZh?: string
  /** What is wrong this time, or the title. */
  detail: string
  detailZh?: string
  /**
   * Every fault; `pointer` (RFC 6901) is into the canonical submission, or into the message when that could
   * not be read.
   */
  errors?: readonly RefusedField[]
}

export interface RefusedField {
  pointer: string
  code: string
  message: string
  messageZh: string
}

export interface HttpAnswer {
  status: number
  headers?: Record<string, string>
  body: string | Buffer
}

/** What an outside system says happened, in our words. */
export interface ExternalEvent {
  /** Unique per system: the system's own event number, or a hash of what makes the message one event. */
  id: string
  type: ExternalEventType
  /** ISO 8601 with offset: when it happened, by the system's clock. */
  at: string
  /** Our id where the system gives it back … */
  caseId?: string
  parcelId?: string
  /** … or the system's own number, as in our receipt. */
  reference?: string
  detail: EventDetail
}

/**
 * What a department may report of its case. `material.received`: the papers of the case, or those in
 * `materials`, are there.
 */
export const caseEventTypes = [
  'case.accepted',
  'case.rejected',
  'case.pre-review-returned',
  'case.correction-requested',
  'case.special-procedure-started',
  'case.special-procedure-ended',
  'case.reviewing',
  'case.approved',
  'case.denied',
  'case.issued',
  'case.terminated',
  'case.closed',
  'material.received',
] as const
export { parcelEvents as parcelEventTypes } from '../domain/events.ts'
export type CaseEventType = (typeof caseEventTypes)[number]
export type ParcelEventType = ParcelEvent
/** `case.rated` comes from rating systems only, with `detail.rating`. */
export type ExternalEventType = CaseEventType | ParcelEventType | 'case.rated'

export type { EventDetail } from '../domain/events.ts'

export type * from './asked.ts'
export type * from './contents.ts'
export type * from './questions.ts'
