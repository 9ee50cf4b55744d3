// A booking that was moved or cancelled, told to the cases that keep it.

import { hash } from 'node:crypto'
import type { DomainEvent } from '../domain/events.ts'
import { type Booking, markTold, readBooking } from '../ledger/bookings.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findByExternalId } from '../ledger/reads.ts'

export interface TellingDeps {
  ledger: Pick<Ledger, 'readers' | 'writers' | 'now' | 'record' | 'find'>
}

/** Changes so close to one another that each finds the next one made. */
const MOST_TIMES = 10

/** As it is now, and once more where it was changed meanwhile: what the cases know in the end is the last change. */
export async function tellCases(deps: TellingDeps, { id }: Pick<Booking, 'id'>): Promise<void> {
  for (let times = 0; times < MOST_TIMES; times++) {
    const booking = await readBooking(deps.ledger.readers, id)
    if (!booking || booking.knownSlot === null || (await told(deps, booking))) return
  }
}

/** As one event for each case that keeps the appointment; repeats of it are known by their key. False when it was changed meanwhile. */
async function told({ ledger }: TellingDeps, booking: Booking): Promise<boolean> {
  const { id, knownSlot, externalId, platform, changes } = booking
  if (externalId === null) return true
  const submissionId = await findByExternalId(ledger.readers, platform, externalId)
  const known = submissionId === null ? null : await ledger.find(submissionId)
  if (submissionId !== null && known) {
    const meant = known.cases.filter(({ appointment }) => appointment?.slot === knownSlot)
    for (const one of meant) {
      const event: DomainEvent = {
        type: 'appointment.reported',
        caseId: one.id,
        at: ledger.now().toISOString(),
        ...(booking.state === 'released'
          ? { outcome: 'cancelled' }
          : { outcome: 'rebooked', slot: booking.slot }),
      }
      const body = Buffer.from(JSON.stringify({ booking: id, changes, knownSlot, case: one.id }))
      const message = {
        source: `booking:${id}`,
        // The same change once more, where the case has learnt of an earlier one after it.
        key: `${changes} ${one.id} ${knownSlot}`,
        sha256: hash('sha256', body),
        mediaType: 'application/json',
        body,
      }
      await ledger.record({ submissionId, event, message })
    }
  }
  return markTold(ledger.writers, booking)
}
