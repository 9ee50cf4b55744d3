// Systems that can only call out empty an inbox. What they fetch is leased to them for a while: not acknowledged by
// then, it is there again. A transfer is delivered when they say that they have it, and not before.

import type { Attempt, Inbox, Operation, Receipt } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import type { Leased } from '../ledger/changes.ts'
import { inboxTransfer } from '../ledger/inbox.ts'
import { oursToMend, type Result } from './attempt.ts'
import { attemptAt } from './attempt-tools.ts'
import type { DeliveryDeps } from './delivery.ts'
import { settle } from './settle.ts'
import { inUse, type System } from './systems.ts'

interface InboxItem {
  /** The transfer's id: what is acknowledged, and the key by which a repeat is known. */
  id: string
  operation: Operation
  /** How often it was fetched before without an acknowledgement, at most; 0 the first time. */
  fetchedBefore: number
  /** Not acknowledged within this, it is there again. */
  acknowledgeWithinSeconds: number
  content: unknown
}

export type Verdict =
  | { outcome: 'taken'; reference?: string }
  | { outcome: 'refused'; code?: string; reason: string }

export interface Inboxes {
  /** At most `limit` items, oldest first and in order per case; waits up to `waitMs` for the first. */
  fetch(system: System, limit: number, waitMs: number, gone: AbortSignal): Promise<InboxItem[]>
  /** 'unknown': the system has no such item. 'repeated': it was acknowledged before, or needs no answer any more. */
  acknowledge(system: System, id: string, verdict: Verdict): Promise<'recorded' | 'repeated' | 'unknown'>
}

/** Others may have put something in: looked at this often while somebody waits. */
const LOOK_EVERY_MS = 500

export function openInboxes(deps: DeliveryDeps): Inboxes {
  return {
    async fetch(system, limit, waitMs, gone) {
      const until = performance.now() + waitMs
      for (;;) {
        // It may have been configured anew while somebody waited.
        const now = deps.systems.get(system.id) ?? system
        const { inbox } = now.adapter
        const items = inbox ? await inUse(now, () => take(deps, now, inbox, limit)) : []
        const left = until - performance.now()
        if (items.length > 0 || left <= 0 || gone.aborted) return items
        await rest(Math.min(left, LOOK_EVERY_MS), gone)
      }
    },
    async acknowledge(system, id, verdict) {
      const found = await inboxTransfer(deps.ledger.readers, system.id, id)
      if (!found) return 'unknown'
      if (!found.open) return 'repeated'
      const told = { leased: found.leased, system, startedAt: deps.ledger.now(), ms: 0 }
      await settle(deps, told, resultOf(verdict))
      return 'recorded'
    },
  }
}

/** Here an attempt is the time between fetching and acknowledging. */
const acknowledgeWithinMs = (system: System): number => system.settings.delivery.timeoutMs

async function take(deps: DeliveryDeps, system: System, inbox: Inbox, limit: number): Promise<InboxItem[]> {
  const { leases } = deps.ledger
  const due = await leases.overdue(0, limit, [system.id])
  const claims = due.map(({ id, epoch }) => leases.claim({ id, epoch, leaseMs: acknowledgeWithinMs(system) }))
  const leased = (await Promise.all(claims)).filter((one) => one !== null)
  const shown = await Promise.all(leased.map((one) => show(deps, system, inbox, one)))
  return shown.filter((one) => one !== null)
}

async function show(
  deps: DeliveryDeps,
  system: System,
  inbox: Inbox,
  leased: Leased,
): Promise<InboxItem | null> {
  const { id, operation } = leased.transfer
  try {
    const content = (await deps.tools.compose(leased)) as Parameters<Inbox['show']>[1]
    return {
      id,
      operation,
      fetchedBefore: leased.claims - 1,
      acknowledgeWithinSeconds: Math.floor(acknowledgeWithinMs(system) / 1000),
      content: await inbox.show(operation, content, attemptOf(deps, system, leased)),
    }
  } catch (error) {
    const result: Result = error instanceof AdapterFailure ? { failure: error } : oursToMend(error)
    await settle(deps, { leased, system, startedAt: deps.ledger.now(), ms: 0 }, result)
    return null
  }
}

function attemptOf({ tools }: DeliveryDeps, system: System, { transfer, attempts }: Leased): Attempt {
  const signal = AbortSignal.timeout(system.settings.delivery.timeoutMs)
  return attemptAt(system, { signal, key: transfer.id, number: attempts + 1 }, tools)
}

function resultOf(verdict: Verdict): Result {
  if (verdict.outcome === 'refused')
    return {
      failure: new AdapterFailure('rejected', verdict.reason, verdict.code ? { code: verdict.code } : {}),
    }
  const receipt: Receipt = verdict.reference === undefined ? {} : { reference: verdict.reference }
  return { delivered: receipt }
}

function rest(ms: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      gone.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    gone.addEventListener('abort', end, { once: true })
  })
}
