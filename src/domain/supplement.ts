// The applicant's answer to a correction request (补正): new files for materials that were asked for.

import { apply } from './case.ts'
import { caseTable } from './case-states.ts'
import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { dispatchWhenReady } from './dispatch.ts'
import {
  addMaterial,
  changeCase,
  type Draft,
  findCase,
  findMaterial,
  noSuchCase,
  refuse,
  replaceMaterial,
  type Step,
  transfer,
} from './draft.ts'
import type { DomainEvent } from './events.ts'
import { publish } from './publish.ts'
import type { Case } from './submission.ts'

type Supplement = DomainEvent & { type: 'case.supplement-received' }

export function supplement(draft: Draft, event: Supplement, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return noSuchCase
  if (one.supplementDueOn && one.reason === 'supplement-timeout') return tooLate(one.supplementDueOn)
  const early = event.materials.find(({ code }) => comesByItself(draft, code))
  if (early)
    return refuse(
      `${early.code} is the result of another matter, which is not there yet: it was not asked for`,
      `材料 ${early.code} 将由另一事项办理产生，未要求提交`,
    )
  const foreign = event.materials.find(({ code }) => isForeign(draft, one, code))
  if (foreign)
    return refuse(
      `${foreign.code} is a material of another case, and was not asked for`,
      `材料 ${foreign.code} 属于其他办件，未要求补正`,
    )
  const filed = file(draft, event)
  if (one.state === 'pending') return supplyBeforeDispatch(filed, event, rules)
  const left = one.asked.find(({ code }) => !event.materials.some((given) => given.code === code))
  if (left && caseTable['case.supplemented'][one.state] === 'apply') return incomplete(left.code)
  const step = apply(filed, one, 'case.supplemented', draft.now, {}, rules)
  if (step === 'duplicate' || 'refused' in step) return step
  const done = changeCase(step, one.id, { asked: [] })
  return transfer(done, {
    operation: 'supplementCase',
    system: one.system,
    caseId: one.id,
    lane: `${one.system}:${one.id}`,
    about: {
      case: one.id,
      round: one.round,
      materials: event.materials.map((m) => m.code),
      ...(event.note ? { note: event.note } : {}),
    },
  })
}

/** A notice is answered whole (一次性告知). */
const incomplete = (code: string): Step =>
  refuse(
    `${code} is asked for as well: answer the whole notice at once`,
    `还须补正材料 ${code}，请一次性补齐`,
  )

const tooLate = (dueOn: string): Step =>
  refuse(
    `the correction had to be answered by ${dueOn}; the case was terminated since`,
    `补正期限为 ${dueOn}，逾期未补正，办件已终止`,
  )

const comesByItself = (draft: Draft, code: string): boolean =>
  draft.aggregate.cases.some((one) =>
    one.waits.some((wait) => wait.for === 'result' && wait.material === code),
  )

/** Its files are not for this case to replace. */
function isForeign(draft: Draft, one: Case, code: string): boolean {
  const known = findMaterial(draft, code)
  return known !== undefined && !known.cases.includes(one.id) && !one.asked.some((each) => each.code === code)
}

/** The gateway itself asked for it: a certificate that the registry does not have. */
function supplyBeforeDispatch(draft: Draft, event: Supplement, rules: Rules): Step {
  const one = findCase(draft, event.caseId)!
  const codes = new Set(event.materials.map((m) => m.code))
  const wanted = one.waits.filter((wait) => wait.for === 'supplement')
  if (!wanted.some((wait) => codes.has(wait.material))) {
    return refuse('nothing of this was asked for', '所补材料不在要求之列')
  }
  let next = draft
  for (const other of draft.aggregate.cases) {
    if (!other.waits.some((wait) => wait.for === 'supplement' && codes.has(wait.material))) continue
    next = changeCase(next, other.id, {
      waits: other.waits.filter((wait) => wait.for !== 'supplement' || !codes.has(wait.material)),
      asked: other.asked.filter((material) => !codes.has(material.code)),
    })
    next = setClock(next, other, draft.now, undefined, rules)
    next = publish(next, 'case.supplemented', other.id, draft.now, { materials: [...codes] }, rules)
    next = dispatchWhenReady(next, other.id)
  }
  return next
}

/** In the place of what was there, and of the window's look at that. */
function file(draft: Draft, { caseId, materials }: Supplement): Draft {
  return materials.reduce((next, { code, name = code, files }) => {
    const known = findMaterial(next, code)
    if (!known) return addMaterial(next, { code, name, source: 'upload', cases: [caseId], files })
    const { checked: _, ...unseen } = known
    const cases = known.cases.includes(caseId) ? known.cases : [...known.cases, caseId]
    return replaceMaterial(next, { ...unseen, source: 'upload', cases, files })
  }, draft)
}
