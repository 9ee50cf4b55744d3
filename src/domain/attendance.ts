// Appointments: kept, missed, moved to another slot or cancelled. Where a matter says so, the case starts when the
// applicant has come. Which slots there are is not known here: a slot is a name.

import { booked } from './appointment-watch.ts'
import { settledStates } from './case-states.ts'
import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { dispatchWhenReady } from './dispatch.ts'
import {
  changeCase,
  type Draft,
  findCase,
  noSuchCase,
  type Refusal,
  refuse,
  replaceCase,
  type Step,
} from './draft.ts'
import type { DomainEvent } from './events.ts'
import { fromTheFuture } from './future.ts'
import { publish } from './publish.ts'
import type { Appointment, Case } from './submission.ts'

type Reported = DomainEvent & { type: 'appointment.reported' }

export function reportAttendance(draft: Draft, event: Reported, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return noSuchCase
  if (one.mode !== 'appointment') return refuse('the case has no appointment', '该办件没有预约')
  const before = appointmentOf(one)
  if (isRepeat(before, event)) return 'duplicate'
  if (event.from !== undefined && !stillHas(before, event.from)) return 'duplicate'
  const over = appointmentOver(one)
  if (over) return over
  if (before.state === 'cancelled' && event.outcome !== 'rebooked')
    return refuse('the appointment was cancelled: book another first', '预约已取消，请先重新预约')
  return fromTheFuture(event.at, draft.now) ?? applied(draft, one, before, event, rules)
}

/** Why its appointment can be changed no more; null while it can. */
export function appointmentOver(one: Case): Refusal | null {
  if (settledStates.has(one.state))
    return refuse(
      `a case that is ${one.state} has no appointment to keep`,
      `办件状态为 ${one.state}，已无预约可办`,
    )
  if (appointmentOf(one).state === 'attended')
    return refuse('the applicant has come already', '申请人已到场，预约不能再变更')
  return null
}

/** A case of before appointments were kept: only whether it still waits for the applicant can be told. */
function appointmentOf({ appointment, state, waits }: Case): Appointment {
  const waiting = state === 'pending' && waits.some((wait) => wait.for === 'attendance')
  return appointment ?? { state: waiting ? 'booked' : 'attended' }
}

/** What is told of a slot that the case has left is told too late. */
const stillHas = ({ slot, state }: Appointment, told: string): boolean =>
  slot === told && state !== 'cancelled'

function isRepeat(before: Appointment, { outcome, slot }: Reported): boolean {
  if (outcome === 'rebooked') return before.state === 'booked' && before.slot === slot
  return before.state === outcome
}

const types = {
  attended: 'appointment.attended',
  missed: 'appointment.missed',
  rebooked: 'appointment.changed',
  cancelled: 'appointment.cancelled',
} as const satisfies Record<Reported['outcome'], string>

function standing(before: Appointment, event: Reported, now: string, rules: Rules): Appointment {
  const { next: _, unreported: __, ...known } = before
  const { outcome, slot = before.slot } = event
  if (outcome !== 'rebooked') return { ...known, state: outcome }
  const startsAt = event.startsAt ?? (slot === before.slot ? before.startsAt : undefined)
  return booked(slot, startsAt, now, rules)
}

/** The limit that ran for want of a report does not count: only what is told now can the applicant go by. */
function anew(draft: Draft, one: Case): Draft {
  if (!one.appointment?.unreported || one.clock?.of !== 'appointment') return draft
  const { clock: _, ...rest } = one
  return replaceCase(draft, rest)
}

function applied(draft: Draft, one: Case, before: Appointment, event: Reported, rules: Rules): Draft {
  const { outcome, at, reason } = event
  const slot = event.slot ?? before.slot
  const appointment = standing(before, event, draft.now, rules)
  const came = outcome === 'attended'
  const changed = changeCase(anew(draft, one), one.id, {
    appointment,
    ...(came ? { waits: one.waits.filter((wait) => wait.for !== 'attendance') } : {}),
  })
  const facts = {
    ...(slot ? { slot } : {}),
    ...(outcome === 'rebooked' && before.slot ? { before: before.slot } : {}),
    ...(reason ? { reason } : {}),
  }
  // From now: that is when the applicant can know.
  const timed = setClock(changed, one, draft.now, undefined, rules)
  const told = publish(timed, types[outcome], one.id, at, facts, rules)
  return came ? dispatchWhenReady(told, one.id) : told
}
