// A system that lists nothing is asked one by one whether it has what we say we delivered, a few at a time.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Attempt, Contents, Outgoing, Receipt } from '../../adapter-kit/contract.ts'
import { AdapterFailure } from '../../adapter-kit/failures.ts'
import { atOnce } from '../../at-once.ts'
import { type ComposeContext, type ComposeDocument, compose } from '../../delivery/compose.ts'
import type { System } from '../../delivery/systems.ts'
import type { Comparison, DeliveredTransfer } from '../../ledger/reconciliation.ts'
import type { MakeAttempt } from './listing.ts'

const PAGE = 200
const MOST_AT_ONCE = 4
const TRIES = 3
const PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
/** A system that does not answer this often is not there, and a comparison would say nothing. */
const MOST_UNANSWERED = 100

/** What is composed from beside the submission. */
type Names = Omit<ComposeContext, 'aggregate' | 'document'>

export interface Unanswered {
  transfer: string
  summary: string
}

/**
 * Takes down what the system has. What it would not tell is answered, a sentence each; refused credentials
 * end it all.
 */
export async function askForEach(
  comparison: Comparison,
  system: System,
  names: Names,
  make: MakeAttempt,
  stop?: AbortSignal,
): Promise<Unanswered[]> {
  const unanswered: Unanswered[] = []
  let failed = 0
  const most = Math.min(system.settings.delivery.concurrency, MOST_AT_ONCE)
  for await (const page of comparison.pages(PAGE)) {
    await atOnce(most, page, async (one) => {
      const asked = await ask(one, system, names, make, stop)
      if ('summary' in asked) unanswered.push({ transfer: one.transfer.id, summary: asked.summary })
      if ('summary' in asked && !asked.untold && ++failed > MOST_UNANSWERED)
        throw new Error(
          `${system.id} does not answer · ${system.id} 多次未答复：${unanswered.at(-1)!.summary}`,
        )
      if ('receipt' in asked && asked.receipt)
        await comparison.found(one.transfer.id, asked.receipt.reference)
    })
  }
  return unanswered
}

/** `untold`: it answered, and said nothing of it. */
type Answer = { receipt: Receipt | null } | { summary: string; untold?: true }
type Question = (attempt: Attempt) => Promise<Answer>

function questionFor(one: DeliveredTransfer, system: System, names: Names): Question {
  const { outgoing, tracking } = system.adapter
  const { find } = outgoing[one.transfer.operation] as Outgoing<unknown>
  if (find) {
    const content = contentOf(one, names)
    return async (attempt) => ({ receipt: await find(content, attempt) })
  }
  const transfer = { ...one.transfer, operation: 'followParcel' as const }
  const parcel = contentOf({ ...one, transfer }, names) as Contents['followParcel']
  return async (attempt) => {
    const { events, unread = [] } = await tracking!.read(parcel, attempt)
    if (events.length + unread.length > 0) return { receipt: { reference: parcel.waybill } }
    const summary = `尚无轨迹，无从判断 (no scan of ${parcel.waybill || 'it'} yet, which proves nothing)`
    return { summary, untold: true }
  }
}

async function ask(
  one: DeliveredTransfer,
  system: System,
  names: Names,
  make: MakeAttempt,
  stop: AbortSignal | undefined,
): Promise<Answer> {
  const question = questionFor(one, system, names)
  for (let tries = 1; ; tries++) {
    try {
      const signal = AbortSignal.timeout(system.settings.delivery.timeoutMs)
      return await question(make(signal, one.transfer.id))
    } catch (error) {
      if (!(error instanceof AdapterFailure) || error.kind === 'unauthorised' || stop?.aborted) throw error
      const passing = error.kind === 'unavailable' || error.kind === 'throttled' || error.kind === 'uncertain'
      if (!passing || tries === TRIES) return { summary: error.message }
      const pauseMs = Math.min(error.retryAfterMs ?? PAUSE_MS * tries, LONGEST_PAUSE_MS)
      await sleep(pauseMs, undefined, stop ? { signal: stop } : {})
    }
  }
}

function contentOf({ transfer, aggregate, document }: DeliveredTransfer, names: Names): unknown {
  return compose(transfer, { ...names, aggregate, document: document as ComposeDocument })
}
