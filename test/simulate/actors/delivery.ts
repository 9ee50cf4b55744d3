// Transfers go out, as delivery/ does it: one attempt at a time in its lane, looked for first where an earlier one may
// have arrived, and recorded whatever came of it. It dies, waits and races as processes do.

import type { ReceiptFacts } from '../../../src/domain/events.ts'
import type { Transfer } from '../../../src/domain/submission.ts'
import { pick } from '../../../src/sandbox/random.ts'
import { find, type Refused, receive, temperOf } from '../outside.ts'
import { due, type Try, tell, tryOf, type World } from '../world.ts'
import type { Actor } from './index.ts'

export const delivery: Actor = {
  name: 'delivery',
  weight: 10,
  tells: ['transfer.delivered', 'transfer.refused', 'transfer.buried'],
  act(world) {
    const open = due(world)
    if (open.length === 0) return false
    const one = world.calm ? open[0]! : pick(world.random, open)
    attempt(world, one, tryOf(world, one.id))
    return true
  },
}

function attempt(world: World, one: Transfer, tried: Try): void {
  // What delivery works on is committed.
  world.books.commit()
  const { random, faults, calm } = world
  const happens = (share: number): boolean => !calm && random() < share
  if (happens(faults.crashBefore)) tried.look = true
  else if (happens(faults.unavailable)) return
  else if (tried.look && temperOf(world, one.system) === 'neither') {
    tried.undecided = true
    refuse(world, one, { code: 'cannot-look', reason: 'it may have arrived' }, true)
  } else if (happens(faults.refused)) refuse(world, one, { code: 'no', reason: 'no' }, tried.look)
  else settle(world, one, tried, happens)
}

function settle(world: World, one: Transfer, tried: Try, happens: (share: number) => boolean): void {
  const { faults } = world
  const found = tried.look && temperOf(world, one.system) === 'finds' ? find(world, one) : null
  const answer = found ?? receive(world, one, tried)
  if (happens(faults.lostAnswer) || happens(faults.crashAfter)) {
    tried.look = true
  } else if ('code' in answer) refuse(world, one, answer)
  else if (happens(faults.nonsense)) {
    tried.look = true
    tried.undecided = temperOf(world, one.system) === 'neither'
    tell(world, { type: 'transfer.buried', transferId: one.id, reason: 'nonsense' })
  } else {
    deliver(world, one, answer)
    if (happens(faults.twice)) deliver(world, one, { ...answer, duplicate: true })
  }
}

const deliver = (world: World, { id }: Transfer, receipt: ReceiptFacts): void =>
  void tell(world, { type: 'transfer.delivered', transferId: id, receipt })

/** `inDoubt`: an earlier attempt may have arrived. */
function refuse(world: World, { id }: Transfer, { code, reason }: Refused, inDoubt = false): void {
  const doubt = inDoubt ? { inDoubt } : {}
  tell(world, { type: 'transfer.refused', transferId: id, code, reason, ...doubt })
}
