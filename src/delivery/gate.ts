// One system's gate in this process: how many attempts at once, how many may wait in memory, and whether any may
// go at all. A system that asked to slow down, was paused or keeps failing holds its own gate, nobody else's.
//
//   closed --failures in a row--> open --openMs--> half-open --one success--> closed
//                                   ^                  |
//                                   +---one failure----+
//
// Two lines wait for a slot: first attempts, and those that come from the queue or are taken up again. They take turns, so
// that a backlog moves however much is new, and what is new however long the backlog.

import { onAbort } from './on-abort.ts'

export interface GateLimits {
  concurrency: number
  /** Leased transfers that may wait in memory for a slot, beside those in flight. */
  waitingRoom: number
  breaker: { failures: number; openMs: number }
}

export interface GateOptions extends GateLimits {
  now?(): number
}

export interface Gate {
  /** Takes a place in memory for one leased transfer; false when it must go through the queue. `times`: of a larger room. */
  reserve(times?: number): boolean
  release(): void
  /** Waits in line for a slot; the answer gives it back. Rejects with the signal's reason. */
  enter(signal: AbortSignal, line?: Line): Promise<() => void>
  /** Tells how an attempt went: an outage counts towards the breaker, anything else shows that the system is there. */
  report(outage: boolean): void
  /** Nothing goes for that long. */
  hold(ms: number): void
  pause(reason: string): void
  resume(): void
  /** Other limits from now on; whoever is inside stays, and what is paused, held or broken remains so. */
  adjust(limits: GateLimits): void
  state(): GateState
}

/** Default: first. */
export type Line = 'first' | 'again'

export interface GateState {
  breaker: 'closed' | 'open' | 'half-open'
  paused: string | null
  /** ms until anything may go; 0 when it may. */
  heldMs: number
  inFlight: number
  waiting: number
  reserved: number
  failuresInRow: number
}

/** Timers that are longer fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

interface Entrant {
  admit(): void
}

export function createGate(options: GateOptions): Gate {
  const now = options.now ?? (() => performance.now())
  let limits: GateLimits = options
  let inFlight = 0
  let reserved = 0
  const lines: Record<Line, Entrant[]> = { first: [], again: [] }
  let turn: Line = 'first'
  let heldUntil = 0
  let failures = 0
  let probing = false
  let paused: string | null = null
  let timer: NodeJS.Timeout | undefined

  const broken = (): boolean => failures >= limits.breaker.failures
  const held = (): number => Math.max(0, heldUntil - now())
  const slots = (): number => (broken() ? 1 : limits.concurrency)
  const shut = (): boolean => paused !== null || held() > 0

  const waiting = (): number => lines.first.length + lines.again.length

  function next(): Entrant | undefined {
    const other = turn === 'first' ? 'again' : 'first'
    const one = lines[turn].shift() ?? lines[other].shift()
    turn = other
    return one
  }

  function admit(): void {
    while (waiting() > 0 && inFlight < slots() && !shut()) {
      inFlight++
      probing = broken()
      next()!.admit()
    }
    if (waiting() > 0 && paused === null && held() > 0 && timer === undefined) wait(held())
  }

  function wait(ms: number): void {
    timer = setTimeout(
      () => {
        timer = undefined
        admit()
      },
      Math.min(ms + 1, LONGEST_TIMER_MS),
    )
    timer.unref()
  }

  function leave(): void {
    inFlight--
    probing = false
    admit()
  }

  function hold(ms: number): void {
    heldUntil = Math.max(heldUntil, now() + ms)
  }

  return {
    reserve(times = 1) {
      if (shut() || broken() || reserved >= (limits.concurrency + limits.waitingRoom) * times) return false
      reserved++
      return true
    },
    release() {
      reserved--
    },
    enter(signal, line = 'first') {
      return new Promise((resolve, reject) => {
        const entrant: Entrant = {
          admit() {
            stay()
            let left = false
            resolve(() => {
              if (left) return
              left = true
              leave()
            })
          },
        }
        const stay = onAbort(signal, () => {
          lines[line] = lines[line].filter((one) => one !== entrant)
          reject(signal.reason as Error)
        })
        if (signal.aborted) return
        lines[line].push(entrant)
        admit()
      })
    },
    report(outage) {
      if (!outage) {
        failures = 0
        return
      }
      failures++
      if (failures === limits.breaker.failures || (broken() && probing)) hold(limits.breaker.openMs)
    },
    hold,
    pause(reason) {
      paused = reason
    },
    resume() {
      paused = null
      admit()
    },
    adjust(others) {
      limits = others
      admit()
    },
    state: () => ({
      breaker: !broken() ? 'closed' : held() > 0 ? 'open' : 'half-open',
      paused,
      heldMs: Math.round(held()),
      inFlight,
      waiting: waiting(),
      reserved,
      failuresInRow: failures,
    }),
  }
}
