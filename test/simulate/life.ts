// One submission from its click to its end: a wild time in which any party may do anything, then a calm one in which
// everybody does their duty. Then it must be over, whatever has happened.

import { decide as domain } from '../../src/domain/decide.ts'
import type { SubmissionReceived } from '../../src/domain/events.ts'
import { between, createRandom } from '../../src/sandbox/random.ts'
import { frozen } from '../domain/life.ts'
import { actors } from './actors/index.ts'
import { apply } from './apply.ts'
import { openBooks } from './books.ts'
import { type City, makeCity } from './city.ts'
import { type Profile, profiles } from './faults.ts'
import { law } from './law.ts'
import { checkLinks, redo } from './redo.ts'
import { known, tell, type Witness, type World } from './world.ts'

export type Decide = typeof domain

export interface LifeOptions {
  seed: number
  faults: Profile
  /** The domain, unless a test breaks it. */
  decide?: Decide
  witness: Witness
}

/** Of lives in which something failed: done again. */
const REDONE = 0.3
const CITIES = 24
const BEGINNING = Date.parse('2026-03-02T01:00:00Z')
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** Turns in the wild time, for each case. */
const TURNS = 16
/** Days in which a calm world must come to its end. */
const CALM_DAYS = 60
/** Things one party may have to do in a row before anybody else does something. */
const CALM_TURNS = 60

/** Of all lives: compared at their end with what the rows say. */
const READ_BACK = 1 / 64
/** Every so many lives, nothing may be changed in place. */
const FROZEN = 32

const weights = actors.flatMap((one) => Array.from({ length: one.weight }, () => one))

/** Makes the cities of a seed when they are first asked for. */
export function citiesOf(seed: number): (index: number) => City {
  const cities = new Map<number, City>()
  return (index) => {
    const city = cities.get(index) ?? makeCity(`${seed} city ${index}`)
    cities.set(index, city)
    return city
  }
}

/**
 * Lives the life of that number, and perhaps another one in which what failed is done again. None: it was refused at the
 * door. Throws Broken.
 */
export function live(number: number, options: LifeOptions, cities: (index: number) => City): World[] {
  const random = createRandom(`${options.seed}:${number}`)
  const city = cities(number % CITIES)
  const now = BEGINNING + between(random, 0, 200 * 24 * 60) * MINUTE
  const received = apply(city, `sub_${String(number).padStart(26, '0')}`, now, random)
  if (!received) return []
  const begin = (event: SubmissionReceived, at: number): World => {
    const world = newWorld(event.submissionId, number, options, city, random, at)
    tell(world, event, `client ${event.externalId}`)
    return world
  }
  const world = begin(received, now)
  endure(world)
  const again = random() < REDONE ? redo(world, `sub_r${String(number).padStart(25, '0')}`) : null
  if (!again) return [world]
  endCalmly(world)
  const second = begin(again, world.now)
  endure(second)
  checkLinks(world, second)
  return [world, second]
}

function newWorld(
  submissionId: string,
  number: number,
  options: LifeOptions,
  city: City,
  random: () => number,
  now: number,
): World {
  return {
    random,
    city,
    faults: profiles[options.faults],
    books: openBooks(submissionId, decideFor(number, options.decide ?? domain)),
    now,
    rules: city.rules,
    calm: false,
    tries: new Map(),
    desks: new Map(),
    outside: { effects: new Map(), last: new Map(), orders: new Set(), scans: 0 },
    messages: 0,
    witness: options.witness,
  }
}

function endure(world: World): void {
  runWild(world)
  endCalmly(world)
}

/** In some lives all that is decided on is frozen to its depth: whoever changed it would throw. */
function decideFor(number: number, decide: Decide): Decide {
  if (number % FROZEN !== 0) return decide
  return (aggregate, event, now, rules) => frozen(decide(frozen(aggregate), frozen(event), now, rules))
}

function endCalmly(world: World): void {
  runCalm(world)
  checkEnd(world)
}

function runWild(world: World): void {
  const { random } = world
  for (let left = between(random, 0, TURNS * known(world).cases.length); left > 0 && !isOver(world); left--)
    weights[Math.floor(random() * weights.length)]!.act(world)
  world.books.commit()
}

function runCalm(world: World): void {
  world.calm = true
  world.rules = world.city.complete
  for (let day = 0; day < CALM_DAYS && !isOver(world); day++) {
    for (const actor of actors) for (let turn = 0; turn < CALM_TURNS && actor.act(world); turn++);
    world.now += DAY
  }
}

function isOver(world: World): boolean {
  const { submission, transfers } = known(world)
  return (
    submission.state !== 'open' &&
    transfers.every(({ state }) => state !== 'due' && state !== 'held' && state !== 'dead')
  )
}

/** What must hold once the world has answered everything. */
function checkEnd(world: World): void {
  const { submission, cases, transfers } = known(world)
  law(isOver(world), 'everything ends', () => {
    const open = transfers.map((one) => `${one.operation} ${one.state} ${one.reason ?? ''}`)
    const states = cases.map((one) => `${one.state} ${JSON.stringify(one.waits)}`)
    return [submission.state, ...states, ...open].join('; ')
  })
  const once = new Set<string>()
  for (const [id, row] of world.books.transfers) {
    law(
      row.state !== 'delivered' || (world.outside.effects.get(id) ?? 0) >= 1,
      'what counts as delivered had its effect',
      () => id,
    )
    if (row.operation !== 'submitCase' && row.operation !== 'registerCertificate') continue
    const duty = `${row.operation} ${row.case_id}`
    law(!once.has(duty), 'what is done once in a case is done once', () => duty)
    once.add(duty)
  }
  if (world.random() < READ_BACK) world.books.reload()
}
