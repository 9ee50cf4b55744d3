// What one matter yields is a material of the next: the result of the case upstream is filed for those that wait for
// it, before they go to their department. Where it ended well but told of no result, the applicant is asked.

import { askApplicant, stopAsking } from './ask.ts'
import type { Rules } from './decide.ts'
import { changeMaterial, type Draft, enter, findCase } from './draft.ts'
import { endedWell, hasFailed } from './endings.ts'
import type { EventDetail } from './events.ts'
import type { Case, Material, Wait } from './submission.ts'

type Result = NonNullable<EventDetail['result']>

/** After a case has moved, or was told more of: hands its result to the cases that need it. */
export function passOnResult(draft: Draft, upstream: string, rules: Rules): Draft {
  const wanted = draft.aggregate.materials.filter(
    (one) => one.from === upstream && one.source === 'result' && !one.certificate,
  )
  if (wanted.length === 0) return draft
  const one = findCase(draft, upstream)!
  if (hasFailed(one)) return draft
  const { result } = one
  return wanted.reduce((next, material) => {
    if (result && canServe(result, material)) return file(next, material, one, result, rules)
    return endedWell(one) ? ask(next, material, one, rules) : next
  }, draft)
}

/** An electronic result that can be looked up, and is not another certificate than the one awaited. */
export function canServe(result: Result, { certificateType }: Pick<Material, 'certificateType'>): boolean {
  if (result.type !== 'electronic' || !(result.identifier ?? result.number)) return false
  return !certificateType || !result.certificateType || result.certificateType === certificateType
}

/** A result as the material of another case. */
export function asCertificate(
  result: Result,
  material: Pick<Material, 'certificateType'>,
  from: { caseId: string; matter: string },
  at: string,
): NonNullable<Material['certificate']> {
  return {
    type: result.certificateType ?? material.certificateType ?? '',
    identifier: result.identifier ?? result.number ?? '',
    verifiedAt: at,
    evidence: { ...from, name: result.name, ...(result.number ? { number: result.number } : {}) },
  }
}

function file(draft: Draft, material: Material, from: Case, result: Result, rules: Rules): Draft {
  const { code } = material
  const origin = { caseId: from.id, matter: from.matter.code }
  const certificate = asCertificate(result, material, origin, draft.now)
  const filed = enter(
    changeMaterial(draft, code, { certificate }),
    'material.result-attached',
    null,
    draft.now,
    { material: code, ...origin, identifier: certificate.identifier },
  )
  return filed.aggregate.cases
    .filter((one) => one.waits.some(waitsFor(code)))
    .reduce((next, one) => stopAsking(next, one, [code], waitsFor(code), rules), filed)
}

const waitsFor =
  (code: string) =>
  (wait: Wait): boolean =>
    (wait.for === 'result' || wait.for === 'supplement') && wait.material === code

function ask(draft: Draft, { code }: Material, from: Case, rules: Rules): Draft {
  const waiting = (wait: Wait): boolean => wait.for === 'result' && wait.material === code
  const question = {
    materials: [code],
    code: 'result-missing',
    zh: `${from.matter.name}已办结但未回传可用的结果，请提交该材料`,
    en: `The matter ${from.matter.code} ended without a result that can be used: please hand in this material`,
  }
  return draft.aggregate.cases
    .filter((one) => one.waits.some(waiting))
    .reduce((next, one) => askApplicant(next, one, waiting, question, rules), draft)
}
