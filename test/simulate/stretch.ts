// Lives in a row, and what came of them, counted. Stretches that follow one another add up, whoever lived them.

import type { City } from './city.ts'
import { Broken } from './law.ts'
import { type LifeOptions, live } from './life.ts'
import type { Outcome, Witness, World } from './world.ts'

export interface Counts {
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
}

export interface Stretch extends Counts {
  /** One for each life, in their order: of everything that happened in it. */
  hashes: number[]
  broken: { life: number; law: string }[]
}

export interface StretchOptions extends Omit<LifeOptions, 'witness'> {
  /** The number of the first life. */
  from: number
  /** It ends after so many lives, or with the life that brings so many cases. */
  lives?: number
  cases?: number
}

/** May be run anywhere: a life depends on nothing but its number and the seed. */
export function liveStretch(options: StretchOptions, cities: (index: number) => City): Stretch {
  const { from, lives = Number.POSITIVE_INFINITY, cases = Number.POSITIVE_INFINITY } = options
  const stretch = emptyStretch()
  const witness = createWitness(stretch)
  for (let number = from; number < from + lives && stretch.cases < cases; number++) {
    try {
      const worlds = live(number, { ...options, witness }, cities)
      for (const world of worlds) countEnd(stretch, world)
      if (worlds.length === 0) stretch.refusedAtTheDoor++
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      stretch.cases++
      stretch.broken.push({ life: number, law: error.law })
    }
    stretch.hashes.push(witness.takeHash())
  }
  return stretch
}

export const emptyStretch = (): Stretch => ({
  cases: 0,
  submissions: 0,
  refusedAtTheDoor: 0,
  events: 0,
  ends: {},
  caseEnds: {},
  answers: {},
  hashes: [],
  broken: [],
})

/** `next` is the stretch that follows `sum`, which is changed. */
export function addStretch(sum: Stretch, next: Stretch): void {
  for (const name of ['cases', 'submissions', 'refusedAtTheDoor', 'events'] as const) sum[name] += next[name]
  addCounts(sum.ends, next.ends)
  addCounts(sum.caseEnds, next.caseEnds)
  for (const [type, counts] of Object.entries(next.answers)) {
    sum.answers[type] ??= {}
    addCounts(sum.answers[type], counts)
  }
  for (const hash of next.hashes) sum.hashes.push(hash)
  sum.broken.push(...next.broken)
}

function addCounts(sum: Record<string, number>, next: Record<string, number>): void {
  for (const [name, count] of Object.entries(next)) sum[name] = (sum[name] ?? 0) + count
}

function countEnd(stretch: Stretch, { books }: World): void {
  const { submission, cases } = books.aggregate!
  stretch.submissions++
  stretch.cases += cases.length
  addCounts(stretch.ends, { [submission.state]: 1 })
  for (const { state } of cases) addCounts(stretch.caseEnds, { [state]: 1 })
}

/** Counts what it hears, and makes one number of it for each life. */
function createWitness(stretch: Stretch): Witness & { takeHash(): number } {
  const hashes = new Map<string, number>()
  let state = 0
  const mix = (word: string): void => {
    const hash = hashes.get(word) ?? fnv(word)
    if (!hashes.has(word)) hashes.set(word, hash)
    state = Math.imul(state ^ hash, 0x01000193) | 0
  }
  return {
    heard({ event: { type }, now }, outcome, entries) {
      stretch.events++
      stretch.answers[type] ??= {}
      const counts = stretch.answers[type]
      counts[outcome] = (counts[outcome] ?? 0) + 1
      mix(type)
      mix(outcome)
      state ^= fnv(now)
      for (const one of entries) {
        mix(one.type)
        state = Math.imul(state ^ one.number, 0x01000193) | 0
      }
    },
    takeHash() {
      const hash = state >>> 0
      state = 0
      return hash
    },
  }
}

function fnv(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}
