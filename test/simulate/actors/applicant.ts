// The applicant: comes to the hall or not, supplements what was asked for or something else, withdraws.

import type { Case } from '../../../src/domain/submission.ts'
import { pick } from '../../../src/sandbox/random.ts'
import { iso, known, newKey, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

const CLIENT = 'client'

export const applicant: Actor = {
  name: 'applicant',
  weight: 3,
  tells: ['case.supplement-received', 'case.withdrawal-asked', 'appointment.reported'],
  act(world) {
    const { cases } = known(world)
    if (world.calm) return cases.some((one) => does(world, one))
    const one = pick(world.random, cases)
    if (world.random() >= world.faults.withdrawn) return does(world, one)
    tell(
      world,
      { type: 'case.withdrawal-asked', caseId: one.id, reason: 'changed my mind' },
      newKey(world, CLIENT),
    )
    return true
  },
}

function does(world: World, one: Case): boolean {
  if (one.waits.some((wait) => wait.for === 'attendance')) return attend(world, one)
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

function attend(world: World, one: Case): boolean {
  const outcome = world.calm || world.random() < 0.7 ? 'attended' : 'missed'
  tell(
    world,
    { type: 'appointment.reported', caseId: one.id, outcome, at: iso(world.now) },
    newKey(world, CLIENT),
  )
  return true
}
