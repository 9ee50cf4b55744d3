// What a caller is told while the database is away, and how it is known.

import { isPassing } from '../ledger/database.ts'
import { away, isProblem } from './problems.ts'

/** The database is away: say so, clearly, and promise nothing. */
export const stored = <T>(work: Promise<T>): Promise<T> => work.catch(sayAway)

function sayAway(error: unknown): never {
  throw isPassing(error) ? away() : error
}

/** Nobody's fault but the database's, whether it was met there or answered by `stored`. */
export const isLedgerAway = (error: unknown): boolean =>
  isProblem(error) ? error.statusCode === 503 : isPassing(error)
