// Lives in a row until there are as many cases as were asked for; what came of them, counted; and for each law that did
// not hold the fewest events that break it. The same seed gives the same lives and so the same digest.

import { createHash } from 'node:crypto'
import type { Told } from './books.ts'
import type { Profile } from './faults.ts'
import { Broken } from './law.ts'
import { citiesOf, type Decide, live } from './life.ts'
import { shrink } from './shrink.ts'
import type { Outcome, Witness, World } from './world.ts'

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

export interface Simulation {
  seed: number
  faults: Profile
  cases: number
  /** Submissions that were received, and those that the plan refused. */
  submissions: number
  refusedAtTheDoor: number
  events: number
  /** How they ended, and how their cases did. */
  ends: Record<string, number>
  caseEnds: Record<string, number>
  /** Event type -> what was answered -> how often. */
  answers: Record<string, Partial<Record<Outcome, number>>>
  digest: string
  seconds: number
  /** Of one core: what it would take on a machine of its own. */
  cpuSeconds: number
  /** How often each law was broken. */
  broken: Record<string, number>
  /** The first few. */
  violations: Violation[]
}

const MOST_VIOLATIONS = 3

export function simulate(options: SimulateOptions): Simulation {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const cities = citiesOf(options.seed)
  const digest = createHash('sha256')
  const tally = newTally()
  const result: Simulation = { ...tally.result, seed: options.seed, faults: options.faults }
  const limit = Math.max(1, options.cases)
  for (let number = 1; result.cases < limit; number++) {
    try {
      const worlds = live(number, { ...options, witness: tally.witness }, cities)
      for (const world of worlds) countEnd(result, world)
      if (worlds.length === 0) result.refusedAtTheDoor++
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      result.cases++
      result.broken[error.law] = (result.broken[error.law] ?? 0) + 1
      if (result.violations.length < MOST_VIOLATIONS) result.violations.push(examine(number, options))
    }
    digest.update(`${number} ${tally.hash()};`)
  }
  result.events = tally.events()
  result.digest = digest.digest('hex').slice(0, 32)
  const { user, system } = process.cpuUsage(cpuBefore)
  result.seconds = (performance.now() - startedAt) / 1000
  result.cpuSeconds = (user + system) / 1e6
  return result
}

function countEnd(result: Simulation, { books }: World): void {
  const { submission, cases } = books.aggregate!
  result.submissions++
  result.cases += cases.length
  result.ends[submission.state] = (result.ends[submission.state] ?? 0) + 1
  for (const { state } of cases) result.caseEnds[state] = (result.caseEnds[state] ?? 0) + 1
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

function newTally() {
  const answers: Simulation['answers'] = {}
  const hashes = new Map<string, number>()
  let [events, state] = [0, 0]
  const mix = (word: string): void => {
    const hash = hashes.get(word) ?? fnv(word)
    if (!hashes.has(word)) hashes.set(word, hash)
    state = Math.imul(state ^ hash, 0x01000193) | 0
  }
  const result: Omit<Simulation, 'seed' | 'faults'> = {
    cases: 0,
    submissions: 0,
    refusedAtTheDoor: 0,
    events: 0,
    ends: {},
    caseEnds: {},
    answers,
    digest: '',
    seconds: 0,
    cpuSeconds: 0,
    broken: {},
    violations: [],
  }
  const witness: Witness = {
    heard({ event: { type }, now }, outcome, entries) {
      events++
      answers[type] ??= {}
      const counts = answers[type]
      counts[outcome] = (counts[outcome] ?? 0) + 1
      mix(type)
      mix(outcome)
      state ^= fnv(now)
      for (const one of entries) {
        mix(one.type)
        state = Math.imul(state ^ one.number, 0x01000193) | 0
      }
    },
  }
  return { result, witness, events: () => events, hash: () => state >>> 0 }
}

function fnv(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}
