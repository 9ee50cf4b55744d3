// Systems that cannot push are read page by page. A page is recorded first, then settled with the system, then its
// cursor is kept: after a crash at any point the same page comes again, and its events are known by their ids.

import type { Attempt, PolledItem, PolledPage, Polling, SettledItem } from '../adapter-kit/contract.ts'
import type { System } from '../delivery/systems.ts'
import { submissionOf } from '../domain/submission.ts'
import { isStorable } from '../http/storable.ts'
import type { Recorded } from '../ledger/changes.ts'
import { readCursor, saveCursor } from '../ledger/cursors.ts'
import { keepEvidence, type ReportDeps, recordAll } from './reporting.ts'

/** A report may be quicker than our own record of the receipt that names its case. */
const UNKNOWN_TRIES = 4
const UNKNOWN_PAUSE_MS = 500
/** Items recorded at once; those of one case keep their order. */
const AT_ONCE = 64

export async function pollOnce(
  deps: ReportDeps,
  system: System,
  attempt: Attempt,
): Promise<{ items: number; more: boolean }> {
  const polling = system.adapter.polling!
  const page = await polling.read(await readCursor(deps.ledger.readers, system.id), attempt)
  const settled = await recordPage(deps, system.id, page, attempt.signal)
  await conclude(deps, system.id, polling, page, settled, attempt)
  if (page.failure) throw page.failure
  return { items: page.items.length, more: page.more }
}

async function conclude(
  { ledger }: ReportDeps,
  system: string,
  polling: Polling,
  page: PolledPage,
  settled: SettledItem[],
  attempt: Attempt,
): Promise<void> {
  if (settled.length > 0) await polling.settle?.(settled, attempt)
  if (page.cursor !== undefined) await saveCursor(ledger.writers, system, page.cursor)
}

async function recordPage(
  deps: ReportDeps,
  system: string,
  { items }: PolledPage,
  signal: AbortSignal,
): Promise<SettledItem[]> {
  const lines = [...linesOf(items).values()]
  const settled = new Map<PolledItem, SettledItem>()
  const clerk = async (): Promise<void> => {
    for (let line = lines.shift(); line; line = lines.shift())
      for (const item of line) settled.set(item, await recordItem(deps, system, item, signal))
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, lines.length) }, clerk))
  return items.map((item) => settled.get(item)!)
}

/** What must keep its order: items of one submission, or of one number of the system's. */
function linesOf(items: readonly PolledItem[]): Map<string, PolledItem[]> {
  const lines = new Map<string, PolledItem[]>()
  for (const item of items) {
    const event = item.events[0]
    const ours = event?.caseId ?? event?.parcelId
    const line = (ours && submissionOf(ours)) ?? event?.reference ?? item.key
    const known = lines.get(line)
    if (known) known.push(item)
    else lines.set(line, [item])
  }
  return lines
}

async function recordItem(
  deps: ReportDeps,
  system: string,
  item: PolledItem,
  signal: AbortSignal,
): Promise<SettledItem> {
  const { key, events, failure } = item
  if (failure) return unreadable(deps, system, item, failure.message)
  if (!isStorable(events))
    return unreadable(deps, system, item, '消息含有无法保存的字符 (NUL or a lone surrogate in the message)')
  for (let tries = 1; ; tries++) {
    const recorded = await Promise.all(recordAll(deps, system, events, item))
    const outcome = outcomeOf(recorded)
    if (outcome.outcome !== 'unknown') return { key, ...outcome }
    // Its sender will not send it again: a person must be able to find it.
    if (tries === UNKNOWN_TRIES) {
      await keepEvidence(deps, system, item, outcome.reason!, 'once')
      return { key, ...outcome }
    }
    await pause(UNKNOWN_PAUSE_MS, signal)
  }
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

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      },
      { once: true },
    )
  })
}
