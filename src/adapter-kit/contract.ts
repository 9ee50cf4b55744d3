// The contract between the gateway and every kind of outside system. An adapter translates and sends;
// it does not log, retry, sleep, read the environment or remember anything between calls.
// This file must stay free of code: it is what an adapter's author reads first.

import type { Readable } from 'node:stream'
import type { EventDetail, ParcelEvent } from '../domain/events.ts'
import type { AdapterFailure } from './failures.ts'
import type { HttpClient } from './http.ts'

/** Both languages, everywhere a person reads it. */
export interface Title {
  zh: string
  en: string
}

export type AdapterKind = 'department' | 'certificate-registry' | 'carrier' | 'platform'

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
  /** Its incoming messages carry no proof of their own: `pushClients` must name the clients that may send them. */
  needsPushClients?: boolean
  /** Called once per configured system. Settings are validated and frozen, secrets resolved. May throw AdapterFailure('unrecognised') for settings that make no sense together. */
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
  /** Reads the system's own message (push in): a department's callback, a carrier's tracking push, a platform's submission. */
  incoming?: Incoming
  /** For systems that cannot push: they are asked again and again. */
  polling?: Polling
  /** For systems that can only call out: their transfers wait in an inbox that they empty (`GET /v1/systems/{system}/inbox`). */
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
  /** The only way out. Classifies connection faults, time-outs, 401/403, 408, 429 and 5xx into AdapterFailure by itself. */
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

// ---- asked by us ----------------------------------------------------------------------------------------------

/**
 * Reading what happened from a system that cannot push. One process at a time reads a system. What was read is recorded
 * first and settled after, so after a crash the same items are read again: events are recognised by their ids, and
 * `settle` must bear being told twice.
 */
export interface Polling {
  /**
   * The next items, at most a page (a few hundred), oldest first. `after` is the `cursor` of the last page that was recorded;
   * undefined at first. Throws AdapterFailure like `send`.
   */
  read(after: string | undefined, attempt: Attempt): Promise<PolledPage>
  /** Told when every item is durable or was refused: mark rows, move files, write acknowledgements. */
  settle?(items: readonly SettledItem[], attempt: Attempt): Promise<void>
}

export interface PolledPage {
  items: readonly PolledItem[]
  /** Kept by the gateway, and given to the next `read`, once all items are settled. Absent: the system itself remembers (flags, moved files). */
  cursor?: string
  /** There is more at once; otherwise it is asked again after the configured interval. */
  more: boolean
}

export interface PolledItem {
  /** The system's own handle of it: a row's key, a file's name. */
  key: string
  events: readonly ExternalEvent[]
  /** The exact bytes received, kept as evidence. */
  body: Buffer
  mediaType: string
  /** Set when it cannot be read: kept as evidence, shown to operators, settled as unreadable. */
  failure?: AdapterFailure
}

export interface SettledItem {
  key: string
  outcome: 'recorded' | 'duplicate' | 'refused' | 'unknown' | 'unreadable'
  /** Why it was not taken, in both languages; for the system's own failure column or reject file. */
  reason?: string
}

/** Systems that empty an inbox themselves. */
export interface Inbox {
  /** The operations that wait in the inbox; they need no entry in `outgoing`. */
  operations: readonly Operation[]
  /** What the system gets to read for one transfer: plain JSON. Files go as links of `attempt.files.link`. */
  show(operation: Operation, content: Contents[Operation], attempt: Attempt): Promise<unknown> | unknown
}

export interface Tracking {
  /** The parcel's whole known trail as events, repeated ones too: they are recognised by their ids. */
  read(parcel: FollowedParcel, attempt: Attempt): Promise<readonly ExternalEvent[]>
}

export interface Listing {
  /** The cases or orders of one day in China's time (yyyy-MM-dd), in any order, page after page. */
  list(day: string, attempt: Attempt): AsyncIterable<ListedItem>
}

export interface ListedItem {
  /** Our id (case, parcel) where the system keeps it … */
  id?: string
  /** … and its own number. */
  reference?: string
  /** Where it stands, in our word (a case event or parcel event type), when the system says. */
  state?: string
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
}

/** As received; `body` is the exact bytes. */
export interface InboundMessage {
  method: string
  path: string
  query: Record<string, string | string[] | undefined>
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  receivedAt: Date
}

export interface Reading {
  events?: ExternalEvent[]
  /** Platforms only: a canonical submission, not yet validated. */
  submission?: unknown
}

export type IncomingOutcome =
  | { ok: true; duplicate: boolean; answer?: unknown }
  | { ok: false; status: number; code: string; detail: string; errors?: unknown[] }

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
] as const
export { parcelEvents as parcelEventTypes } from '../domain/events.ts'
export type CaseEventType = (typeof caseEventTypes)[number]
export type ParcelEventType = ParcelEvent
export type ExternalEventType = CaseEventType | ParcelEventType

export type { EventDetail } from '../domain/events.ts'

// ---- outgoing contents ----------------------------------------------------------------------------------------

/** What each operation is given. */
export interface Contents {
  submitCase: CaseContent
  supplementCase: SupplementContent
  withdrawCase: WithdrawalContent
  notify: NotifyContent
  obtainCertificate: CertificateContent
  createOrder: ParcelContent
  cancelOrder: ParcelReference
  /** A tracker is told of a parcel that somebody else carries, and will push what happens to it. */
  followParcel: FollowedParcel
}
export type Operation = keyof Contents

export interface CaseContent {
  caseId: string
  submissionId: string
  /** The platform's number. */
  externalId: string
  theme: string
  matter: { code: string; name: string; taskCode?: string; handleItem?: string }
  mode: 'online' | 'agent' | 'appointment'
  division: string
  homeDivision: string
  submittedAt: string
  applicant: Party
  agent?: { hall: string; window: string; clerk: string }
  situations: Record<string, unknown>
  form: Record<string, unknown>
  materials: MaterialContent[]
  /** Results of the matters this one depends on. */
  results: { matter: string; name: string; number?: string; certificateType?: string }[]
}

export interface Party {
  type: 'person' | 'organisation'
  name: string
  /** Holder code type, e.g. 111 公民身份号码, 001 统一社会信用代码. */
  idType: string
  idNumber: string
  mobile?: string
  contact?: string
}

export interface MaterialContent {
  code: string
  name: string
  source: 'upload' | 'certificate' | 'shared' | 'paper'
  files: StoredFile[]
  certificate?: { type: string; identifier: string; verifiedAt: string }
}

export interface SupplementContent {
  caseId: string
  /** The department's number for the case. */
  reference?: string
  round: number
  note?: string
  materials: MaterialContent[]
}

export interface WithdrawalContent {
  caseId: string
  reference?: string
  reason: string
}

/** A normalised CloudEvent 1.0 for a department or the platform. */
export interface NotifyContent {
  /** CloudEvents id: the same on every attempt. */
  id: string
  type: string
  time: string
  subject: string
  /** Order within the subject's lane; strictly growing. */
  sequence: string
  data: Record<string, unknown>
}

export interface CertificateContent {
  holder: { name: string; idType: string; idNumber: string }
  certificateType: string
  certificateName: string
  /** Why we look, ≤ 200 characters; registries demand it. */
  purpose: string
  /** On what grounds, where it is not the system's usual ones. */
  grant?: CertificateGrant
}

/** 依职能: our own function allows it. 依授权: the holder does, with a code that is often good for one use. */
export interface CertificateGrant {
  type: 'function' | 'authorization'
  authCode?: string
}

export interface ParcelContent {
  parcelId: string
  caseId: string
  direction: 'collect' | 'deliver'
  sender: PostalParty
  receiver: PostalParty
  contents: { name: string; quantity: number }[]
  pickup?: { from: string; to: string }
  /** The county's contract number with the carrier (邮寄客户编号). */
  customerNumber?: string
  note?: string
}

export interface PostalParty {
  name: string
  mobile: string
  province: string
  city: string
  county: string
  address: string
}

export interface ParcelReference {
  parcelId: string
  reference: string
  reason: string
  /** As in the order: carriers cancel only under the contract that ordered. */
  customerNumber?: string
}

export interface FollowedParcel {
  parcelId: string
  waybill: string
  /** The id of the system that carries it; a tracker's settings say which of its own codes that is. */
  carrier: string
  /** Last four digits of the receiver's phone: some carriers tell nobody else. */
  phoneTail?: string
}

// ---- questions ------------------------------------------------------------------------------------------------

/** What can be asked, and what is answered. An operation that a system lacks is absent from `Adapter.questions`. */
export interface Questions {
  /** Is the address within reach of pickup and delivery? */
  checkAddress: { asked: PostalParty; answer: { reachable: boolean; reason?: string } }
  /** One line of text to the parts of an address. */
  parseAddress: {
    asked: { text: string }
    answer: { province: string; city: string; county: string; address: string }
  }
  /** Fen. */
  estimateFee: {
    asked: { sender: PostalParty; receiver: PostalParty; weightGrams: number; customerNumber?: string }
    answer: { fee: number }
  }
  /** What the carrier really charged, fen, and weighed, grams. */
  readFee: { asked: ParcelReference; answer: { fee: number; weightGrams?: number } }
  /** The printable label of an order. */
  label: { asked: ParcelReference; answer: StoredFile | { url: string } }
  /** Certificates of a holder that the registry knows. */
  searchCertificates: { asked: CertificateContent; answer: readonly CertificateFacts[] }
  /** One certificate by its GB/T 36904 identifier. */
  verifyCertificate: {
    asked: { identifier: string; purpose: string; grant?: CertificateGrant }
    answer: CertificateVerdict
  }
  /** One certificate by the content of its QR code. */
  verifyCertificateCode: {
    asked: { qrcode: string; purpose: string; grant?: CertificateGrant }
    answer: CertificateVerdict
  }
  /** A copy that somebody brought: was it issued, and is it good? */
  verifyCertificateFile: {
    asked: { file: StoredFile; certificateType: string; purpose: string; grant?: CertificateGrant }
    answer: { status: CertificateFacts['status'] | 'not-found' }
  }
  /** A copy, annotated with the purpose where the registry does so. */
  downloadCertificate: {
    asked: { identifier: string; purpose: string; format: 'ofd' | 'pdf' | 'png'; grant?: CertificateGrant }
    answer: StoredFile
  }
}
export type Question = keyof Questions

export interface CertificateFacts {
  identifier: string
  type: string
  name: string
  number: string
  holder: string
  status: 'valid' | 'expired' | 'revoked' | 'suspended' | 'restricted' | 'not-activated' | 'unknown'
  issuer?: string
  validFrom?: string
  validUntil?: string
}

/** Registries tell of some certificates only that they are no longer good. */
export type CertificateVerdict = CertificateFacts | { status: CertificateFacts['status'] | 'not-found' }
