// Systems that cannot push are read page by page. A page is recorded first, then settled with the system, then its
// cursor is kept: after a crash at any point the same page comes again, and its events are known by their ids.

import { setTimeout as sleep } from 'node:timers/promises'
import type { ExternalEvent, PolledItem, PolledPage, SettledItem } from '../adapter-kit/contract.ts'
import { atOnce } from '../at-once.ts'
import type { System } from '../delivery/systems.ts'
import { submissionOf } from '../domain/submission.ts'
import { whyUnstorable } from '../http/storable.ts'
import type { Recorded } from '../ledger/changes.ts'
import { readCursor, saveCursor } from '../ledger/cursors.ts'
import type { Turn } from './asking.ts'
import { keepEvidence, type ReportDeps, recordAll } from './reporting.ts'

/** A report may be quicker than our own record of the receipt that names its case. */
const LOOKS_AGAIN = 3
const PAUSE_MS = 500
/** Items recorded at once; those of one case keep their order. */
const AT_ONCE = 64

/** Only what the system is asked and told takes of its time: a page that is long to record is recorded to its end. */
export async function pollOnce(
  deps: ReportDeps,
  system: System,
  turn: Turn,
): Promise<{ items: number; more: boolean }> {
  const polling = system.adapter.polling!
  const page = await polling.read(await readCursor(deps.ledger.readers, system.id), turn.attempt())
  const settled = await recordPage(deps, system.id, page, turn.stopping)
  if (settled.length > 0) await polling.settle?.(settled, turn.attempt())
  if (page.cursor !== undefined) await saveCursor(deps.ledger.writers, system.id, page.cursor)
  if (page.failure) throw page.failure
  return { items: page.items.length, more: page.more }
}

/** What nobody knows is waited for once, however much of the page it is. */
async function recordPage(
  deps: ReportDeps,
  system: string,
  { items }: PolledPage,
  stopping: AbortSignal,
): Promise<SettledItem[]> {
  const settled = new Map<PolledItem, SettledItem>()
  const unknown = () => items.filter((item) => settled.get(item)?.outcome === 'unknown')
  await recordLines(deps, system, items, settled, stopping)
  for (let left = LOOKS_AGAIN; left > 0 && unknown().length > 0; left--) {
    await sleep(PAUSE_MS, undefined, { signal: stopping })
    await recordLines(deps, system, unknown(), settled, stopping, left === 1)
  }
  // Their sender will not send them again: a person must be able to find them.
  await atOnce(AT_ONCE, unknown(), async (item) => {
    await keepEvidence(deps, system, item, settled.get(item)!.reason!, 'once')
  })
  return items.map((item) => settled.get(item)!)
}

/**
 * What follows something unknown in its line waits with it, so that both are recorded in their order; only
 * `last` looks at all.
 */
async function recordLines(
  deps: ReportDeps,
  system: string,
  items: readonly PolledItem[],
  settled: Map<PolledItem, SettledItem>,
  stopping: AbortSignal,
  last = false,
): Promise<void> {
  await atOnce(AT_ONCE, [...linesOf(items).values()], async (line) => {
    let waits: SettledItem | undefined
    for (const item of line) {
      stopping.throwIfAborted()
      const one = waits && !last ? { ...waits, key: item.key } : await recordItem(deps, system, item)
      settled.set(item, one)
      if (one.outcome === 'unknown') waits = one
    }
  })
}

/** What must keep its order: items of one submission, or of one number of the system's; some name both. */
function linesOf(items: readonly PolledItem[]): Map<string, PolledItem[]> {
  const submissions = new Map<string, string>()
  for (const { events } of items) {
    const submission = submissionIn(events[0])
    if (submission && events[0]?.reference) submissions.set(events[0].reference, submission)
  }
  const lines = new Map<string, PolledItem[]>()
  for (const item of items) {
    const event = item.events[0]
    const number = event?.reference
    const line = submissionIn(event) ?? (number && submissions.get(number)) ?? number ?? item.key
    const known = lines.get(line)
    if (known) known.push(item)
    else lines.set(line, [item])
  }
  return lines
}

const submissionIn = (event: ExternalEvent | undefined): string | null =>
  submissionOf(event?.caseId ?? event?.parcelId ?? '')

async function recordItem(deps: ReportDeps, system: string, item: PolledItem): Promise<SettledItem> {
  const { key, events, failure } = item
  if (failure) return unreadable(deps, system, item, failure.message)
  const unstorable = whyUnstorable(events)
  if (unstorable !== null) return unreadable(deps, system, item, unstorable)
  const recorded = await Promise.all(recordAll(deps, system, events, item))
  return { key, ...outcomeOf(recorded) }
}

async function unreadable(
  deps: ReportDeps,
  system: string,
  item: PolledItem,
  reason: string,
): Promise<SettledItem> {
  // It may come with every poll: it is told of once.
  await keepEvidence(deps, system, item, reason, 'once')
  return { key: item.key, outcome: 'unreadable', reason }
}

function outcomeOf(recorded: readonly Recorded[]): Omit<SettledItem, 'key'> {
  if (recorded.some((one) => one.outcome === 'unknown'))
    return { outcome: 'unknown', reason: '没有对应的办件或邮件 (no such case or parcel is known)' }
  const refused = recorded.find((one) => one.outcome === 'refused')
  if (refused) return { outcome: 'refused', reason: `${refused.reason?.zh} (${refused.reason?.en})` }
  const repeated = recorded.every(
    ({ outcome }) => outcome === 'duplicate' || outcome === 'replayed' || outcome === 'conflict',
  )
  return { outcome: repeated && recorded.length > 0 ? 'duplicate' : 'recorded' }
}
