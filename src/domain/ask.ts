// The gateway itself asks the applicant for a document that did not come from where it should: never a silent failure.

import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { changeCase, type Draft } from './draft.ts'
import { publish } from './publish.ts'
import type { Case, Wait } from './submission.ts'

/** Of one pending case: what it waited for becomes a wait for the applicant's supplement, with its limit. */
export function askApplicant(
  draft: Draft,
  one: Case,
  waiting: (wait: Wait) => boolean,
  about: { code: string; reason: string; told: string },
  rules: Rules,
): Draft {
  const { code, reason, told } = about
  const asked = [...one.asked, { code, reason }]
  const waits = one.waits.map((wait): Wait => (waiting(wait) ? { for: 'supplement', material: code } : wait))
  const changed = changeCase(draft, one.id, { asked, waits, round: one.round + 1 })
  const timed = setClock(changed, one, draft.now, undefined, rules)
  const facts = { by: 'gateway', reason: told, materials: asked }
  return publish(timed, 'case.correction-requested', one.id, draft.now, facts, rules)
}
