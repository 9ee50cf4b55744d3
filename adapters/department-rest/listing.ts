// What a department says it has of a day, page after page, for reconciliation.

import { type CaseStatuses, caseEventOf, textOf } from '../../src/adapter-kit/case-report.ts'
import type { Attempt, ListedItem, Listing } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { exchange, type Line } from './ask.ts'
import type { ListingDialect } from './dialect.ts'
import { judge } from './outcome.ts'
import { pageOf } from './polling.ts'

/** A day has fewer; a system that gives the same page again and again has not. */
const MOST_PAGES = 10_000

export function listingBy(line: Line, dialect: ListingDialect, statuses: CaseStatuses): Listing {
  return { list: (day, attempt) => pages(line, dialect, statuses, day, attempt) }
}

async function* pages(
  line: Line,
  dialect: ListingDialect,
  statuses: CaseStatuses,
  day: string,
  attempt: Attempt,
): AsyncGenerator<ListedItem> {
  const { asked, pageSize, maxBytes, readPage } = dialect
  let cursor = ''
  for (let page = 1; page <= MOST_PAGES; page++) {
    const wanted = { day, page, cursor, pageSize }
    const { content, told, said } = await exchange(line, asked, wanted, attempt, maxBytes)
    if (judge(asked.codes, said, {}) === 'absent') return
    const read = await pageOf(readPage, content, told)
    for (const item of read.items) yield listedOf(await dialect.read(item), statuses)
    if (read.items.length === 0 || !(read.more ?? read.items.length >= pageSize)) return
    if (read.cursor !== undefined && read.cursor === cursor) break
    cursor = read.cursor ?? ''
  }
  throw new AdapterFailure('unrecognised', '办件清单没有尽头 (the list of cases does not end)')
}

function listedOf(
  { id, reference, status }: { id?: unknown; reference?: unknown; status?: unknown },
  statuses: CaseStatuses,
): ListedItem {
  const state = status === undefined ? null : caseEventOf(status, statuses)
  const ours = textOf(id)
  const theirs = textOf(reference)
  if (ours === undefined && theirs === undefined)
    throw new AdapterFailure('unrecognised', '清单中有一条未指明办件 (an item of the list names no case)')
  return {
    ...(ours === undefined ? {} : { id: ours }),
    ...(theirs === undefined ? {} : { reference: theirs }),
    ...(state === null ? {} : { state }),
  }
}
