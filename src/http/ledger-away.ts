// What a caller is told while the database is away, and how it is known.

import { isPassing } from '../ledger/database.ts'
import { isProblem, problem } from './problems.ts'

/** The database is away: say so, clearly, and promise nothing. */
export async function stored<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isPassing(error) ? away() : error
  }
}

/** What was sent may have been stored all the same, when the answer was lost: a repeat with the same key finds out. */
export const away = (): Error =>
  problem('unavailable', {
    detail: 'the ledger is not reachable; nothing was acknowledged, repeat it with the same Idempotency-Key',
    detailZh: '台账暂不可用，尚未确认受理，请用相同的 Idempotency-Key 重试',
  })

/** Nobody's fault but the database's, whether it was met there or answered by `stored`. */
export const isLedgerAway = (error: unknown): boolean =>
  isProblem(error) ? error.statusCode === 503 : isPassing(error)
