// The operator: sends dead letters again, once their cause is over. Where nobody could tell whether one had arrived, it is
// the operator's decision that it is sent.

import { pick } from '../../../src/sandbox/random.ts'
import { known, tell, tryOf } from '../world.ts'
import type { Actor } from './index.ts'

export const operator: Actor = {
  name: 'operator',
  weight: 1,
  tells: ['transfer.revived'],
  act(world) {
    const dead = known(world).transfers.filter((one) => one.state === 'dead')
    if (dead.length === 0 || (!world.calm && world.random() >= world.faults.revived)) return false
    const one = world.calm ? dead[0]! : pick(world.random, dead)
    const outcome = tell(world, {
      type: 'transfer.revived',
      transferId: one.id,
      by: 'op',
      reason: 'it is well',
    })
    const tried = tryOf(world, one.id)
    if (outcome === 'applied' && tried.undecided) tried.look = false
    return outcome === 'applied' || !world.calm
  },
}
