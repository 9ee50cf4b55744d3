// How much of a page fits into an attempt: files are read and settled several at a time, and what does not
// fit in time is left for the next page instead of losing this one.

import type { Attempt } from '../../src/adapter-kit/contract.ts'

/** Files at once, each with a request under way: a server far away answers eight as soon as one. */
export const AT_ONCE = 8

/** @param share of the time that the attempt has, counted from now; never over where nobody says how much that is */
export function timeOf({ timeoutMs }: Attempt, share: number): { isOver(): boolean } {
  const end = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY) * share
  return { isOver: () => performance.now() >= end }
}

/**
 * Does the work for several of them at once, beginning with the first; begins no more when `isOver` says so,
 * or when it failed for one. Ends when nothing is under way any more.
 */
export async function severalAtOnce<T>(
  of: readonly T[],
  isOver: () => boolean,
  work: (one: T) => Promise<void>,
): Promise<void> {
  let next = 0
  let failed = false
  const mayBegin = () => next < of.length && !failed && (next === 0 || !isOver())
  const worker = async (): Promise<void> => {
    while (mayBegin())
      await work(of[next++] as T).catch((error: unknown) => {
        failed = true
        throw error
      })
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker))
  const failure = ended.find((one) => one.status === 'rejected')
  if (failure) throw failure.reason
}
