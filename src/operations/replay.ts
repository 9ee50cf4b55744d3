// Telling a system again what it was told: found first, counted, and then put in as ordinary transfers, each
// submission's in one event of the ledger that says who asked and why.

import { atOnce } from '../at-once.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Order } from '../ledger/orders.ts'
import { type Told, type ToldSpan, toldEvents } from '../ledger/told.ts'
import { partOf } from './order-once.ts'

/** More than this is narrowed by time or types first. */
export const MOST_EVENTS = 10_000
const AT_ONCE = 64

interface ReplayOrder extends ToldSpan {
  by: string
  reason: string
  /** Where it may be given again: no submission is told twice under its key. */
  order?: Order
}

export interface Replayed {
  system: string
  dryRun: boolean
  /** How many are, or would be, told again. */
  events: number
  submissions: number
  /** Of each type. */
  types: Record<string, number>
  first: string | null
  last: string | null
}

export type ReplayFault = 'too-many' | 'unknown-event'

/** Resolves when every transfer is durable. */
export async function replay(
  ledger: Pick<Ledger, 'readers' | 'record'>,
  order: ReplayOrder,
  dryRun: boolean,
): Promise<Replayed | ReplayFault> {
  const told = await toldEvents(ledger.readers, order, MOST_EVENTS + 1)
  if (told === null) return 'unknown-event'
  if (told.length > MOST_EVENTS) return 'too-many'
  const bySubmission = Map.groupBy(told, ({ submissionId }) => submissionId)
  if (!dryRun) await putIn(ledger, order, [...bySubmission])
  return {
    system: order.system,
    dryRun,
    events: told.length,
    submissions: bySubmission.size,
    types: countTypes(told),
    first: told[0]?.event.id ?? null,
    last: told.at(-1)?.event.id ?? null,
  }
}

async function putIn(
  { record }: Pick<Ledger, 'record'>,
  { system, by, reason, order }: ReplayOrder,
  left: [string, Told[]][],
): Promise<void> {
  await atOnce(AT_ONCE, left, async ([submissionId, told]) => {
    const events = told.map(({ event }) => event)
    await record({
      submissionId,
      event: { type: 'callbacks.replayed', system, events, by, reason },
      ...(order ? { message: partOf(order, submissionId) } : {}),
    })
  })
}

function countTypes(told: readonly Told[]): Record<string, number> {
  const types: Record<string, number> = {}
  for (const { event } of told) types[event.type] = (types[event.type] ?? 0) + 1
  return types
}
