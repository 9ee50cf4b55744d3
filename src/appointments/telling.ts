// A booking that was moved or cancelled, told to the cases that keep it.

import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { appointmentOver } from '../domain/attendance.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { Case } from '../domain/submission.ts'
import { type Booking, markTold, readBooking } from '../ledger/bookings.ts'
import type { Message, Recorded } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findByExternalId } from '../ledger/reads.ts'

export interface TellingDeps {
  ledger: Pick<Ledger, 'readers' | 'writers' | 'now' | 'record' | 'find'>
}

type Reason = NonNullable<Recorded['reason']>

/** Changes so close to one another that each finds the next one made. */
const MOST_TIMES = 10
/** Who has told the cases marks it within this, or is gone. */
const MARKED_WITHIN_MS = 200
const LOOK_AGAIN_MS = 20

/**
 * As it is now, and once more where it was changed meanwhile: what the cases know in the end is the last
 * change. Resolves with why where none of those that keep it took it.
 */
export async function tellCases(deps: TellingDeps, { id }: Pick<Booking, 'id'>): Promise<Reason | undefined> {
  let refused: Reason | undefined
  for (let times = 0; times < MOST_TIMES; times++) {
    const booking = await readBooking(deps.ledger.readers, id)
    if (!booking || booking.knownSlot === null) break
    const recorded = await tellEach(deps, booking, booking.knownSlot)
    if (recorded.length === 0 && (await isBeingRecorded(deps, booking))) break
    refused = recorded.every(({ outcome }) => outcome === 'refused') ? recorded[0]?.reason : undefined
    if (recorded.every(({ outcome }) => outcome === 'duplicate') && (await markedByAnother(deps, booking)))
      continue
    if (await markTold(deps.ledger.writers, booking)) break
  }
  return refused
}

/** Whatever took the slot is not there yet, and comes with it as it was: the rounds tell the change then. */
const isBeingRecorded = async (deps: TellingDeps, booking: Booking): Promise<boolean> =>
  booking.isNew && (await keepersOf(deps, booking, booking.slot)).cases.length === 0

/** No case has the slot that was changed: another is telling them of it at this moment, or they have gone elsewhere. */
async function markedByAnother({ ledger }: TellingDeps, { id, knownSlot }: Booking): Promise<boolean> {
  for (let waited = 0; waited < MARKED_WITHIN_MS; waited += LOOK_AGAIN_MS) {
    await sleep(LOOK_AGAIN_MS)
    if ((await readBooking(ledger.readers, id))?.knownSlot !== knownSlot) return true
  }
  return false
}

/** Why none of the cases that keep this booking may have another slot; undefined where one may, or there is none. */
export async function whyFixed(deps: TellingDeps, booking: Booking): Promise<Reason | undefined> {
  const { cases } = await keepersOf(deps, booking, booking.slot)
  const over = cases.map(appointmentOver)
  return over.includes(null) ? undefined : over[0]?.refused
}

/** The cases that have this slot, of the submission that took the booking. */
async function keepersOf(
  { ledger }: TellingDeps,
  { externalId, platform }: Booking,
  slot: string,
): Promise<{ submissionId: string; cases: readonly Case[] }> {
  const submissionId =
    externalId === null ? null : await findByExternalId(ledger.readers, platform, externalId)
  const known = submissionId === null ? null : await ledger.find(submissionId)
  const cases = known?.cases.filter(({ appointment }) => appointment?.slot === slot) ?? []
  return { submissionId: submissionId ?? '', cases }
}

/** As one event for each case that keeps the appointment; repeats of it are known by their key. */
async function tellEach(deps: TellingDeps, booking: Booking, knownSlot: string): Promise<Recorded[]> {
  const { ledger } = deps
  const { submissionId, cases } = await keepersOf(deps, booking, knownSlot)
  const recorded: Recorded[] = []
  for (const { id } of cases)
    recorded.push(
      await ledger.record({
        submissionId,
        event: changeOf(booking, id, knownSlot, ledger.now()),
        message: messageOf(booking, id),
      }),
    )
  return recorded
}

const changeOf = ({ state, slot }: Booking, caseId: string, from: string, now: Date): DomainEvent => ({
  type: 'appointment.reported',
  caseId,
  at: now.toISOString(),
  from,
  ...(state === 'released' ? { outcome: 'cancelled' } : { outcome: 'rebooked', slot }),
})

function messageOf({ id, changes, knownSlot }: Booking, caseId: string): Message {
  const body = Buffer.from(JSON.stringify({ booking: id, changes, knownSlot, case: caseId }))
  return {
    source: `booking:${id}`,
    // The same change once more, where the case has learnt of an earlier one after it.
    key: `${changes} ${caseId} ${knownSlot}`,
    sha256: hash('sha256', body),
    mediaType: 'application/json',
    body,
  }
}
