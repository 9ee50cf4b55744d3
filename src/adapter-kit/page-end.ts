// What a page holds, and what it says of what follows it: the same for every system that is asked page after page. Pure.

import type { PolledPage } from './asked.ts'
import { AdapterFailure } from './failures.ts'

export interface ReadPage {
  items: readonly unknown[]
  cursor?: string | undefined
  /** As the system says it; undefined: when the page is full. */
  more?: boolean | undefined
}

/** A cursor that stands still would be asked for ever: that is a failure, told once the items are recorded. */
export function pageEnd(
  page: ReadPage,
  after: string | undefined,
  pageSize: number,
): Pick<PolledPage, 'cursor' | 'more' | 'failure'> {
  const { items, cursor, more } = page
  const isFull = items.length > 0 && (more ?? items.length >= pageSize)
  const standsStill = isFull && cursor !== undefined && cursor === after
  return {
    ...(cursor === undefined ? {} : { cursor }),
    more: isFull && !standsStill,
    ...(standsStill ? { failure: stillAtFullPage() } : {}),
  }
}

/** What comes after this page is never seen: so many events of one second, say, that they fill it. */
const stillAtFullPage = (): AdapterFailure =>
  new AdapterFailure(
    'unrecognised',
    '游标未前进而页已满，其后的内容读不到：请增大 pageSize，或改用能区分每一条的游标 (the cursor stands still at a full page, and what follows is never seen: raise pageSize, or use a cursor that tells items apart)',
  )

/** More in one answer than any page is: a list that was never meant to be read so. */
const MOST_ITEMS = 20_000

/**
 * The items of an answer; what is no list is a list of one.
 * @param hint more words for whoever has to mend the setting, in both languages
 * @throws AdapterFailure 'unrecognised' when there is none: silence and another shape must not look alike
 */
export function listed(items: unknown, hint = { zh: '', en: '' }): unknown[] {
  if (items === undefined || items === null)
    throw new AdapterFailure('unrecognised', `应答中没有列表${hint.zh} (the answer holds no list${hint.en})`)
  const all: unknown[] = Array.isArray(items) ? items : [items]
  if (all.length <= MOST_ITEMS) return all
  throw new AdapterFailure('unrecognised', `应答超过 ${MOST_ITEMS} 条 (more than ${MOST_ITEMS} items)`)
}
