// The applicant: supplements what was asked for or something else, withdraws one case or all, and
// means to do again what has failed.

import { caseTable } from '../../../src/domain/case-states.ts'
import type { Case } from '../../../src/domain/submission.ts'
import { pick } from '../../../src/sandbox/random.ts'
import { law } from '../law.ts'
import { known, newKey, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

const CLIENT = 'client'

export const applicant: Actor = {
  name: 'applicant',
  weight: 3,
  tells: [
    'case.supplement-received',
    'case.withdrawal-asked',
    'submission.withdrawal-asked',
    'submission.redone',
  ],
  act(world) {
    const { cases } = known(world)
    if (world.calm) return cases.some((one) => does(world, one))
    const one = pick(world.random, cases)
    const whim = world.random() / world.faults.withdrawn
    if (whim >= 2) return does(world, one)
    if (whim < 0.2) withdrawAll(world)
    else if (whim < 1) withdraw(world, one)
    else redo(world, one)
    return true
  },
}

function does(world: World, one: Case): boolean {
  const wanted = one.waits.flatMap((wait) => (wait.for === 'supplement' ? [wait.material] : []))
  const isAsked = one.state === 'correction-requested' || one.state === 'pre-review-returned'
  if (wanted.length === 0 && !isAsked && (world.calm || world.random() >= world.faults.chaos / 4))
    return false
  const asked = wanted.length > 0 ? wanted : one.asked.map(({ code }) => code)
  const codes = !world.calm && world.random() < 0.2 ? ['x2'] : asked
  const file = { sha256: 'f', size: 1, mediaType: 'application/pdf', fileName: 'f.pdf' }
  const materials = codes.map((code) => ({ code, files: [file] }))
  tell(world, { type: 'case.supplement-received', caseId: one.id, materials }, newKey(world, CLIENT))
  return true
}

const reason = 'changed my mind'

const withdraw = (world: World, one: Case): void =>
  void tell(world, { type: 'case.withdrawal-asked', caseId: one.id, reason }, newKey(world, CLIENT))

function withdrawAll(world: World): void {
  tell(world, { type: 'submission.withdrawal-asked', reason }, newKey(world, CLIENT))
  const left = known(world).cases.find(({ state }) => caseTable['case.withdrawn'][state] === 'apply')
  law(!left, 'who withdraws all leaves nothing that could be withdrawn', () => left!.state)
}

/** Announced, and then perhaps never submitted. */
function redo(world: World, one: Case): void {
  const by = `sub_never${++world.messages}`
  const facts = { by, externalId: by, matters: [one.matter.code], over: [] }
  tell(world, { type: 'submission.redone', ...facts })
}
