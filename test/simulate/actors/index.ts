// Who may tell the domain something: one row each. A new kind of event is told by a new actor or by one that is here;
// nothing else of the simulation has to know it.

import type { DomainEvent } from '../../../src/domain/events.ts'
import type { World } from '../world.ts'
import { applicant } from './applicant.ts'
import { carrier } from './carrier.ts'
import { clock } from './clock.ts'
import { counter } from './counter.ts'
import { delivery } from './delivery.ts'
import { department } from './department.ts'
import { hall } from './hall.ts'
import { operator } from './operator.ts'
import { person } from './person.ts'
import { served } from './served.ts'
import { stranger } from './stranger.ts'
import { watch } from './watch.ts'

export interface Actor {
  name: string
  /** How often it gets a turn, beside the others. */
  weight: number
  /** The types of events it tells; a test holds it to its word. */
  tells: readonly DomainEvent['type'][]
  /**
   * Its turn: at most one thing. False when there was nothing to do. In a calm world it does its duty until nothing of it
   * is left; in any other what comes into its head.
   */
  act(world: World): boolean
}

export const actors: readonly Actor[] = [
  delivery,
  department,
  applicant,
  hall,
  counter,
  carrier,
  clock,
  operator,
  person,
  served,
  watch,
  stranger,
]
