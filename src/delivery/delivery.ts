// Transfers out. The first attempt comes straight from memory under the lease that the commit took; whatever
// must wait, failed, found no room or was left behind by a dead process comes back as a wake-up call from its
// system's queue, is claimed from the ledger, and takes the same path.
//
//   ledger commit --leased--> gate --> attempt --> outcome --> ledger.record | postpone --> wake-up call
//                 \--due----> queue --> gate --> claim --^

import type { AdapterFailure } from '../adapter-kit/failures.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { Due, FirstAttempts, Leased } from '../ledger/changes.ts'
import { isAway } from '../ledger/database.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type AttemptTools, attemptTransfer, type Result } from './attempt.ts'
import { attemptRecord, isOutage, nextStep } from './outcome.ts'
import type { Queues, WakeUp } from './queue.ts'
import type { System } from './systems.ts'

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
  /** Attempts from memory what was just taken over, as far as there is room; the rest gets wake-up calls. */
  adopt(due: readonly Due[]): Promise<void>
  /** Starts consuming wake-up calls. */
  work(): void
  /** When the system last ended an attempt, ms since the epoch. */
  lastProgress(system: string): number
  /** Hands back what has not begun, waits for what has. */
  close(): Promise<void>
}

/** A transfer that was claimed this often without any outcome takes its worker down with it. */
const MAX_CLAIMS = 6
const RETRY_COMMIT_MS = 250
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
  let consuming = false

  function track(work: Promise<void>): void {
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  async function fromMemory(leased: Leased, system: System): Promise<void> {
    const since = performance.now()
    try {
      const leave = await system.gate.enter(stop.signal)
      const tooLate = performance.now() - since > system.leaseMs - system.settings.delivery.timeoutMs
      if (tooLate) leave()
      await (tooLate ? handBack(deps, leased) : perform(leased, system, leave))
    } catch {
      await handBack(deps, leased)
    } finally {
      system.gate.release()
    }
  }

  async function claimed(due: Due, system: System): Promise<void> {
    const leased = await deps.ledger.leases
      .claim({ id: due.id, epoch: due.epoch, leaseMs: system.leaseMs })
      .catch(() => null)
    if (leased) return fromMemory(leased, system)
    system.gate.release()
    // Behind an earlier one of its lane, or somebody else's already.
    await wake(deps, [due])
  }

  async function fromQueue(call: WakeUp, system: System): Promise<void> {
    const leave = await system.gate.enter(stop.signal)
    const leased = await deps.ledger.leases
      .claim({ id: call.transfer, epoch: call.epoch, leaseMs: system.leaseMs })
      .catch(() => null)
    if (!leased) return leave()
    if (stop.signal.aborted) {
      leave()
      return handBack(deps, leased)
    }
    await perform(leased, system, leave)
  }

  /** Attempts and settles; the slot is free again as soon as the system has answered. */
  async function perform(leased: Leased, system: System, leave: () => void): Promise<void> {
    const startedAt = deps.ledger.now()
    const began = performance.now()
    const result =
      leased.claims > MAX_CLAIMS
        ? poisonous(leased)
        : await attemptTransfer(leased, system, deps.tools, cut.signal)
    const ms = performance.now() - began
    system.gate.report('failure' in result && isOutage(result.failure))
    leave()
    progress.set(system.id, Date.now())
    await untilRecorded(deps, cut.signal, () => settle(deps, leased, system, result, startedAt, ms))
  }

  return {
    reserve(id) {
      const system = deps.systems.get(id)
      return consuming && !stop.signal.aborted && system?.gate.reserve() ? system.leaseMs : null
    },
    release: (id) => deps.systems.get(id)?.gate.release(),
    attempt(list) {
      for (const leased of list) track(fromMemory(leased, deps.systems.get(leased.transfer.system)!))
    },
    wake: (due) => track(wake(deps, due)),
    async adopt(due) {
      const rest: Due[] = []
      for (const one of due) {
        const system = deps.systems.get(one.system)
        if (consuming && system?.gate.reserve()) track(claimed(one, system))
        else rest.push(one)
      }
      if (rest.length > 0) await wake(deps, rest)
    },
    work() {
      consuming = true
      for (const system of deps.systems.values()) {
        progress.set(system.id, Date.now())
        deps.queues.work(system.id, system.settings.delivery.concurrency, (call) => {
          const work = fromQueue(call, system).catch(() => undefined)
          track(work)
          return work
        })
      }
    },
    lastProgress: (system) => progress.get(system) ?? 0,
    async close() {
      const reason = new Error('shutting down')
      void deps.queues.rest()
      stop.abort(reason)
      await ended(running, DRAIN_MS)
      cut.abort(reason)
      await ended(running, GIVE_UP_MS)
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

const poisonous = (leased: Leased): Result => ({
  bug: new Error(`claimed ${leased.claims - 1} times without any outcome: it seems to take its worker down`),
})

async function settle(
  deps: DeliveryDeps,
  leased: Leased,
  system: System,
  result: Result,
  startedAt: Date,
  ms: number,
): Promise<void> {
  if ('delivered' in result) {
    const { files: _, ...receipt } = result.delivered
    await end(
      deps,
      leased,
      system,
      startedAt,
      ms,
      'delivered',
      null,
      { type: 'transfer.delivered', transferId: leased.transfer.id, receipt: result.delivered },
      { receipt },
    )
    return
  }
  if ('bug' in result) {
    deps.observer.fault(`${system.id} ${leased.transfer.operation} ${leased.transfer.id}`, result.bug)
    await end(
      deps,
      leased,
      system,
      startedAt,
      ms,
      'bug',
      result.bug.message,
      { type: 'transfer.buried', transferId: leased.transfer.id, reason: `fault: ${result.bug.message}` },
      { failure: { kind: 'bug', summary: result.bug.message } },
    )
    return
  }
  await settleFailure(deps, leased, system, result.failure, startedAt, ms)
}

async function settleFailure(
  deps: DeliveryDeps,
  leased: Leased,
  system: System,
  failure: AdapterFailure,
  startedAt: Date,
  ms: number,
): Promise<void> {
  const next = nextStep(failure, leased, system.settings.delivery)
  const facts = {
    kind: failure.kind,
    summary: failure.message,
    ...(failure.code ? { code: failure.code } : {}),
  }
  if (next.do === 'bury') {
    const event: DomainEvent = next.refused
      ? { type: 'transfer.refused', transferId: leased.transfer.id, code: next.code, reason: next.reason }
      : { type: 'transfer.buried', transferId: leased.transfer.id, reason: next.reason }
    await end(deps, leased, system, startedAt, ms, failure.kind, failure.message, event, { failure: facts })
    return
  }
  if (next.hold) system.gate.hold(next.hold)
  if (next.pause) {
    system.gate.pause(next.pause)
    await deps.pause(system.id, next.pause)
    deps.observer.paused(system.id, next.pause)
  }
  const attempt = attemptRecord(leased, startedAt, ms, failure.kind, failure.message)
  const due = await deps.ledger.leases.postpone({
    id: leased.transfer.id,
    epoch: leased.epoch,
    delayMs: next.delayMs,
    look: next.look,
    failure: facts,
    attempt,
  })
  tell(deps, leased, system, failure.kind, ms, { summary: failure.message, nextInMs: next.delayMs })
  if (due) await wake(deps, [due])
}

async function end(
  deps: DeliveryDeps,
  leased: Leased,
  system: System,
  startedAt: Date,
  ms: number,
  outcome: string,
  summary: string | null,
  event: DomainEvent,
  facts: { receipt?: unknown; failure?: unknown },
): Promise<void> {
  await deps.ledger.record({
    submissionId: leased.submissionId,
    event,
    attempt: attemptRecord(leased, startedAt, ms, outcome, summary),
    ...facts,
  })
  const duplicate = event.type === 'transfer.delivered' && event.receipt.duplicate === true
  tell(deps, leased, system, outcome, ms, {
    ...(summary ? { summary } : {}),
    ...(duplicate ? { duplicate } : {}),
  })
}

function tell(
  deps: DeliveryDeps,
  leased: Leased,
  system: System,
  outcome: string,
  ms: number,
  more: { summary?: string; duplicate?: boolean; nextInMs?: number },
): void {
  const { id, caseId, operation } = leased.transfer
  deps.observer.attempted({
    transfer: id,
    case: caseId,
    system: system.id,
    operation,
    number: leased.attempts + 1,
    outcome,
    ms,
    ...more,
  })
}

/** An outcome is never thrown away because the database was away for a while. After a stop, takeover finds it out. */
async function untilRecorded(
  deps: DeliveryDeps,
  stop: AbortSignal,
  record: () => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      return await record()
    } catch (error) {
      if (!isAway(error)) deps.observer.fault('an outcome could not be recorded', error)
      if (stop.aborted || !isAway(error)) return
      await new Promise((resolve) => setTimeout(resolve, RETRY_COMMIT_MS))
    }
  }
}

/** Gives a lease back unused. */
async function handBack(deps: DeliveryDeps, leased: Leased): Promise<void> {
  const due = await deps.ledger.leases
    .postpone({
      id: leased.transfer.id,
      epoch: leased.epoch,
      delayMs: 0,
      look: false,
      failure: null,
      attempt: null,
    })
    .catch(() => null)
  if (due) await wake(deps, [due])
}

/** A wake-up call that cannot be made now is made by the sweeper. */
async function wake(deps: DeliveryDeps, due: readonly Due[]): Promise<void> {
  await deps.queues.wake(due).catch(() => undefined)
}
