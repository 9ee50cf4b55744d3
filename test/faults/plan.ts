// When is what disturbed: decided beforehand from the seed, so that a failing run can be had again.
// Pure; moments are counted in submissions accepted, because a machine's speed is nobody's seed.

import type { FaultOptions, Queues } from './options.ts'

export type DisturbanceKind = 'kill' | 'flush-redis' | 'restart-redis' | 'restart-postgres'

export interface Disturbance {
  kind: DisturbanceKind
  /** Once the city has had this many submissions accepted … */
  atAccepted: number
  /** … and this much later. */
  delayMs: number
}

const LONGEST_DELAY_MS = 250

/** In the order of happening. Kills are spread over the whole run, one at a random place of each equal stretch. */
export function planDisturbances(options: FaultOptions, queues: Queues): Disturbance[] {
  const random = mulberry32(options.seed)
  const at = (share: number) => Math.max(1, Math.floor(share * options.submissions * 0.97))
  const make = (kind: DisturbanceKind, share: number): Disturbance => ({
    kind,
    atAccepted: at(share),
    delayMs: Math.floor(random() * LONGEST_DELAY_MS),
  })
  const kills = Array.from({ length: options.kills }, (_, i) => make('kill', (i + random()) / options.kills))
  const engines =
    queues === 'redis'
      ? [make('flush-redis', 0.3 + random() * 0.1), make('restart-redis', 0.5 + random() * 0.1)]
      : []
  const postgres = make('restart-postgres', 0.7 + random() * 0.1)
  return [...kills, ...engines, postgres].sort((a, b) => a.atAccepted - b.atAccepted)
}

/** A small generator of uniform numbers in [0,1); public domain, by Tommy Ettinger. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
