// Whatever runs against a case by the day, in one: the limit it runs against and the papers it awaits. A case has one
// day on which it is looked at, the earliest of theirs.

import { askForLate } from './awaited-paper.ts'
import { ring as showCard } from './cards.ts'
import { ringsOn as cardOn } from './clock.ts'
import { callOverdue, custodyRingsOn } from './custody-watch.ts'
import type { Rules } from './decide.ts'
import type { Draft, Step } from './draft.ts'
import type { DomainEvent } from './events.ts'
import type { Case } from './submission.ts'

/** The day on which the case has to be looked at; null when nothing runs against it. */
export function ringsOn(one: Case): string | null {
  const [card, paper] = [cardOn(one), custodyRingsOn(one)]
  return card === null || (paper !== null && paper < card) ? paper : card
}

/** Its day has come: tells of papers that are overdue, asks for those that were not brought, and shows the card that is due. */
export function ring(draft: Draft, event: DomainEvent & { type: 'clock.rang' }, rules: Rules): Step {
  const called = callOverdue(draft, event.caseId, rules)
  const told = called === draft ? draft : askForLate(called, event.caseId, rules)
  const step = showCard(told, event, rules)
  return step === 'duplicate' && told !== draft ? told : step
}
