// What a caller is told while the database is away, and how it is known.

import { isPassing } from '../ledger/database.ts'
import { away, isProblem } from './problems.ts'

/** The database is away: say so, clearly, and promise nothing. */
export async function stored<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isPassing(error) ? away() : error
  }
}

/** Nobody's fault but the database's, whether it was met there or answered by `stored`. */
export const isLedgerAway = (error: unknown): boolean =>
  isProblem(error) ? error.statusCode === 503 : isPassing(error)
