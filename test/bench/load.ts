// How load is made: as fast as it is taken (closed loop, a fixed number in flight), or at a fixed rate whatever happens
// (open loop, times counted from the intended moment, so that a stall is not hidden: no coordinated omission).

import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchCity } from './city.ts'

interface Window {
  /** Finished within the measured window. */
  count: number
  seconds: number
  perSecond: number
}

interface ClosedLoop {
  theme: string
  /** 'finished': a case counts when the platform was called back; 'answered': a submission counts at its 202. */
  until: 'answered' | 'finished'
  inFlight: number
  warmUpMs: number
  seconds: number
  /** Called at the start and at the end of the measured window. */
  onWindow?: (edge: 'start' | 'end') => void
}

const PAUSE_AFTER_FAILURE_MS = 20

/** Keeps `inFlight` submissions under way and counts those finished between the end of the warm-up and the end. */
export async function runClosedLoop(city: BenchCity, options: ClosedLoop): Promise<Window> {
  let count = 0
  let going = true
  const next = () => {
    if (!going) return
    city.submit({ theme: options.theme, intendedAt: performance.now(), until: options.until, done })
  }
  const done = (ok: boolean) => {
    if (ok) count++
    if (ok) next()
    else setTimeout(next, PAUSE_AFTER_FAILURE_MS)
  }
  for (let i = 0; i < options.inFlight; i++) next()
  await sleep(options.warmUpMs)
  options.onWindow?.('start')
  const startedAt = performance.now()
  const before = count
  await sleep(options.seconds * 1000)
  const seconds = (performance.now() - startedAt) / 1000
  const finished = count - before
  options.onWindow?.('end')
  going = false
  return { count: finished, seconds, perSecond: finished / seconds }
}

/** Submits `perSecond` times a second for `seconds`, never waiting for an answer. */
export async function runOpenLoop(
  city: BenchCity,
  options: { theme: string; perSecond: number; seconds: number },
): Promise<void> {
  await openLoop(options, (intendedAt) =>
    city.submit({ theme: options.theme, intendedAt, until: 'finished', done: () => undefined }),
  )
}

/** Calls `act` at each intended moment, and never waits for what comes of it. */
export async function openLoop(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  act: (intendedAt: number) => void,
): Promise<void> {
  const total = perSecond * seconds
  const startedAt = performance.now()
  for (let i = 0; i < total; i++) {
    const intendedAt = startedAt + (i * 1000) / perSecond
    const early = intendedAt - performance.now()
    if (early > 0) await sleep(early)
    // A timer may fire a little early; what is sent early is timed from then.
    act(Math.min(intendedAt, performance.now()))
  }
}

/** Waits until every accepted case is finished, at most `withinMs`; the tally tells what is missing then. */
export async function drain(city: BenchCity, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline && city.unfinished() > 0) await sleep(50)
  await sleep(100)
}
