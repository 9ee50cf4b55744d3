// The applicant goes on in another mode (online, by appointment, through a window) without submitting again. What is
// still here starts by the new mode's rule; what its department already has stays there, and the department is told.

import { booked } from './appointment-watch.ts'
import { settledStates } from './case-states.ts'
import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { dispatchWhenReady } from './dispatch.ts'
import { changeCase, type Draft, findCase, noSuchCase, refuse, replaceCase, type Step } from './draft.ts'
import type { ModeAsked } from './events.ts'
import { publish } from './publish.ts'
import type { Case, Wait } from './submission.ts'
import { wasNeverSent } from './withdrawal.ts'

export function changeMode(draft: Draft, event: ModeAsked, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return noSuchCase
  if (settledStates.has(one.state))
    return refuse(
      `a case that is ${one.state} can no longer change its mode`,
      `办件状态为 ${one.state}，不能再变更办理方式`,
    )
  if (one.mode === event.mode) return isTheSame(one, event) ? 'duplicate' : refusedWithin(one)
  const { appointment, agent, ...rest } = one
  const changed = changeCase(replaceCase(draft, rest), one.id, {
    mode: event.mode,
    waits: waitsIn(draft, one, event),
    ...(event.mode === 'appointment'
      ? { appointment: booked(event.slot, event.startsAt, draft.now, rules) }
      : {}),
    ...(event.agent ? { agent: event.agent } : {}),
  })
  const facts = {
    from: one.mode,
    mode: event.mode,
    reason: event.reason,
    ...slotOf(event),
    ...(appointment?.slot ? { released: appointment.slot } : {}),
  }
  const timed = setClock(changed, one, draft.now, undefined, rules)
  return dispatchWhenReady(publish(timed, 'case.mode-changed', one.id, draft.now, facts, rules), one.id)
}

const slotOf = ({ slot }: ModeAsked): { slot?: string } => (slot ? { slot } : {})

function isTheSame({ appointment, agent }: Case, event: ModeAsked): boolean {
  if (event.mode === 'appointment')
    return isKept(appointment) && (appointment?.slot ?? event.slot) === event.slot
  return event.agent === undefined || agent === undefined || agent.window === event.agent.window
}

/** Missed or cancelled, it is booked anew. */
const isKept = (appointment: Case['appointment']): boolean =>
  appointment?.state === 'booked' || appointment?.state === 'attended'

/** Another slot is a change of the appointment, another window is none of the mode's business. */
const refusedWithin = ({ mode }: Case): Step =>
  mode === 'appointment'
    ? refuse(
        'the case is by appointment already: report outcome rebooked to change its slot',
        '该办件已为预约办理，如需改期请以 rebooked 上报预约情况',
      )
    : refuse('a window has this case already', '该办件已由窗口代办')

/** Without what the old mode waited for, and with what the new one does; a case under way waits for neither. */
function waitsIn(draft: Draft, one: Case, event: ModeAsked): readonly Wait[] {
  const rest = one.waits.filter((wait) => wait.for !== 'attendance')
  const starts = event.mode === 'appointment' && event.waitsForAttendance && wasNeverSent(draft, one)
  return starts ? [...rest, { for: 'attendance' }] : rest
}
