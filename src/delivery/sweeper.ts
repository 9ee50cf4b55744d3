// The clock of delivery. Every second: work of dead processes is taken over, lost wake-up calls are made again,
// leases that nobody knows of are freed, and consumers that make no progress are made anew. Everything here can run twice
// at no harm. The queues are told and never waited for: an engine that does not answer holds up no takeover.

import type { Due } from '../ledger/changes.ts'
import type { Overdue } from '../ledger/leases.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Delivery } from './delivery.ts'
import { createProgress, type Seen } from './progress.ts'
import type { Queues } from './queue.ts'
import { strayCatcher } from './strays.ts'
import { spacing } from './suspects.ts'
import type { System } from './systems.ts'

export interface SweeperDeps {
  ledger: Pick<Ledger, 'leases' | 'presence' | 'oldestDue'>
  queues: Pick<Queues, 'wake' | 'wakeAgain' | 'restart'>
  delivery: Pick<Delivery, 'adopt' | 'holds' | 'lastProgress'>
  systems: ReadonlyMap<string, System>
  /** Whether this process may become the one that takes over and wakes up. */
  leads: boolean
  onStuck(reason: string): void
  /** `performance.now()`, which nobody sets; another clock for tests. */
  now?(): number
  /** Default: a second. */
  everyMs?: number
  observer: {
    swept(facts: { takenOver: number; rewoken: number }): void
    /** It seems to take its processes down, and waits for its next attempt. */
    suspected(facts: { transfer: string; system: string; nextInMs: number }): void
    restarted(system: string): void
    fault(message: string, error: unknown): void
  }
}

export interface Sweeper {
  /**
   * Resolves once attempts at what a dead process held have begun, or after a second: an engine that is away
   * holds up nobody's start.
   */
  begun: Promise<void>
  /** ms for which the oldest transfer that could go has been due; 0 when there is none. */
  oldestDueMs(): number
  /** ms for which due work has waited here without any progress; null when this process attempts nothing. */
  stalledMs(): number | null
  close(): Promise<void>
}

const EVERY_MS = 1_000
const BEGIN_WITHIN_MS = 1_000
/** A wake-up call is believed to be on its way for this long. */
const GRACE_MS = 2_000
/** Leases that this process does not know of are looked for this often. */
const STRAYS_EVERY_MS = 3_000
const BATCH = 500
/** Of each system, in a round. */
const OVERDUE = 500
const PROBES = 20

export function startSweeper(deps: SweeperDeps): Sweeper {
  const now = deps.now ?? (() => performance.now())
  const progress = createProgress()
  let oldest = 0
  let stalled: number | null = null
  let closed = false
  let timer: NodeJS.Timeout | undefined
  const strays = strayCatcher(deps.ledger.leases, deps.delivery.holds)
  let straysAt = Number.NEGATIVE_INFINITY
  const reached = new Map<string, Overdue>()
  const begun = Promise.withResolvers<void>()
  let ready = false
  let round: Promise<void> = Promise.resolve()

  async function sweep(): Promise<void> {
    if (!ready) await begin()
    void deps.queues.wakeAgain()
    if (await leads()) {
      const takenOver = await takeOver()
      // What is overdue was lost with its queue, is held by a dead consumer, or waits behind a slow one: where there is
      // room in memory it need not wait any longer.
      const overdue = await overdueInTurn(named(deps, isWell))
      if (overdue.length > 0) deps.delivery.adopt(overdue)
      // A system that is not well needs only enough calls for its next probe.
      const probes = await deps.ledger.leases.overdue(GRACE_MS, PROBES, named(deps, isUnwell))
      if (probes.length > 0) void deps.queues.wake(probes)
      if (takenOver + overdue.length > 0) deps.observer.swept({ takenOver, rewoken: overdue.length })
    }
    if (now() - straysAt >= STRAYS_EVERY_MS) await catchStrays()
    await watch()
  }

  /** What a dead process held has waited long enough: it comes before everything else. */
  async function begin(): Promise<void> {
    const takenOver = (await leads()) ? await takeOver() : 0
    if (takenOver > 0) deps.observer.swept({ takenOver, rewoken: 0 })
    begun.resolve()
    ready = true
  }

  const leads = async (): Promise<boolean> => deps.leads && deps.ledger.presence.leads()

  /** All there is, some hundreds at a time; answers how many there were. */
  async function takeOver(): Promise<number> {
    let all = 0
    for (let found = BATCH; found === BATCH && !closed; all += found) {
      const taken = await deps.ledger.leases.takeOver(BATCH, spacing)
      found = taken.length
      const suspects = taken.filter(({ delayMs }) => delayMs > 0)
      const others = taken.flatMap((one): Due[] => (one.delayMs > 0 ? [] : [{ ...one, first: true }]))
      if (others.length > 0) deps.delivery.adopt(others)
      if (suspects.length > 0) void deps.queues.wake(suspects)
      for (const { id, system, delayMs } of suspects)
        deps.observer.suspected({ transfer: id, system, nextInMs: delayMs })
    }
    return all
  }

  /**
   * A long backlog is gone through some hundreds at a time, round after round: what lost its call may be
   * anywhere in it.
   */
  async function overdueInTurn(systems: readonly string[]): Promise<Overdue[]> {
    const found = await deps.ledger.leases.overdue(GRACE_MS, OVERDUE, systems, reached)
    // Who is not well now goes on where it was.
    for (const system of systems) reached.delete(system)
    for (const [system, some] of Map.groupBy(found, (one) => one.system))
      if (some.length === OVERDUE) reached.set(system, some.at(-1)!)
    return found
  }

  async function catchStrays(): Promise<void> {
    straysAt = now()
    const due = await strays(named(deps, ({ adapter }) => !adapter.inbox))
    if (due.length === 0) return
    deps.observer.swept({ takenOver: due.length, rewoken: 0 })
    deps.delivery.adopt(due.map((one) => ({ ...one, first: true })))
  }

  async function watch(): Promise<void> {
    const due = [...(await deps.ledger.oldestDue())].filter(([id]) => canGo(deps.systems.get(id)))
    oldest = Math.max(0, ...due.map(([, ageMs]) => ageMs))
    const attempts = [...deps.systems.keys()].some((id) => deps.delivery.lastProgress(id) > 0)
    const { stalledMs, renew, stuck } = progress.judge(due.flatMap(seen), now())
    stalled = attempts ? stalledMs : null
    if (stuck)
      deps.onStuck(`system ${stuck.system} made no progress for ${Math.round(stuck.silentMs / 1000)} s`)
    for (const id of renew) {
      deps.observer.restarted(id)
      void deps.queues.restart(id)
    }
  }

  /** Nothing for a system that this process makes no attempts for: others see its progress. */
  function seen([system, dueMs]: [string, number]): Seen[] {
    const progressAt = deps.delivery.lastProgress(system)
    const { gate, settings } = deps.systems.get(system)!
    const excusedMs = gate.state().inFlight > 0 ? settings.delivery.timeoutMs : 0
    return progressAt > 0 ? [{ system, dueMs, progressAt, excusedMs }] : []
  }

  function again(): void {
    if (closed) return
    timer = setTimeout(() => {
      round = sweep()
        .catch((error) => deps.observer.fault('sweep', error))
        .finally(again)
    }, deps.everyMs ?? EVERY_MS)
    timer.unref()
  }

  round = sweep()
    .catch((error) => deps.observer.fault('sweep', error))
    .finally(again)
  const patience = setTimeout(begun.resolve, BEGIN_WITHIN_MS)
  void round.finally(begun.resolve)
  void begun.promise.then(() => clearTimeout(patience))
  return {
    begun: begun.promise,
    oldestDueMs: () => oldest,
    stalledMs: () => stalled,
    async close() {
      closed = true
      clearTimeout(timer)
      await round
    },
  }
}

const named = (deps: SweeperDeps, which: (system: System) => boolean): string[] =>
  [...deps.systems.values()].filter(which).map((one) => one.id)

/** Asked to slow down or not: the calls for its work must be there. */
function isWell({ adapter, gate }: System): boolean {
  const { paused, breaker } = gate.state()
  return !adapter.inbox && paused === null && breaker === 'closed'
}

function isUnwell({ gate }: System): boolean {
  const { paused, breaker } = gate.state()
  return paused === null && breaker !== 'closed'
}

const canGo = (system: System | undefined): boolean =>
  system !== undefined && system.gate.state().paused === null && isOpen(system)

/** Its transfers may go, pauses aside. What waits in an inbox waits for its owner. */
export function isOpen({ adapter, gate }: System): boolean {
  const { breaker, heldMs } = gate.state()
  return !adapter.inbox && breaker === 'closed' && heldMs === 0
}
