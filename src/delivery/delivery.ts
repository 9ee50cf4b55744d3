// Transfers out. The first attempt comes straight from memory under the lease that the commit took; whatever
// must wait, failed, found no room or was left behind by a dead process comes back as a wake-up call from its
// system's queue, is claimed from the ledger, and takes the same path.
//
//   ledger commit --leased--> gate --> attempt --> outcome --> ledger.record | postpone --> wake-up call
//                 \--due----> queue --> gate --> claim --^
//
// Only attempts that begin are counted: what waits in memory when a process dies says nothing against a transfer.

import type { Due, FirstAttempts, Leased } from '../ledger/changes.ts'
import type { Claim, Held } from '../ledger/leases.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type AttemptTools, attemptTransfer, type Result } from './attempt.ts'
import { isOutage } from './outcome.ts'
import type { Queues, WakeUp } from './queue.ts'
import { settle, untilAnswered, wake } from './settle.ts'
import { nameOf } from './strays.ts'
import { takesWorkerDown, verdictOn } from './suspects.ts'
import { inUse, type System, shortestLeaseMs } from './systems.ts'

/** What delivery tells the rest: one call per unit of work. */
export interface DeliveryObserver {
  attempted(facts: {
    transfer: string
    case: string | null
    system: string
    operation: string
    number: number
    outcome: string
    ms: number
    summary?: string
    duplicate?: boolean
    nextInMs?: number
  }): void
  paused(system: string, reason: string): void
  fault(message: string, error: unknown): void
}

export interface DeliveryDeps {
  ledger: Ledger
  queues: Queues
  systems: ReadonlyMap<string, System>
  tools: AttemptTools
  observer: DeliveryObserver
  /** Stops a system for every process. */
  pause(system: string, reason: string): Promise<void>
}

export interface Delivery extends FirstAttempts {
  /**
   * Attempts what was just taken over, as far as there is room in memory; the rest gets wake-up calls, which nobody
   * waits for.
   */
  adopt(due: readonly Due[]): void
  /** From now on this process makes attempts: of what commits lease to it, and of what it takes over. */
  work(): void
  /** Starts consuming wake-up calls. */
  consume(): void
  /** A system was added: its wake-up calls are consumed as well, where any are. */
  join(system: string): void
  /** Whether it is in memory: waiting, under way, or about to be given back. */
  holds(lease: Held): boolean
  /** When the system last ended an attempt, by `performance.now()`; 0 when none has. */
  lastProgress(system: string): number
  /** Hands back what has not begun, waits for what has. */
  close(): Promise<void>
}

/** What dead processes held finds room beside what this one has anyway: so many rooms full. */
const ROOM_FOR_THE_ABANDONED = 4
/** How long attempts under way may take to end when the process is stopped, and how long to give them up. */
const DRAIN_MS = 4_500
const GIVE_UP_MS = 1_500

export function createDelivery(deps: DeliveryDeps): Delivery {
  /** Nothing new begins. */
  const stop = new AbortController()
  /** What is under way is given up. */
  const cut = new AbortController()
  const running = new Set<Promise<void>>()
  const progress = new Map<string, number>()
  const held = new Set<string>()
  let working = false
  let consuming = false

  /** The lease is known to be here until the work with it has ended. */
  async function holding(leased: Leased, work: () => Promise<void>): Promise<void> {
    const name = nameOf({ id: leased.transfer.id, epoch: leased.epoch })
    held.add(name)
    await work().finally(() => held.delete(name))
  }

  function track(work: Promise<void>): void {
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  /** The system as it is configured now: it may have been replaced while its transfer waited. */
  const current = (system: System): System => deps.systems.get(system.id) ?? system

  /** `begin` counts the attempt when its turn has come, and tells how many have begun; null when the lease was lost. */
  async function fromMemory(
    leased: Leased,
    system: System,
    leaseMs: number,
    dueForMs: number,
    begin: (leaseMs: number) => Promise<number | null>,
  ): Promise<void> {
    const since = performance.now()
    const waitedMs = () => performance.now() - since
    try {
      const leave = await system.gate.enter(stop.signal, dueForMs)
      const now = current(system)
      const inTime = waitedMs() <= leaseMs - now.settings.delivery.timeoutMs
      const goes = inTime && !now.adapter.inbox && !leased.session?.aborted
      const claims = goes ? await begin(now.leaseMs).catch(() => null) : null
      if (claims === null) leave()
      await (claims === null
        ? givenBack(leased, false, waitedMs())
        : perform({ ...leased, claims }, now, leave))
    } catch {
      await givenBack(leased, false, waitedMs())
    } finally {
      system.gate.release()
    }
  }

  /** `dueForMs`: how long it has waited here for its turn. */
  const givenBack = async (leased: Leased, begun: boolean, dueForMs = 0): Promise<void> =>
    void (await untilAnswered(deps, cut.signal, () => handBack(deps, leased, begun, dueForMs)))

  /** Leased at once, so that nobody else takes it over; counted when its turn has come. */
  async function fromLedger(due: Due, system: System): Promise<void> {
    const { id, epoch } = due
    const { leases } = deps.ledger
    const { leaseMs } = system
    const leased = await claimed({ id, epoch, leaseMs, begins: false })
    if (leased) {
      const dueForMs = due.first ? Number.POSITIVE_INFINITY : -due.delayMs
      const begin = (ms: number) => leases.begin({ id, epoch: leased.epoch, leaseMs: ms })
      return holding(leased, () => fromMemory(leased, system, leaseMs, dueForMs, begin))
    }
    system.gate.release()
    // Behind an earlier one of its lane, or somebody else's already.
    await wake(deps, [due])
  }

  /** The call for it is used up, so while the database is away it is claimed until that answers. */
  const claimed = (claim: Claim): Promise<Leased | null> =>
    untilAnswered(deps, stop.signal, () => deps.ledger.leases.claim(claim))

  async function fromQueue(call: WakeUp, known: System): Promise<void> {
    // Stopped while it waits: its call is used up, so it is claimed all the same and given back with a new one.
    const leave = await known.gate.enter(stop.signal, Date.now() - call.dueAt).catch(() => () => undefined)
    const system = current(known)
    if (system.adapter.inbox) return leave()
    await inUse(system, () => claimAndPerform(call, system, leave))
  }

  async function claimAndPerform(call: WakeUp, system: System, leave: () => void): Promise<void> {
    const leased = await claimed({ id: call.transfer, epoch: call.epoch, leaseMs: system.leaseMs })
    if (!leased) return leave()
    const goes = !stop.signal.aborted && !leased.session?.aborted
    if (!goes) leave()
    await holding(leased, () => (goes ? perform(leased, system, leave) : givenBack(leased, true)))
  }

  /** Attempts and settles; the slot is free again as soon as the system has answered. */
  async function perform(leased: Leased, system: System, leave: () => void): Promise<void> {
    const startedAt = deps.ledger.now()
    const began = performance.now()
    const result = await inUse(system, () => resultOf(leased, system))
    const ms = performance.now() - began
    // What we gave up ourselves says nothing of the system.
    if (!leased.session?.aborted) system.gate.report('failure' in result && isOutage(result.failure))
    leave()
    progress.set(system.id, performance.now())
    await untilAnswered(deps, cut.signal, () => settle(deps, { leased, system, startedAt, ms }, result))
  }

  /** What seems to take its worker down is sent no more; but it may have arrived, so it is looked for once. */
  async function resultOf(leased: Leased, system: System): Promise<Result> {
    const verdict = verdictOn(leased)
    if (verdict === 'send') return attemptTransfer(leased, system, deps.tools, cut.signal)
    const found =
      verdict === 'look' ? await attemptTransfer(leased, system, deps.tools, cut.signal, 'look') : undefined
    return found && 'delivered' in found ? found : { bug: takesWorkerDown(leased.claims) }
  }

  function consumeFor({ id, settings }: System): void {
    progress.set(id, performance.now())
    deps.queues.work(id, settings.delivery.concurrency, async (call) => {
      const system = deps.systems.get(id)
      if (!system) return
      const work = fromQueue(call, system).catch(() => undefined)
      track(work)
      await work
    })
  }

  return {
    reserve(id) {
      const system = deps.systems.get(id)
      const attempts = working && !stop.signal.aborted && !system?.adapter.inbox
      return attempts && system?.gate.reserve() ? system.leaseMs : null
    },
    release: (id) => deps.systems.get(id)?.gate.release(),
    attempt(list) {
      for (const leased of list) {
        const system = deps.systems.get(leased.transfer.system)
        const work = () =>
          system
            ? fromMemory(leased, system, shortestLeaseMs(system), 0, async () => leased.claims)
            : givenBack(leased, false)
        track(holding(leased, work))
      }
    },
    wake: (due) => track(wake(deps, due)),
    adopt(due) {
      const rest: Due[] = []
      for (const one of due) {
        const system = deps.systems.get(one.system)
        if (system?.adapter.inbox) continue
        const times = one.first ? ROOM_FOR_THE_ABANDONED : 1
        if (working && !stop.signal.aborted && system?.gate.reserve(times)) track(fromLedger(one, system))
        else rest.push(one)
      }
      if (rest.length > 0) track(wake(deps, rest))
    },
    work() {
      working = true
    },
    consume() {
      consuming = true
      for (const system of deps.systems.values()) consumeFor(system)
    },
    join(id) {
      const system = deps.systems.get(id)
      if (consuming && system && !stop.signal.aborted) consumeFor(system)
    },
    holds: (lease) => held.has(nameOf(lease)),
    lastProgress: (system) => progress.get(system) ?? 0,
    async close() {
      const reason = new Error('shutting down')
      const resting = deps.queues.rest()
      stop.abort(reason)
      await ended(running, DRAIN_MS)
      cut.abort(reason)
      await ended(running, GIVE_UP_MS)
      // A consumer may take one more call while it ends, of what was given back just now.
      await resting
    },
  }
}

async function ended(running: ReadonlySet<Promise<void>>, withinMs: number): Promise<void> {
  if (running.size === 0) return
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, withinMs)
  })
  await Promise.race([Promise.allSettled([...running]), limit])
  clearTimeout(timer)
}

/** Gives a lease back unused, as due as it was. */
async function handBack(deps: DeliveryDeps, leased: Leased, begun: boolean, dueForMs: number): Promise<void> {
  const due = await deps.ledger.leases.postpone({
    id: leased.transfer.id,
    epoch: leased.epoch,
    delayMs: -dueForMs,
    look: false,
    failure: null,
    attempt: null,
    begun,
  })
  if (due) await wake(deps, [due])
}
