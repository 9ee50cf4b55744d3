// Lives in a row until there are as many cases as were asked for, on one core or on all; and for each law
// that did not hold the fewest events that break it. The same seed gives the same lives and so the same
// digest, wherever they were lived.

import { createHash } from 'node:crypto'
import type { Told } from './books.ts'
import type { Profile } from './faults.ts'
import { Broken } from './law.ts'
import { citiesOf, type Decide, live } from './life.ts'
import { shrink } from './shrink.ts'
import { addStretch, type Counts, emptyStretch, liveStretch, type Stretch } from './stretch.ts'
import { startWorkers } from './workers.ts'
import type { Witness } from './world.ts'

export interface SimulateOptions {
  cases: number
  seed: number
  faults: Profile
  shrink: boolean
  decide?: Decide
}

/** By the life's number under its seed: `--replay seed:life` lives it again. */
export interface Violation {
  life: number
  law: string
  what: string
  /** All that was told, or the fewest events that still break it. */
  events: readonly Told[]
  /** How many were told when it broke. */
  told: number
}

export interface Simulation extends Counts {
  seed: number
  faults: Profile
  digest: string
  seconds: number
  /** Of one core: what it would take on a machine of its own. */
  cpuSeconds: number
  /** How often each law was broken. */
  broken: Record<string, number>
  /** The first of each law, for a few of them. */
  violations: Violation[]
}

const MOST_VIOLATIONS = 3

/** Small enough that the few lived in vain at the end do not count. */
const LIVES_AT_A_TIME = 500

export function simulate(options: SimulateOptions): Simulation {
  const sum = startClock(options)
  return sum(liveStretch({ ...options, from: 1 }, citiesOf(options.seed)))
}

/** The same, by so many threads, with the domain as it is. */
export async function simulateSideBySide(
  options: Omit<SimulateOptions, 'decide'>,
  threads: number,
): Promise<Simulation> {
  const sum = startClock(options)
  const [stretch, finished] = [emptyStretch(), new Map<number, Stretch>()]
  // Nobody knows beforehand which life brings the last case: the stretch that it is in is lived again, up to it.
  let [given, added, enough] = [1, 1, false]
  await using workers = startWorkers(options, threads)
  await Promise.all(
    workers.map(async (worker) => {
      while (!enough) {
        const from = given
        given += LIVES_AT_A_TIME
        finished.set(from, await worker.live({ from, lives: LIVES_AT_A_TIME }))
        for (let next = finished.get(added); next && !enough; next = finished.get(added)) {
          enough = stretch.cases + next.cases >= options.cases
          if (enough) break
          addStretch(stretch, next)
          finished.delete(added)
          added += LIVES_AT_A_TIME
        }
      }
    }),
  )
  const rest = { ...options, from: added, cases: options.cases - stretch.cases }
  addStretch(stretch, liveStretch(rest, citiesOf(options.seed)))
  return sum(stretch)
}

/** From now on; to be told what came of it. */
function startClock(options: SimulateOptions): (stretch: Stretch) => Simulation {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  return ({ hashes, broken, ...counts }) => {
    const digest = createHash('sha256')
    for (const [index, hash] of hashes.entries()) digest.update(`${index + 1} ${hash};`)
    const times: Record<string, number> = {}
    for (const { law } of broken) times[law] = (times[law] ?? 0) + 1
    const firsts = broken.filter(({ law }, i) => broken.findIndex((one) => one.law === law) === i)
    const violations = firsts.slice(0, MOST_VIOLATIONS).map(({ life }) => examine(life, options))
    const { user, system } = process.cpuUsage(cpuBefore)
    return {
      ...counts,
      seed: options.seed,
      faults: options.faults,
      digest: digest.digest('hex').slice(0, 32),
      seconds: (performance.now() - startedAt) / 1000,
      cpuSeconds: (user + system) / 1e6,
      broken: times,
      violations,
    }
  }
}

/** Lives it again, listening. */
export function examine(life: number, options: SimulateOptions, heard?: Witness['heard']): Violation {
  const told: Told[] = []
  const telling = (one: Told): void => void told.push(one)
  try {
    live(life, { ...options, witness: { telling, ...(heard ? { heard } : {}) } }, citiesOf(options.seed))
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    const events = options.shrink ? shrink(told, error.law, options.decide) : told
    return { life, law: error.law, what: error.message, events, told: told.length }
  }
  return { life, law: '', what: '', events: told, told: told.length }
}
