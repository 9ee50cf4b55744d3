// Whoever was served may say how it was, through the rating system: once, again, or of a service that never was.

import type { Evaluation } from '../../../src/domain/submission.ts'
import { pick } from '../../../src/sandbox/random.ts'
import { law } from '../law.ts'
import { iso, known, newKey, tell } from '../world.ts'
import type { Actor } from './index.ts'

export const served: Actor = {
  name: 'served',
  weight: 1,
  tells: ['case.rated'],
  act(world) {
    const { random, faults } = world
    const services = known(world).cases.flatMap(({ id, services: list = [] }) =>
      list.map((service) => ({ caseId: id, service })),
    )
    if (world.calm || services.length === 0) return false
    const { caseId, service } = pick(random, services)
    const isAgain = service.evaluation !== undefined && random() < faults.repeated
    const satisfaction = pick(random, [1, 2, 3, 4, 5] as const)
    const evaluation: Evaluation = isAgain
      ? service.evaluation!
      : { satisfaction, at: iso(world.now), ...(random() < 0.3 ? { text: 'well done' } : {}) }
    const number = random() < faults.chaos ? service.number + 7 : service.number
    const facts = { caseId, system: service.system, service: number, evaluation }
    const outcome = tell(world, { type: 'case.rated', ...facts }, newKey(world, service.system))
    const expected = number !== service.number ? 'refused' : isAgain ? 'duplicate' : undefined
    law(!expected || outcome === expected, 'what was said of a service counts once', () => outcome)
    return true
  },
}
