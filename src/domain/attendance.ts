// Appointment mode: the case starts when the applicant has come.

import type { Rules } from './decide.ts'
import { dispatchWhenReady } from './dispatch.ts'
import { changeCase, type Draft, enter, findCase, refuse, type Step } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { publish } from './publish.ts'

export function reportAttendance(
  draft: Draft,
  event: DomainEvent & { type: 'appointment.reported' },
  rules: Rules,
): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return refuse('no such case', '没有这个办件')
  if (!one.waits.some((wait) => wait.for === 'attendance')) {
    return one.mode === 'appointment' ? 'duplicate' : refuse('the case has no appointment', '该办件没有预约')
  }
  if (event.outcome === 'missed') return enter(draft, 'appointment.missed', one.id, event.at, {})
  const came = changeCase(draft, one.id, { waits: one.waits.filter((wait) => wait.for !== 'attendance') })
  const told = publish(came, 'appointment.attended', one.id, event.at, {}, rules)
  return dispatchWhenReady(told, one.id)
}
