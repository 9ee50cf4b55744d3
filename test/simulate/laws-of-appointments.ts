// The laws of an appointment by the day: reminded of once and in time, never missed too early, never waited
// for without end.

import { dayAfter, dayOf } from '../../src/domain/calendar.ts'
import type { Aggregate, Case, Entry } from '../../src/domain/submission.ts'
import type { Told } from './books.ts'
import { law } from './law.ts'

/** What one case knows of its appointment, after that changed. */
export function checkAppointment(before: Case | undefined, one: Case, { event }: Told): void {
  const { appointment, mode, state, waits } = one
  if (!appointment) return
  law(mode === 'appointment', 'who has an appointment comes by appointment', () => mode)
  const { startsAt, next, unreported } = appointment
  law(
    appointment.state === 'booked' || (!next && !unreported),
    'nothing is expected of an appointment that is over',
    () => JSON.stringify(appointment),
  )
  const isWaitedFor = state === 'pending' && waits.some((wait) => wait.for === 'attendance')
  law(
    !(isWaitedFor && appointment.state === 'booked' && startsAt) || !!next || !!unreported,
    'nobody is waited for without end',
    () => JSON.stringify(appointment),
  )
  law(
    next?.step !== 'remind' || before?.appointment?.next?.step === 'remind' || books.has(event.type),
    'a booking is reminded of once',
    () => event.type,
  )
}

const books: ReadonlySet<string> = new Set(['submission.received', 'case.mode-asked', 'appointment.reported'])

/** What was told of appointments was told in time. */
export function checkReminders(entries: readonly Entry[], { cases }: Aggregate, { now, rules }: Told): void {
  for (const { type, caseId } of entries) {
    if (type !== 'appointment.reminded' && type !== 'appointment.unreported') continue
    const { startsAt, unreported } = cases.find(({ id }) => id === caseId)!.appointment!
    const [day, today] = [dayOf(startsAt!), dayOf(now)]
    if (type === 'appointment.reminded') {
      const isInTime = Date.parse(now) < Date.parse(startsAt!) && today >= dayAfter(day, -1)
      law(isInTime, 'who is reminded still has to come, and soon', () => `${startsAt} at ${now}`)
      continue
    }
    law(unreported === true, 'a report that is missed is known to be', () => caseId!)
    let worked = 0
    for (let next = dayAfter(day); next < today; next = dayAfter(next)) if (rules.isWorkingDay(next)) worked++
    law(worked >= 1, 'a hall has a working day to report', () => `${startsAt} at ${now}`)
  }
}
