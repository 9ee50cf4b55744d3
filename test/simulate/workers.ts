// Threads that live stretches of lives, one at a time each. They share nothing: a life is its number and its seed.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { LifeOptions } from './life.ts'
import type { Stretch, StretchOptions } from './stretch.ts'

/** What a thread is started with, and what it is told to live. */
export type Given = Pick<LifeOptions, 'seed' | 'faults'>
export type Numbers = Pick<StretchOptions, 'from' | 'lives'>

interface LivingThread {
  /** Rejects when the thread fails. */
  live(numbers: Numbers): Promise<Stretch>
}

/** They end with the list. */
export function startWorkers(
  { seed, faults }: Given,
  count: number,
): Pick<LivingThread[], 'map'> & AsyncDisposable {
  const threads = Array.from(
    { length: count },
    () => new Worker(new URL('thread.ts', import.meta.url), { workerData: { seed, faults } satisfies Given }),
  )
  const living = threads.map((thread) => ({
    async live(numbers: Numbers) {
      const answered = once(thread, 'message')
      thread.postMessage(numbers)
      return ((await answered) as [Stretch])[0]
    },
  }))
  return Object.assign(living, {
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  })
}
