// Appointments by the day. Who has one is reminded on the day before. Nobody may wait for ever for a hall that forgot to
// say who came: a working day after the slot's day that is told, and from then on the applicant's limit runs as if the
// appointment had been missed (clock.ts). That he came is never supposed; told late, it counts all the same.

import { dayAfter, dayOf, lastDay, startOf } from './calendar.ts'
import { settledStates } from './case-states.ts'
import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { changeCase, type Draft, findCase } from './draft.ts'
import { publish } from './publish.ts'
import { startOfSlot } from './slots.ts'
import type { Appointment, Case } from './submission.ts'

/**
 * A booking made now. `said`: when the slot begins, where its id does not tell. Of a slot without a time
 * nothing is watched.
 */
export function booked(
  slot: string | undefined,
  said: string | undefined,
  now: string,
  rules: Rules,
): Appointment {
  const startsAt = startOfSlot(slot, said)
  const named = slot === undefined ? {} : { slot }
  if (startsAt === undefined) return { ...named, state: 'booked' }
  const eve = dayAfter(dayOf(startsAt), -1)
  // Who books on the eve, or on the day itself, has just been told when to come.
  const next = dayOf(now) < eve ? ({ step: 'remind', on: eve } as const) : report(startsAt, rules)
  return { ...named, state: 'booked', startsAt, next }
}

/** The slot's day has passed, and one working day after it. */
function report(startsAt: string, rules: Rules): NonNullable<Appointment['next']> {
  return { step: 'report', on: dayAfter(lastDay(dayOf(startsAt), { days: 1, unit: 'G' }, rules)) }
}

/** The day on which the case's appointment has to be looked at; null when nothing comes of it by itself. */
export function appointmentRingsOn(one: Case): string | null {
  const next = one.appointment?.next
  if (next === undefined) return null
  const isMoot = next.step === 'remind' ? settledStates.has(one.state) : !isAwaited(one)
  return isMoot ? null : next.on
}

/** A case that its department has already goes on without a report. */
const isAwaited = ({ state, waits }: Case): boolean =>
  state === 'pending' && waits.some((wait) => wait.for === 'attendance')

/** Reminds, or tells that nobody has reported; the draft as it was when its day has not come. */
export function lookAtAppointment(draft: Draft, caseId: string, rules: Rules): Draft {
  const one = findCase(draft, caseId)
  const on = one ? appointmentRingsOn(one) : null
  if (!one || on === null || Date.parse(draft.now) < Date.parse(startOf(on))) return draft
  const { next, ...appointment } = one.appointment!
  return next!.step === 'remind'
    ? remind(draft, one, appointment, rules)
    : callUnreported(draft, one, appointment, rules)
}

function remind(draft: Draft, one: Case, appointment: Appointment, rules: Rules): Draft {
  const startsAt = appointment.startsAt!
  const changed = changeCase(draft, one.id, {
    appointment: { ...appointment, next: report(startsAt, rules) },
  })
  // The bell was late: what has begun needs no reminder, and its next day may have come as well.
  return Date.parse(draft.now) < Date.parse(startsAt)
    ? publish(changed, 'appointment.reminded', one.id, draft.now, factsOf(appointment), rules)
    : lookAtAppointment(changed, one.id, rules)
}

function callUnreported(draft: Draft, one: Case, appointment: Appointment, rules: Rules): Draft {
  const changed = changeCase(draft, one.id, { appointment: { ...appointment, unreported: true } })
  // From now, as after one that was missed: that is when the applicant can know.
  const timed = setClock(changed, one, draft.now, undefined, rules)
  const facts = { ...factsOf(appointment), ...unreported }
  return publish(timed, 'appointment.unreported', one.id, draft.now, facts, rules)
}

const factsOf = ({ slot, startsAt }: Appointment): Record<string, unknown> => ({
  ...(slot === undefined ? {} : { slot }),
  startsAt,
})

/** To the applicant. */
const unreported = {
  reason: '大厅未登记您是否到场：已到场的，请联系大厅补登；未到场的，请在时限内重新预约',
  reasonEn:
    'The hall has not said whether you came: if you did, ask it to say so; if not, book again within the limit',
}
