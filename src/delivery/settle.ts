// How an attempt ends: its outcome is recorded with whatever follows from it, or it is put off and somebody is
// woken when its time has come. An outcome is never thrown away because the database was away for a while.

import type { Outgoing } from '../adapter-kit/contract.ts'
import type { AdapterFailure } from '../adapter-kit/failures.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { Due, Leased } from '../ledger/changes.ts'
import { isPassing } from '../ledger/database.ts'
import { canLook, type Result } from './attempt.ts'
import type { DeliveryDeps } from './delivery.ts'
import { attemptRecord, nextStep } from './outcome.ts'
import type { System } from './systems.ts'

const ASK_AGAIN_MS = 250

export async function settle(
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
  await settleFailure(deps, leased, system, result, startedAt, ms)
}

async function settleFailure(
  deps: DeliveryDeps,
  leased: Leased,
  system: System,
  { failure, inDoubt, timedOut }: Extract<Result, { failure: AdapterFailure }>,
  startedAt: Date,
  ms: number,
): Promise<void> {
  const { delivery } = system.settings
  // Where the same key twice is one effect, nothing is lost by asking early.
  const mayDouble = timedOut && failure.sent && !operationOf(system, leased)?.honoursKey
  const next = nextStep(failure, leased, delivery, mayDouble ? delivery.timeoutMs : 0)
  const facts = {
    kind: failure.kind,
    summary: failure.message,
    ...(failure.code ? { code: failure.code } : {}),
  }
  if (next.hold) system.gate.hold(next.hold)
  if (next.do === 'bury') {
    const event: DomainEvent = next.refused
      ? {
          type: 'transfer.refused',
          transferId: leased.transfer.id,
          code: next.code,
          reason: next.reason,
          ...(inDoubt ? { inDoubt } : {}),
        }
      : {
          type: 'transfer.buried',
          transferId: leased.transfer.id,
          reason: next.reason,
          ...(!failure.sent && !inDoubt && !leased.look ? { neverSent: true } : {}),
        }
    const look = !next.refused && failure.sent && canLook(operationOf(system, leased))
    const more = { failure: facts, ...(look ? { look } : {}) }
    await end(deps, leased, system, startedAt, ms, failure.kind, failure.message, event, more)
    return
  }
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

const operationOf = ({ adapter }: System, { transfer }: Leased) =>
  adapter.outgoing[transfer.operation] as Outgoing<unknown> | undefined

async function end(
  deps: DeliveryDeps,
  leased: Leased,
  system: System,
  startedAt: Date,
  ms: number,
  outcome: string,
  summary: string | null,
  event: DomainEvent,
  facts: { receipt?: unknown; failure?: unknown; look?: boolean },
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

/**
 * Asks the ledger again while it is away: no outcome is thrown away for that, and no wake-up call. null where it refuses, or
 * is still away when everything stops: takeover and sweeper find it out.
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
