// What happens next, for every way an attempt can end: the failure table put to work.

import { type AdapterFailure, failureKinds } from '../adapter-kit/failures.ts'
import type { AttemptRecord, Leased } from '../ledger/changes.ts'
import type { DeliverySettings } from '../settings/settings.ts'
import { backoffMs } from './backoff.ts'

export type Next =
  | { do: 'postpone'; delayMs: number; look: boolean; hold?: number; pause?: string }
  | { do: 'bury'; refused: boolean; code: string; reason: string; hold?: number }

/** Wait this long before a system with refused credentials is tried again, once an operator resumes it. */
const AFTER_PAUSE_MS = 1_000
const LONGEST_WAIT_MS = 24 * 3_600_000

/**
 * `restMs`: how long a system that timed out is left alone, for it may still be at it: what is not there yet
 * may be soon.
 */
export function nextStep(
  failure: AdapterFailure,
  leased: Leased,
  delivery: DeliverySettings,
  restMs = 0,
): Next {
  const made = leased.attempts + 1
  const givenUp = leased.triedMs > delivery.retry.forMs
  const inVain = `given up after ${made} attempts: ${failure.message}`
  switch (failureKinds[failure.kind].next) {
    case 'retry':
    case 'look':
      if (givenUp) return buried(failure, inVain)
      return {
        do: 'postpone',
        delayMs: Math.max(asked(failure) ?? 0, backoffMs(made, delivery.retry), restMs),
        look: failure.sent,
      }
    case 'wait': {
      const ms = Math.max(asked(failure) ?? backoffMs(made, delivery.retry), delivery.retry.baseMs / 2)
      if (givenUp) return { ...buried(failure, inVain), hold: ms }
      return { do: 'postpone', delayMs: ms, look: false, hold: ms }
    }
    case 'bury':
      return buried(failure, failure.message)
    case 'pause':
      return { do: 'postpone', delayMs: AFTER_PAUSE_MS, look: false, pause: failure.message }
  }
}

/** The wait that the system asked for, when it is a wait that makes sense. */
function asked({ retryAfterMs: ms }: AdapterFailure): number | undefined {
  return ms !== undefined && ms >= 0 ? Math.min(ms, LONGEST_WAIT_MS) : undefined
}

function buried(failure: AdapterFailure, reason: string): Next & { do: 'bury' } {
  return { do: 'bury', refused: failure.kind === 'rejected', code: failure.code ?? failure.kind, reason }
}

/**
 * Counts towards the system's breaker: it is not there, or not well. Nonsense in answer to one is that
 * case's; in answer to all in a row it is a page of maintenance, and must not bury whatever waits.
 */
export const isOutage = ({ kind, sent }: AdapterFailure): boolean =>
  kind === 'unavailable' || kind === 'uncertain' || (kind === 'unrecognised' && sent)

export function attemptRecord(
  leased: Leased,
  startedAt: Date,
  durationMs: number,
  outcome: string,
  summary: string | null,
): AttemptRecord {
  return {
    transferId: leased.transfer.id,
    number: leased.attempts + 1,
    startedAt: startedAt.toISOString(),
    durationMs,
    outcome,
    summary,
  }
}
