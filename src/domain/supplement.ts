// The applicant's answer to a correction request (补正): new files for materials that were asked for.

import { apply } from './case.ts'
import type { Rules } from './decide.ts'
import { dispatchWhenReady } from './dispatch.ts'
import {
  addMaterial,
  changeCase,
  changeMaterial,
  type Draft,
  findCase,
  findMaterial,
  refuse,
  type Step,
  transfer,
} from './draft.ts'
import type { DomainEvent } from './events.ts'
import { publish } from './publish.ts'

type Supplement = DomainEvent & { type: 'case.supplement-received' }

export function supplement(draft: Draft, event: Supplement, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return refuse('no such case', '没有这个办件')
  const filed = file(draft, event)
  if (one.state === 'pending') return supplyBeforeDispatch(filed, event, rules)
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
    next = publish(next, 'case.supplemented', other.id, draft.now, { materials: [...codes] }, rules)
    next = dispatchWhenReady(next, other.id)
  }
  return next
}

function file(draft: Draft, event: Supplement): Draft {
  return event.materials.reduce((next, given) => {
    const known = findMaterial(next, given.code)
    if (known)
      return changeMaterial(next, given.code, {
        files: given.files,
        source: 'upload',
        cases: known.cases.includes(event.caseId) ? known.cases : [...known.cases, event.caseId],
      })
    return addMaterial(next, {
      code: given.code,
      name: given.name ?? given.code,
      source: 'upload',
      cases: [event.caseId],
      files: given.files,
    })
  }, draft)
}
