// The hall: books, moves and cancels appointments, sees who comes, and takes cases over in another mode.

import { settledStates } from '../../../src/domain/case-states.ts'
import type { Mode } from '../../../src/domain/catalogue.ts'
import type { Case } from '../../../src/domain/submission.ts'
import { pick } from '../../../src/sandbox/random.ts'
import { isForgotten, someSlot } from '../slots.ts'
import { iso, known, newKey, type Outcome, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

const CLIENT = 'client'
const modes: readonly Mode[] = ['online', 'agent', 'appointment']

export const hall: Actor = {
  name: 'hall',
  weight: 2,
  tells: ['appointment.reported', 'case.mode-asked'],
  act(world) {
    const { cases } = known(world)
    if (world.calm) return cases.some((one) => welcome(world, one))
    const one = pick(world.random, cases)
    if (world.random() < 0.1) changeMode(world, one)
    else if (one.mode === 'appointment' && !settledStates.has(one.state)) anything(world, one)
    else return false
    return true
  },
}

/**
 * Whoever is booked comes when it is time, unless his hall forgets to say so; nobody books again. They do
 * where only a red card would come of that.
 */
function welcome(world: World, one: Case): boolean {
  if (!one.waits.some((wait) => wait.for === 'attendance')) return false
  const { state, slot, startsAt } = one.appointment!
  const goesOn = state === 'booked' && !isForgotten(slot)
  if (!goesOn && !isEndless(world, one)) return false
  if (state === 'booked' && startsAt !== undefined && world.now < Date.parse(startsAt)) return false
  report(world, one, state === 'cancelled' ? 'rebooked' : 'attended')
  return true
}

const isEndless = ({ rules, city }: World, { matter }: Case): boolean =>
  rules.limits(matter.code, city.catalogue.version)?.appointmentTimeout !== 'terminate'

function anything(world: World, one: Case): void {
  const outcomes = ['attended', 'attended', 'missed', 'rebooked', 'cancelled'] as const
  report(world, one, pick(world.random, outcomes))
}

function report(
  world: World,
  { id: caseId }: Case,
  outcome: 'attended' | 'missed' | 'rebooked' | 'cancelled',
): Outcome {
  const at = iso(world.now)
  const slot = outcome === 'rebooked' ? { slot: someSlot(at, world.random) } : {}
  return tell(world, { type: 'appointment.reported', caseId, outcome, at, ...slot }, newKey(world, CLIENT))
}

function changeMode(world: World, { id: caseId }: Case): void {
  const { random } = world
  const mode = pick(random, modes)
  const waitsForAttendance = mode === 'appointment' && random() < 0.5
  tell(
    world,
    {
      ...{ type: 'case.mode-asked', caseId, mode, reason: 'it suits better', waitsForAttendance },
      ...(mode === 'appointment' ? { slot: someSlot(iso(world.now), random) } : {}),
      ...(mode === 'agent' ? { agent: { hall: 'hall-1', window: '1', clerk: '1' } } : {}),
    },
    newKey(world, CLIENT),
  )
}
