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

export async function mendBook(deps: TellingDeps, signal?: AbortSignal): Promise<void> {
  for (const booking of await untoldBookings(deps.ledger.readers)) {
    if (signal?.aborted) return
    await tellCases(deps, booking)
  }
  await releaseUnused(deps.ledger.writers)
}
