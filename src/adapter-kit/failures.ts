// Every way a transfer can fail, and what the queue does next.
// Adapters throw these; only src/delivery decides. Add a row and the compiler lists each place that must learn it.

export const failureKinds = {
  unavailable: { next: 'retry', meaning: 'Not reached, or the system reported its own fault' },
  throttled: { next: 'wait', meaning: 'Asked to slow down; wait as long as it said' },
  uncertain: { next: 'look', meaning: 'Sent, but no answer came back; look before sending again' },
  undecided: {
    next: 'look',
    meaning: 'Taken, but decided later, by a person of theirs; look for the decision',
  },
  rejected: { next: 'bury', meaning: 'Understood and refused; a person must decide' },
  unrecognised: { next: 'bury', meaning: 'The answer does not fit what we know of this system' },
  unauthorised: { next: 'pause', meaning: 'Our credentials were refused; stop the whole system' },
} as const

export type FailureKind = keyof typeof failureKinds

export interface FailureOptions {
  /** How long the system asked us to wait, from its Retry-After or its own field. */
  retryAfterMs?: number
  /**
   * False only when it is certain that nothing left this machine (refused connection, failed look-up).
   * Anything else may have had its effect, so delivery looks before it sends again.
   */
  sent?: boolean
  /** The system's own code, as it wrote it. */
  code?: string
  /** HTTP status, where there was one. */
  status?: number
  /** Of a message that came in and cannot be read: how its sender is told. */
  unreadable?: Unreadable
  /** The setting to mend, by its path below `settings`: see wrong-setting.ts. */
  setting?: string
  cause?: unknown
}

/** Why a message that came in cannot be read: our code for it, a sentence in both languages, and where it is. */
export interface Unreadable {
  code: UnreadableCode
  zh: string
  en: string
  faults?: readonly UnreadableFault[]
}

/** Those of the gateway's problem codes that say so. */
export type UnreadableCode =
  | 'malformed-json'
  | 'invalid-encoding'
  | 'unsafe-json'
  | 'unsupported-media-type'
  | 'invalid-request'

/** Stable: senders may switch on them. */
export type UnreadableFaultCode =
  | 'not-json'
  | 'invalid-bytes'
  | 'invalid-text'
  | 'duplicate-key'
  | 'unsafe-key'
  | 'too-deep'
  | 'number-too-large'
  | 'required'
  | 'unknown-field'
  | 'invalid-type'
  | 'invalid-value'
  | 'invalid-form'

export interface UnreadableFault {
  /** RFC 6901, into the sender's own message. */
  pointer: string
  code: UnreadableFaultCode
  zh: string
  en: string
}

/** The failure of a message that came in: its summary is `中文 (English)`. */
export function unreadable(told: Unreadable): AdapterFailure {
  return new AdapterFailure('unrecognised', `${told.zh} (${told.en})`, { unreadable: told })
}

/**
 * The one error an adapter may throw on purpose. `summary` is a sentence for an operator:
 * it must hold no secret and no personal data.
 */
export class AdapterFailure extends Error {
  readonly kind: FailureKind
  readonly retryAfterMs: number | undefined
  readonly sent: boolean
  readonly code: string | undefined
  readonly status: number | undefined
  readonly unreadable: Unreadable | undefined
  readonly setting: string | undefined

  constructor(kind: FailureKind, summary: string, options: FailureOptions = {}) {
    super(keepable(summary), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AdapterFailure'
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs
    this.sent = options.sent ?? true
    this.code = options.code === undefined ? undefined : keepable(options.code)
    this.status = options.status
    this.unreadable = options.unreadable
    this.setting = options.setting
  }
}

/** A summary or code as the ledger can keep it: words of a system's may hold NUL, or half a character where they were cut. */
export const keepable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')
