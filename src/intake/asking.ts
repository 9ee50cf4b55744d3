// The rhythm in which systems are asked what happened: by one process at a time, at once while there is more,
// after the configured pause otherwise, more seldom while the system is not there. What is asked is the
// callers' business.

import type { Attempt } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import { attemptAt } from '../delivery/attempt-tools.ts'
import { backoffMs } from '../delivery/backoff.ts'
import { inUse, type System } from '../delivery/systems.ts'
import { isLedgerAway } from '../http/ledger-away.ts'

export interface AskingDeps {
  systems: ReadonlyMap<string, System>
  files: Attempt['files']
  now(): Date
  /** Whether this process is the one that asks. */
  leads(): Promise<boolean>
  /** Stops a system for every process. */
  pause(system: string, reason: string): Promise<void>
  observer: {
    asked(facts: { system: string; items: number; ms: number }): void
    askingFailed(facts: {
      system: string
      failure: string
      summary: string
      ms: number
      nextInMs: number
    }): void
    fault(message: string, error: unknown): void
  }
}

/** One asking. */
export interface Turn {
  /** An attempt that has the system's whole time from now on. */
  attempt(): Attempt
  /** Aborts when this process ends: what else takes long must heed it. */
  stopping: AbortSignal
}

/** Asks once. Resolves with how many items came, and whether there is more at once. */
type Ask = (system: System, turn: Turn) => Promise<{ items: number; more: boolean }>

export interface Asking {
  /** Ends after what is under way. */
  close(): Promise<void>
}

const ROUND_MS = 100
const LONGEST_PAUSE_MS = 60_000

/** Asks every system that `applies` to, each in its own rhythm. */
export function startAsking(deps: AskingDeps, applies: (system: System) => boolean, ask: Ask): Asking {
  const stop = new AbortController()
  const busy = new Map<string, Promise<void>>()
  const nextAt = new Map<string, number>()
  const failures = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  async function round(): Promise<void> {
    const due = [...deps.systems.values()].filter(
      (one) => applies(one) && !busy.has(one.id) && (nextAt.get(one.id) ?? 0) <= performance.now(),
    )
    if (due.length === 0 || !(await deps.leads()) || stop.signal.aborted) return
    for (const system of due) {
      const { paused, heldMs } = system.gate.state()
      if (paused !== null || heldMs > 0) continue
      busy.set(
        system.id,
        once(system).finally(() => busy.delete(system.id)),
      )
    }
  }

  async function once(system: System): Promise<void> {
    const began = performance.now()
    const turn = { attempt: () => attemptOf(deps, system, stop.signal), stopping: stop.signal }
    try {
      const { items, more } = await inUse(system, () => ask(system, turn))
      failures.delete(system.id)
      nextAt.set(system.id, performance.now() + (more ? 0 : system.settings.polling.everyMs))
      if (items > 0) deps.observer.asked({ system: system.id, items, ms: performance.now() - began })
    } catch (error) {
      if (stop.signal.aborted) return
      await failed(system, error, performance.now() - began)
    }
  }

  async function failed(system: System, error: unknown, ms: number): Promise<void> {
    // A ledger that is away says nothing of the system: it is not asked more seldom for that.
    if (!(error instanceof AdapterFailure) && isLedgerAway(error)) {
      nextAt.set(system.id, performance.now() + system.settings.polling.everyMs)
      return deps.observer.fault(`asking ${system.id}`, error)
    }
    const inRow = (failures.get(system.id) ?? 0) + 1
    failures.set(system.id, inRow)
    const usual = backoffMs(inRow, { baseMs: system.settings.polling.everyMs, maxMs: LONGEST_PAUSE_MS })
    if (!(error instanceof AdapterFailure)) {
      nextAt.set(system.id, performance.now() + usual)
      return deps.observer.fault(`asking ${system.id}`, error)
    }
    const nextInMs = Math.max(usual, error.retryAfterMs ?? 0)
    nextAt.set(system.id, performance.now() + nextInMs)
    const { kind, message } = error
    deps.observer.askingFailed({ system: system.id, failure: kind, summary: message, ms, nextInMs })
    if (kind !== 'unauthorised') return
    system.gate.pause(message)
    // Where that could not be written the gate is opened again (delivery/pauses.ts), and the next refusal shuts it.
    await deps.pause(system.id, message).catch((fault) => deps.observer.fault(`pausing ${system.id}`, fault))
  }

  function again(): void {
    if (stop.signal.aborted) return
    timer = setTimeout(() => {
      void round()
        .catch((error) => deps.observer.fault('asking systems', error))
        .finally(again)
    }, ROUND_MS)
    timer.unref()
  }

  again()
  return {
    async close() {
      stop.abort(new Error('shutting down'))
      clearTimeout(timer)
      await Promise.allSettled([...busy.values()])
    },
  }
}

function attemptOf(deps: AskingDeps, system: System, stopping: AbortSignal): Attempt {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(system.settings.delivery.timeoutMs)])
  return attemptAt(system, { signal, key: `ask:${system.id}` }, deps)
}
