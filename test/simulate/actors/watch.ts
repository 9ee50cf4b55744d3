// The watch over registries: one that is out of reach for long lets the applicant upload instead.

import { pick } from '../../../src/sandbox/random.ts'
import { known, tell } from '../world.ts'
import type { Actor } from './index.ts'

export const watch: Actor = {
  name: 'watch',
  weight: 1,
  tells: ['certificate.overdue'],
  act(world) {
    if (world.calm) return false
    const chaos = world.random() < world.faults.chaos
    const open = known(world).transfers.filter(({ about }) => chaos || 'material' in about)
    if (open.length === 0 || world.random() >= 0.5) return false
    tell(world, { type: 'certificate.overdue', transferId: pick(world.random, open).id })
    return true
  },
}
