// What a system lists of a day, taken down page by page. The list may be long: it is given up only when nothing comes.

import type { Attempt, ListedItem, Listing } from '../../adapter-kit/contract.ts'
import { dayAfter } from '../../domain/calendar.ts'
import type { Comparison } from '../../ledger/reconciliation.ts'

const PAGE = 500

/** Makes an attempt whose signal is the given one. */
export type MakeAttempt = (signal: AbortSignal, key: string) => Attempt

export async function takeDown(
  comparison: Comparison,
  listing: Listing,
  day: string,
  make: MakeAttempt,
  timeoutMs: number,
): Promise<void> {
  const take = (of: string, neighbour: boolean): Promise<void> =>
    inPages(listing, of, make, timeoutMs, (items) => comparison.listed(items, neighbour))
  await take(day, false)
  if (await comparison.missesNear('start')) await take(dayAfter(day, -1), true)
  if (await comparison.missesNear('end')) await take(dayAfter(day, 1), true)
}

async function inPages(
  listing: Listing,
  day: string,
  make: MakeAttempt,
  timeoutMs: number,
  take: (items: readonly ListedItem[]) => Promise<void>,
): Promise<void> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new DOMException('nothing came', 'TimeoutError')), timeoutMs)
  let page: ListedItem[] = []
  try {
    for await (const item of listing.list(day, make(silence.signal, `list:${day}`))) {
      timer.refresh()
      page.push(item)
      if (page.length < PAGE) continue
      await take(page)
      page = []
      timer.refresh()
    }
    if (page.length > 0) await take(page)
  } finally {
    clearTimeout(timer)
  }
}
