// What a minute later may have to be put right: changes that a dead process did not tell are told, and seats that nobody will
// come for are free again.

import { releaseUnused, untoldBookings } from '../ledger/bookings.ts'
import { type TellingDeps, tellCases } from './telling.ts'

export async function mendBook(deps: TellingDeps, signal?: AbortSignal): Promise<void> {
  for (const booking of await untoldBookings(deps.ledger.readers)) {
    if (signal?.aborted) return
    await tellCases(deps, booking)
  }
  await releaseUnused(deps.ledger.writers)
}
