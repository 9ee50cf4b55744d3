// A booking that was moved or cancelled, told to the cases that keep it.

import { hash } from 'node:crypto'
import type { DomainEvent } from '../domain/events.ts'
import { type Booking, markTold } from '../ledger/bookings.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findByExternalId } from '../ledger/reads.ts'

export interface TellingDeps {
  ledger: Pick<Ledger, 'readers' | 'writers' | 'now' | 'record' | 'find'>
}

/** As one event for each case that keeps the appointment; repeats of it are known by their key. */
export async function tellCases({ ledger }: TellingDeps, booking: Booking): Promise<void> {
  const { id, knownSlot, externalId, platform, changes } = booking
  if (knownSlot === null || externalId === null) return
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
      const body = Buffer.from(JSON.stringify({ booking: id, changes, case: one.id }))
      const message = {
        source: `booking:${id}`,
        key: `${changes} ${one.id}`,
        sha256: hash('sha256', body),
        mediaType: 'application/json',
        body,
      }
      await ledger.record({ submissionId, event, message })
    }
  }
  await markTold(ledger.writers, booking)
}
