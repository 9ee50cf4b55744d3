// Rows that may be read next, and which of them are: the oldest over all tables. Each table's list comes in
// the server's own order, and only its head is ever taken: what is left out of a page must be what comes
// after it. Pure.

import type { CaseEventType } from '../../src/adapter-kit/contract.ts'
import { codeColumns, type PolledKey } from './columns.ts'
import type { Dialect, Row } from './database.ts'
import type { Layout, Table } from './layout.ts'
import type { StatusTable } from './settings.ts'
import { type Statement, sql } from './sql.ts'

/** A row that may be read: its key and its place in the order of its table, as the server writes them. */
export interface Candidate {
  table: Table
  guid: string
  at: string
  /** Its place among the rows of all tables: the time of its exchange where every table tells it. */
  moment: string
  /** Of one moment, a decision comes before what closes the case. */
  rank: number
}

export const LONGEST_KEY = 200
const LONGEST_CODE = 40

/** Columns of a candidate. @param order what its table is ordered by */
export function candidateColumns(
  { polled }: Layout,
  dialect: Dialect,
  table: Table,
  order: Statement | undefined,
): Statement {
  const guid = sql`${dialect.text(table.column('row_guid'), LONGEST_KEY)} as guid`
  const code = sql`${dialect.text(table.column(codeColumns[table.key as PolledKey]), LONGEST_CODE)} as code`
  if (!order) return sql`${guid}, ${code}`
  const moment = polled.every((one) => one.has('cd_time')) ? table.column('cd_time') : order
  return sql`${guid}, ${code}, ${dialect.text(order, LONGEST_KEY)} as at, ${dialect.text(moment, LONGEST_KEY)} as moment`
}

export function candidatesOf(layout: Layout, table: Table, rows: readonly Row[]): Candidate[] {
  const statuses = layout.statuses[table.key as PolledKey] ?? {}
  return rows.map(({ guid, at, moment, code }) => ({
    table,
    guid: guid ?? '',
    at: at ?? '',
    moment: withoutZeros(moment ?? ''),
    rank: rankOf(statuses, code?.trim() ?? ''),
  }))
}

/** One column keeps thousandths where another keeps seconds: `10:00:00.000` is `10:00:00`. */
const withoutZeros = (moment: string): string =>
  moment.includes('.') ? moment.replace(/\.?0+$/, '') : moment

/** A department writes the decision and the end of a case at once, and into different tables. */
const ranks: Partial<Record<CaseEventType, number>> = {
  'case.rejected': 1,
  'case.approved': 1,
  'case.denied': 1,
  'case.issued': 2,
  'case.terminated': 3,
  'case.closed': 3,
}

function rankOf(statuses: StatusTable, code: string): number {
  const word = Object.hasOwn(statuses, code) ? statuses[code] : undefined
  return (word && ranks[word]) ?? 0
}

/** The oldest of all tables; of one moment and rank, in the order of the tables. */
export function oldest(lists: readonly (readonly Candidate[])[], pageSize: number): Candidate[] {
  const waiting = lists.map((list) => [...list])
  const chosen: Candidate[] = []
  while (chosen.length < pageSize) {
    const [first] = inOrder(waiting.flatMap(([head]) => head ?? []))
    if (!first) break
    waiting.find(([head]) => head === first)!.shift()
    chosen.push(first)
  }
  return inOrder(chosen)
}

export const inOrder = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.toSorted((a, b) => compare(a.moment, b.moment) || a.rank - b.rank)

/** As numbers where both are: '9' comes before '10'. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  const [one, other] = isNumber(a) && isNumber(b) ? [BigInt(a), BigInt(b)] : [a, b]
  return one < other ? -1 : 1
}

const isNumber = (text: string): boolean => /^\d+$/.test(text)
