// Time passes, in minutes or weeks, and the watch over limits rings, sometimes for nothing.

import { between, pick } from '../../../src/sandbox/random.ts'
import { law } from '../law.ts'
import { isDue, known, type Outcome, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

export const clock: Actor = {
  name: 'clock',
  weight: 4,
  tells: ['clock.rang'],
  act(world) {
    if (!world.calm) {
      world.now += leap(world)
      if (world.random() < world.faults.chaos) ring(world, pick(world.random, known(world).cases).id)
    }
    const due = known(world).cases.find((one) => isDue(one, world.now))
    if (!due) return false
    const outcome = ring(world, due.id)
    law(outcome !== 'duplicate' && outcome !== 'refused', 'a bell is heard when it is due', () => outcome)
    return true
  },
}

function leap({ random }: World): number {
  const kind = random()
  if (kind < 0.6) return between(random, 1, 300) * MINUTE
  return kind < 0.95 ? between(random, 1, 4) * DAY : between(random, 5, 40) * DAY
}

const ring = (world: World, caseId: string): Outcome => tell(world, { type: 'clock.rang', caseId })
