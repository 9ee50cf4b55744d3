// What a minute later may have to be put right: changes that a dead process did not tell are told, and seats
// that nobody will come for are free again.

import { releaseUnused, untoldBookings } from '../ledger/bookings.ts'
import { giveBackAll, type ReservationDeps } from './reservations.ts'
import { type TellingDeps, tellCases } from './telling.ts'

/**
 * What the clock role does every minute. Seats at departments are given back also where our own book cannot
 * be put right.
 */
export async function keepBook(deps: TellingDeps & ReservationDeps, signal?: AbortSignal): Promise<void> {
  try {
    await mendBook(deps, signal)
  } finally {
    await giveBackAll(deps, signal)
  }
}

/** One booking whose cases cannot be told keeps no other untold, and no seat taken. */
export async function mendBook(deps: TellingDeps, signal?: AbortSignal): Promise<void> {
  const failures: unknown[] = []
  for (const booking of await untoldBookings(deps.ledger.readers)) {
    if (signal?.aborted) return
    await tellCases(deps, booking).catch((error: unknown) => failures.push(error))
  }
  await releaseUnused(deps.ledger.writers)
  if (failures.length > 0) throw failures[0]
}
