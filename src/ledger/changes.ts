// What is asked of the ledger, and what it answers. The words that intake and delivery share with it.

import type { DomainEvent } from '../domain/events.ts'
import type { Aggregate, Entry, Transfer } from '../domain/submission.ts'

/** One event with everything that must be durable together with it. */
export interface Change {
  submissionId: string
  event: DomainEvent
  /**
   * The outside message it came in, kept as evidence; its (source, key) makes it happen once. Every
   * submission has one.
   */
  message?: Message
  /** Only with submission.received: normalised, everything the departments need to know. */
  document?: Record<string, unknown>
  /**
   * Of a request about what is under way: what it is told once it is recorded, kept for whoever repeats it; of a
   * report, what it was about. Pure.
   */
  answer?(aggregate: Aggregate): Record<string, unknown>
  /** Only with the end of a transfer. */
  attempt?: AttemptRecord
  receipt?: unknown
  failure?: unknown
  /** It may have arrived and can be looked for: whoever sends it again looks first. */
  look?: boolean
}

export interface Message {
  /** `client:<id>`, `system:<id>`, or `order:operator:<id>`. */
  source: string
  /** Idempotency key, or the system's event id. */
  key: string
  sha256: string
  mediaType: string
  body: Buffer
  /** The body once more, where somebody has read it as UTF-8 and knows that it holds no NUL. */
  text?: string
}

export interface AttemptRecord {
  transferId: string
  number: number
  startedAt: string
  durationMs: number
  outcome: string
  summary: string | null
}

export interface Recorded {
  /**
   * applied, noted (late; facts kept), duplicate (nothing new), refused (contradicts what is known), replayed
   * (the same message before), conflict (the same key, another body), unknown (no such submission, case or
   * parcel)
   */
  outcome: 'applied' | 'noted' | 'duplicate' | 'refused' | 'replayed' | 'conflict' | 'unknown'
  submissionId: string
  /** Of a conflict: what was used before for another body. */
  taken?: 'key' | 'number'
  reason?: { zh: string; en: string }
  aggregate?: Aggregate
  /** What was entered for it. */
  entries?: readonly Entry[]
  /** What it was answered first, and is again when repeated; none to a refusal, nor where the change asks for none. */
  answer?: Record<string, unknown>
}

/** A transfer this process holds the lease of, with what is in memory for its first attempt. */
export interface Leased {
  transfer: Transfer
  epoch: number
  /** Attempts made so far. */
  attempts: number
  /** An earlier attempt may have arrived: look before sending. */
  look: boolean
  /** Claims since the last outcome, each for an attempt that began; more than a few mean that it kills its worker. */
  claims: number
  /** Since its first attempt that failed, or since a person had it tried anew, ms; 0 before. */
  triedMs: number
  /**
   * Aborted when the session it was leased under is lost: somebody else may have it. Absent where nobody has
   * to hold it.
   */
  session?: AbortSignal
  submissionId: string
  aggregate?: Aggregate
  document?: Record<string, unknown>
}

/** A due transfer that needs a wake-up call. */
export interface Due {
  id: string
  system: string
  epoch: number
  /** Until its time comes; below zero, since it came: what has been due longest goes first. */
  delayMs: number
  /** It was on its way already, with a process that died: it goes before what only waits. */
  first?: true
}

/** How the ledger asks delivery for room, and hands over what it leased. */
export interface FirstAttempts {
  /** Lease length in ms when the system has room for one more in this process, else null. */
  reserve(system: string): number | null
  /** Gives a reservation back: the commit failed. */
  release(system: string): void
  /** Committed and leased: attempt them. */
  attempt(leased: Leased[]): void
  /** Committed and due for anyone: wake somebody up. */
  wake(due: Due[]): void
}
