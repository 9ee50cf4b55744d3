// The operator: sends dead letters again, once their cause is over. Where nobody could tell whether one had
// arrived, it is the operator's decision that it is sent. Callbacks that somebody missed are told again.

import { settledStates } from '../../../src/domain/case-states.ts'
import type { Transfer, TransferSubject } from '../../../src/domain/submission.ts'
import { between, pick } from '../../../src/sandbox/random.ts'
import { law } from '../law.ts'
import { known, tell, tryOf, type World } from '../world.ts'
import type { Actor } from './index.ts'

export const operator: Actor = {
  name: 'operator',
  weight: 1,
  tells: ['transfer.revived', 'callbacks.replayed'],
  act(world) {
    if (!world.calm && world.random() < 0.1) return replay(world)
    const dead = known(world).transfers.filter((one) => one.state === 'dead')
    for (const one of dead) checkWanted(world, one)
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

/** Of what has ended only that waits for the operator of which nobody knows whether it has arrived. */
function checkWanted(world: World, { id, operation, caseId }: Transfer): void {
  if (operation !== 'submitCase' && operation !== 'supplementCase') return
  const { state } = known(world).cases.find((one) => one.id === caseId)!
  const isOver = settledStates.has(state)
  const mayHaveArrived = operation === 'submitCase' && tryOf(world, id).look
  law(
    !isOver || mayHaveArrived,
    'nobody has to send again what was refused and is over',
    () => `${id} ${state}`,
  )
}

/** Some that one system was told in a row, in the order in which it was told them. */
function replay(world: World): boolean {
  const told = [...world.books.transfers.values()].flatMap((row) => {
    const about = row.about as TransferSubject
    return 'event' in about && !about.replay ? [{ system: row.system as string, event: about.event }] : []
  })
  if (told.length === 0) return false
  const { system } = pick(world.random, told)
  const events = told.filter((one) => one.system === system).map(({ event }) => event)
  const first = between(world.random, 0, events.length - 1)
  const missed = events.slice(first, first + 3)
  tell(world, { type: 'callbacks.replayed', system, events: missed, by: 'op', reason: 'they were lost' })
  return true
}
