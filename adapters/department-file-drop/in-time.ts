// How much of a page fits into an attempt: files are read and settled several at a time, and what does not
// fit in time is left for the next page instead of losing this one.

import type { Attempt } from '../../src/adapter-kit/contract.ts'

/** Files at once, each with a request under way: a server far away answers eight as soon as one. */
const AT_ONCE = 8

export interface Time {
  isOver(): boolean
  /** Milliseconds. */
  left(): number
}

/** @param share of the time that the attempt has, counted from now; never over where nobody says how much that is */
export function timeOf({ timeoutMs }: Attempt, share: number): Time {
  const end = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY) * share
  const left = () => end - performance.now()
  return { left, isOver: () => left() <= 0 }
}

interface Pace {
  /** How many may begin together now. */
  most(): number
  /** Does the work for all of them. Ends when nothing is under way any more. @throws what it failed with for one */
  together<T, R>(some: readonly T[], work: (one: T) => Promise<R>): Promise<R[]>
}

/**
 * One alone tells how fast the line is; after it twice as many each time, as long as they would end in the
 * time that is left: what is begun and cut short is begun again by every poll, and none gets any further.
 */
export function paceOf(time: Time): Pace {
  let most = 1
  return {
    most: () => most,
    async together(some, work) {
      const began = performance.now()
      const ended = await Promise.allSettled(some.map(work))
      const took = Math.max(performance.now() - began, 1)
      const fit = Math.floor((some.length * time.left()) / took)
      most = Math.max(1, Math.min(2 * most, AT_ONCE, fit))
      return ended.map((one) => {
        if (one.status === 'rejected') throw one.reason
        return one.value
      })
    },
  }
}

/**
 * Does the work for several of them at once, beginning with the first; begins no more when time is over, or
 * enough was done, or when it failed for one. Ends when nothing is under way any more.
 */
export async function severalAtOnce<T>(
  of: readonly T[],
  time: Time,
  work: (one: T) => Promise<void>,
  isEnough: () => boolean = time.isOver,
): Promise<void> {
  const pace = paceOf(time)
  for (let next = 0; next < of.length && (next === 0 || !isEnough()); ) {
    const some = of.slice(next, next + pace.most())
    next += some.length
    await pace.together(some, work)
  }
}
