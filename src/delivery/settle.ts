// How an attempt ends: its outcome is recorded with whatever follows from it, or it is put off and somebody is
// woken when its time has come. An outcome is never thrown away because the database was away for a while.

import type { Outgoing } from '../adapter-kit/contract.ts'
import { type AdapterFailure, keepable } from '../adapter-kit/failures.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { Due, Leased } from '../ledger/changes.ts'
import { isPassing } from '../ledger/database.ts'
import { canLook, type Result } from './attempt.ts'
import type { DeliveryDeps } from './delivery.ts'
import { attemptRecord, nextStep } from './outcome.ts'
import type { System } from './systems.ts'

const ASK_AGAIN_MS = 250

/** An attempt that is over. */
interface Attempted {
  leased: Leased
  system: System
  startedAt: Date
  ms: number
}

export async function settle(deps: DeliveryDeps, attempted: Attempted, result: Result): Promise<void> {
  if ('failure' in result) return settleFailure(deps, attempted, result)
  const { leased, system } = attempted
  const { id: transferId, operation } = leased.transfer
  if ('delivered' in result) {
    const { files: _, ...receipt } = result.delivered
    const event = { type: 'transfer.delivered', transferId, receipt: result.delivered } as const
    return end(deps, attempted, { outcome: 'delivered', summary: null, event, facts: { receipt } })
  }
  const summary = keepable(result.bug.message)
  // Whatever it is, it is not the ledger's.
  deps.observer.fault(`${system.id} ${operation} ${transferId}`, new Error(summary, { cause: result.bug }))
  const event = { type: 'transfer.buried', transferId, reason: `fault: ${summary}` } as const
  return end(deps, attempted, {
    outcome: 'bug',
    summary,
    event,
    facts: {
      failure: { kind: 'bug', summary },
      ...(result.sent && canLook(operationOf(system, leased)) ? { look: true } : {}),
    },
  })
}

async function settleFailure(
  deps: DeliveryDeps,
  attempted: Attempted,
  { failure, inDoubt, timedOut }: Extract<Result, { failure: AdapterFailure }>,
): Promise<void> {
  const { leased, system, startedAt, ms } = attempted
  const { delivery } = system.settings
  // Where the same key twice is one effect, nothing is lost by asking early.
  const mayDouble = timedOut && failure.sent && !operationOf(system, leased)?.honoursKey
  const next = nextStep(failure, leased, delivery, mayDouble ? delivery.timeoutMs : 0)
  const { kind: outcome, message: summary } = failure
  const facts = { kind: outcome, summary, ...(failure.code ? { code: failure.code } : {}) }
  if (next.hold) system.gate.hold(next.hold)
  if (next.do === 'bury') {
    const { id: transferId } = leased.transfer
    const { reason } = next
    const event: DomainEvent = next.refused
      ? {
          type: 'transfer.refused',
          transferId,
          code: next.code,
          reason,
          ...(inDoubt ? { inDoubt } : {}),
        }
      : {
          type: 'transfer.buried',
          transferId,
          reason,
          ...(!failure.sent && !inDoubt && !leased.look ? { neverSent: true } : {}),
        }
    const look = !next.refused && failure.sent && canLook(operationOf(system, leased))
    const more = { failure: facts, ...(look ? { look } : {}) }
    return end(deps, attempted, { outcome, summary, event, facts: more })
  }
  if (next.pause) {
    system.gate.pause(next.pause)
    await deps.pause(system.id, next.pause)
    deps.observer.paused(system.id, next.pause)
  }
  const due = await deps.ledger.leases.postpone({
    id: leased.transfer.id,
    epoch: leased.epoch,
    delayMs: next.delayMs,
    look: next.look,
    failure: facts,
    attempt: attemptRecord(leased, startedAt, ms, outcome, summary),
  })
  tell(deps, attempted, outcome, { summary, nextInMs: next.delayMs })
  if (due) await wake(deps, [due])
}

const operationOf = ({ adapter }: System, { transfer }: Leased) =>
  adapter.outgoing[transfer.operation] as Outgoing<unknown> | undefined

/** What is recorded of an attempt after which there is no other. */
interface End {
  outcome: string
  summary: string | null
  event: DomainEvent
  facts: { receipt?: unknown; failure?: unknown; look?: boolean }
}

async function end(
  deps: DeliveryDeps,
  attempted: Attempted,
  { outcome, summary, event, facts }: End,
): Promise<void> {
  const { leased, startedAt, ms } = attempted
  await deps.ledger.record({
    submissionId: leased.submissionId,
    event,
    attempt: attemptRecord(leased, startedAt, ms, outcome, summary),
    ...facts,
  })
  const duplicate = event.type === 'transfer.delivered' && event.receipt.duplicate === true
  tell(deps, attempted, outcome, {
    ...(summary ? { summary } : {}),
    ...(duplicate ? { duplicate } : {}),
  })
}

function tell(
  { observer }: DeliveryDeps,
  { leased, system, ms }: Attempted,
  outcome: string,
  more: { summary?: string; duplicate?: boolean; nextInMs?: number },
): void {
  const { id, caseId, operation } = leased.transfer
  observer.attempted({
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

/**
 * Asks the ledger again while it is away: no outcome is thrown away for that, and no wake-up call. null where
 * it refuses, or is still away when everything stops: takeover and sweeper find it out.
 */
export async function untilAnswered<T>(
  { observer }: Pick<DeliveryDeps, 'observer'>,
  stop: AbortSignal,
  ask: () => Promise<T>,
): Promise<T | null> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error)) observer.fault('the ledger refused what delivery told it', error)
      if (stop.aborted || !isPassing(error)) return null
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    }
  }
}

/** Who empties an inbox needs no call. */
export async function wake(deps: DeliveryDeps, due: readonly Due[]): Promise<void> {
  const called = due.filter((one) => !deps.systems.get(one.system)?.adapter.inbox)
  if (called.length > 0) await deps.queues.wake(called)
}
