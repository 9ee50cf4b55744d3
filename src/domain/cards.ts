// A day has come on which a case had to be looked at: the yellow card, the red one, and after the red one
// either the end (a correction that nobody answered, an appointment that nobody booked again or reported on)
// or one escalation after the other until the case moves.

import { dayAfter, startOf } from './calendar.ts'
import { cardRingsOn, escalation, limitsOf } from './clock.ts'
import type { Rules } from './decide.ts'
import { followUp, rollUp } from './dispatch.ts'
import { changeCase, type Draft, findCase, noSuchCase, type Step } from './draft.ts'
import type { DomainEvent } from './events.ts'
import type { PublicEventType } from './public-events.ts'
import { publish } from './publish.ts'
import type { Case, Clock } from './submission.ts'
import { endCase } from './withdrawal.ts'

type Rang = DomainEvent & { type: 'clock.rang' }

export function showDueCard(draft: Draft, event: Rang, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return noSuchCase
  const { clock } = one
  const on = cardRingsOn(one)
  if (!clock || on === null || isBefore(draft.now, on)) return 'duplicate'
  if (clock.card === 'red') return escalate(draft, one, clock, rules)
  return isBefore(draft.now, dayAfter(clock.dueOn))
    ? show(draft, one, { ...clock, card: 'yellow' }, 'deadline.warned', rules)
    : passed(draft, one, clock, rules)
}

const isBefore = (now: string, day: string): boolean => Date.parse(now) < Date.parse(startOf(day))

function passed(draft: Draft, one: Case, clock: Clock, rules: Rules): Draft {
  const red = {
    ...clock,
    card: 'red',
    ...escalation(clock, 0, limitsOf(draft, one, rules), rules),
  } as const
  const shown = show(draft, one, red, 'deadline.passed', rules)
  const ends = timeouts[clock.of]
  const isOver = ends && limitsOf(draft, one, rules)?.[ends.setting] === 'terminate'
  return isOver ? timeOut(shown, one, clock, ends, rules) : shown
}

interface Timeout {
  setting: 'supplementTimeout' | 'appointmentTimeout'
  code: 'supplement-timeout' | 'appointment-missed'
  /** To the department. */
  told: string
}

/** The limits of the applicant, and how a case ends that has let one pass. */
const timeouts: Partial<Record<Clock['of'], Timeout>> = {
  supplement: { setting: 'supplementTimeout', code: 'supplement-timeout', told: '申请人逾期未补正' },
  appointment: { setting: 'appointmentTimeout', code: 'appointment-missed', told: '申请人逾期未重新预约' },
}

function timeOut(
  draft: Draft,
  one: Case,
  { of, dueOn }: Clock,
  { code, told }: Timeout,
  rules: Rules,
): Draft {
  const known = of === 'supplement' ? changeCase(draft, one.id, { supplementDueOn: dueOn }) : draft
  const ending = { state: 'terminated', code, reason: code, told, facts: { dueOn } } as const
  return rollUp(followUp(endCase(known, one, ending, rules), one.id, rules))
}

function escalate(draft: Draft, one: Case, clock: Clock, rules: Rules): Draft {
  const level = (clock.level ?? 0) + 1
  const { escalateOn: _, ...rest } = clock
  const next = escalation(clock, level, limitsOf(draft, one, rules), rules)
  return show(draft, one, { ...rest, level, ...next }, 'deadline.escalated', rules)
}

function show(draft: Draft, one: Case, clock: Clock, type: PublicEventType, rules: Rules): Draft {
  const { of, card, level, dueOn, days, unit } = clock
  const facts = { clock: of, card, ...(level ? { level } : {}), dueOn, days, unit }
  return publish(changeCase(draft, one.id, { clock }), type, one.id, draft.now, facts, rules)
}
