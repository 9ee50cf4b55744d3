// One system's gate in this process: how many attempts at once, how many may wait in memory, and whether any may
// go at all. A system that asked to slow down, was paused or keeps failing holds its own gate, nobody else's.
//
//   closed --failures in a row--> open --openMs--> half-open --one success--> closed
//                                   ^                  |
//                                   +---one failure----+
//
// Whoever has been due longest goes first, whether it waits in memory since its commit or came back through the queue:
// nobody who applied earlier waits for who applied later.

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
  /**
   * Takes a place in memory for one leased transfer; false when it must go through the queue. `times`: of a
   * larger room.
   */
  reserve(times?: number): boolean
  release(): void
  /**
   * Waits in line for a slot; the answer gives it back. `dueForMs`: so long already, default 0. Rejects with
   * the signal's reason.
   */
  enter(signal: AbortSignal, dueForMs?: number): Promise<() => void>
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

interface GateState {
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
  /** Since when it has been due, by the gate's clock. */
  since: number
  admit(): void
}

export function createGate(options: GateOptions): Gate {
  const now = options.now ?? (() => performance.now())
  let limits: GateLimits = options
  let inFlight = 0
  let reserved = 0
  /** Whoever has been due longest stands first. */
  let line: Entrant[] = []
  let heldUntil = 0
  let failures = 0
  let probing = false
  let paused: string | null = null
  let timer: NodeJS.Timeout | undefined

  const broken = (): boolean => failures >= limits.breaker.failures
  const held = (): number => Math.max(0, heldUntil - now())
  const slots = (): number => (broken() ? 1 : limits.concurrency)
  const shut = (): boolean => paused !== null || held() > 0

  function admit(): void {
    while (line.length > 0 && inFlight < slots() && !shut()) {
      inFlight++
      probing = broken()
      line.shift()!.admit()
    }
    if (line.length > 0 && paused === null && held() > 0 && timer === undefined) wait(held())
  }

  /** Behind all who have been due as long or longer. */
  function queueUp(entrant: Entrant): void {
    let place = line.length
    while (place > 0 && line[place - 1]!.since > entrant.since) place--
    line.splice(place, 0, entrant)
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
    enter(signal, dueForMs = 0) {
      return new Promise((resolve, reject) => {
        const entrant: Entrant = {
          since: now() - dueForMs,
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
          line = line.filter((one) => one !== entrant)
          reject(signal.reason as Error)
        })
        if (signal.aborted) return
        queueUp(entrant)
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
      waiting: line.length,
      reserved,
      failuresInRow: failures,
    }),
  }
}
