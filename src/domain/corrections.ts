// One-time notice (一次性告知): a department names everything that is missing at once. A further notice in the same
// stage counts all the same, for the applicant must know of it; beyond the number allowed it is told as repeated.

import { type CaseEvent, interruptions } from './case-states.ts'
import type { Limits } from './clock.ts'
import type { Case } from './submission.ts'

/** The stage that a notice interrupts: the department has to accept the case, or to decide it. */
function stageOf({ state, resume }: Case): 'acceptance' | 'decision' {
  const stands = interruptions.has(state) ? resume : state
  return stands === 'accepted' || stands === 'reviewing' ? 'decision' : 'acceptance'
}

/** What a case keeps of one more notice. `before` is the case as it was until now. */
export function countNotice(before: Case, event: CaseEvent): Pick<Case, 'notices'> {
  if (event !== 'case.correction-requested') return {}
  const stage = stageOf(before)
  return { notices: { ...before.notices, [stage]: (before.notices?.[stage] ?? 0) + 1 } }
}

/** Facts of the event that tells of a notice. */
export function noticeFacts(
  before: Case,
  now: Case,
  limits: Limits | null,
): { round: number; repeated?: true } {
  const count = now.notices?.[stageOf(before)] ?? 0
  return {
    round: now.round,
    ...(count > (limits?.notices ?? Number.POSITIVE_INFINITY) ? { repeated: true } : {}),
  }
}
