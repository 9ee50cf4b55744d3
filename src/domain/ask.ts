// The gateway itself asks the applicant for a document that did not come from where it should: never a silent failure.

import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { dispatchWhenReady } from './dispatch.ts'
import { changeCase, type Draft } from './draft.ts'
import { publish } from './publish.ts'
import type { Case, Wait } from './submission.ts'

export interface Question {
  /** Codes of the materials. */
  materials: readonly string[]
  /** Why it is asked for, as a word. */
  code: string
  zh: string
  en: string
  /** The certificate may still come, and is as good: nobody is late with the document meanwhile. */
  orCertificate?: true
}

/** Of one pending case: what it waited for becomes a wait for the applicant's supplement, with its limit. */
export function askApplicant(
  draft: Draft,
  one: Case,
  waiting: (wait: Wait) => boolean,
  { materials, code, zh, en, orCertificate }: Question,
  rules: Rules,
): Draft {
  const added = materials.map((material) => ({ code: material, reason: code, message: en, messageZh: zh }))
  const asked = [...one.asked, ...added]
  const wanted = materials.map(
    (material): Wait => ({ for: 'supplement', material, ...(orCertificate ? { orCertificate } : {}) }),
  )
  const waits = [...one.waits.filter((wait) => !waiting(wait)), ...wanted]
  const changed = changeCase(draft, one.id, { asked, waits, round: one.round + 1 })
  const timed = setClock(changed, one, draft.now, undefined, rules)
  const facts = { by: 'gateway', code, reason: zh, reasonEn: en, materials: asked }
  return publish(timed, 'case.correction-requested', one.id, draft.now, facts, rules)
}

/** What was asked for has come from elsewhere: these waits are over, and the question is taken back. */
export function stopAsking(
  draft: Draft,
  one: Case,
  materials: readonly string[],
  over: (wait: Wait) => boolean,
  rules: Rules,
): Draft {
  const asked = one.asked.filter(({ code }) => !materials.includes(code))
  const freed = changeCase(draft, one.id, { waits: one.waits.filter((wait) => !over(wait)), asked })
  const timed = setClock(freed, one, draft.now, undefined, rules)
  const facts = { by: 'gateway', materials }
  const told =
    asked.length === one.asked.length
      ? timed
      : publish(timed, 'case.supplemented', one.id, draft.now, facts, rules)
  return dispatchWhenReady(told, one.id)
}
