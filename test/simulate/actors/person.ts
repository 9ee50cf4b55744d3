// A person closes a dead letter by hand: its system has it after all, or is told of it by telephone; or nobody needs it
// any more.

import type { Transfer } from '../../../src/domain/submission.ts'
import { pick } from '../../../src/sandbox/random.ts'
import { deskOf, known, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

export const person: Actor = {
  name: 'person',
  weight: 1,
  tells: ['transfer.vouched', 'transfer.given-up'],
  act(world) {
    // In a calm world the operator sends everything again.
    const dead = world.calm ? [] : known(world).transfers.filter((one) => one.state === 'dead')
    if (dead.length === 0) return false
    const one = pick(world.random, dead)
    const said = { transferId: one.id, by: 'op', reason: 'it was found out by telephone' }
    if (world.random() < 0.5) tell(world, { type: 'transfer.given-up', ...said })
    else if (tell(world, { type: 'transfer.vouched', ...said, reference: `no-${one.id}` }) === 'applied')
      byTelephone(world, one)
    return true
  },
}

/** Only what is there is vouched for: what had not arrived does so now. */
function byTelephone(world: World, { id, operation, caseId, about, system }: Transfer): void {
  const { effects, orders, last } = world.outside
  if (effects.has(id)) return
  effects.set(id, 1)
  if (operation === 'submitCase') deskOf(world, caseId!).taken = true
  if (operation === 'withdrawCase') deskOf(world, caseId!).state = 'withdrawn'
  if ('parcel' in about && operation === 'createOrder') orders.add(about.parcel)
  if ('parcel' in about && operation === 'cancelOrder') orders.delete(about.parcel)
  if ('event' in about && !about.replay) last.set(`${system} ${about.event.subject}`, about.event.sequence)
}
