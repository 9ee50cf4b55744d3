// Whatever runs against a case by the day, in one: the limit it runs against, the papers it awaits and its appointment.
// A case has one day on which it is looked at, the earliest of theirs.

import { appointmentRingsOn, lookAtAppointment } from './appointment-watch.ts'
import { askForLate } from './awaited-paper.ts'
import { showDueCard } from './cards.ts'
import { cardRingsOn } from './clock.ts'
import { callOverdue, custodyRingsOn } from './custody-watch.ts'
import type { Rules } from './decide.ts'
import type { Draft, Step } from './draft.ts'
import type { DomainEvent } from './events.ts'
import type { Case } from './submission.ts'

/** The day on which the case has to be looked at; null when nothing runs against it. */
export function ringsOn(one: Case): string | null {
  return earlier(earlier(cardRingsOn(one), custodyRingsOn(one)), appointmentRingsOn(one))
}

const earlier = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && other < one) ? other : one

/**
 * Its day has come: reminds of an appointment or tells that nobody reported on it, tells of papers that are overdue, asks
 * for those that were not brought, and shows the card that is due.
 */
export function ring(draft: Draft, event: DomainEvent & { type: 'clock.rang' }, rules: Rules): Step {
  const reminded = lookAtAppointment(draft, event.caseId, rules)
  const called = callOverdue(reminded, event.caseId, rules)
  const told = called === reminded ? reminded : askForLate(called, event.caseId, rules)
  const step = showDueCard(told, event, rules)
  return step === 'duplicate' && told !== draft ? told : step
}
