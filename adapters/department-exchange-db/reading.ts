// What reading the department's rows has in common, by flag or by watermark: the chosen rows whole, and the
// key by which a row is settled. It must not mark anything.

import type { PolledItem } from '../../src/adapter-kit/contract.ts'
import { type Candidate, LONGEST_KEY } from './candidates.ts'
import type { Dialect, Row, Session } from './database.ts'
import { LONGEST_TEXT, type Reader } from './events.ts'
import type { Table } from './layout.ts'
import { itemsOf } from './same-guid.ts'
import { join, name, oneOf, type Statement, sql } from './sql.ts'

/** One reading, within one session. */
export interface Reading extends Reader {
  dialect: Dialect
  session: Session
}

const bookkeeping = new Set(['is_sync', 'sync_time', 'sync_by', 'sync_error', 'watermark'])

/** What narrows the rows that are read whole, beside their guids. */
interface Narrowing {
  only?(table: Table): Statement
  /** The candidates' own order: of the rows that share a guid, only those of a chosen moment are read. */
  order?(table: Table): Statement
}

/** The chosen rows whole, in the order in which they were chosen, and with each whatever else bears its guid. */
export async function readRows(
  reading: Reading,
  chosen: readonly Candidate[],
  tokenOf: (table: Table, row: Row) => string,
  narrowing: Narrowing,
): Promise<PolledItem[]> {
  const { layout, dialect } = reading
  const found = new Map<Table, Map<string, Row[]>>()
  for (const table of layout.polled) {
    const own = chosen.filter((one) => one.table === table)
    if (own.length === 0) continue
    const rows = await wholeRows(reading, table, own, narrowing)
    found.set(
      table,
      Map.groupBy(rows, ({ row_guid }) => dialect.folded(row_guid ?? '')),
    )
  }
  return chosen.flatMap(({ table, guid }) => {
    const sameGuid = found.get(table)?.get(dialect.folded(guid)) ?? []
    found.get(table)?.delete(dialect.folded(guid))
    return itemsOf(reading, table, sameGuid, (row) => keyOf(table, tokenOf(table, row), row.row_guid ?? ''))
  })
}

async function wholeRows(
  { dialect, session }: Reading,
  table: Table,
  chosen: readonly Candidate[],
  { only, order }: Narrowing,
): Promise<Row[]> {
  const guids = chosen.map(({ guid }) => guid)
  const columns = readColumns(dialect, table)
  const ordered = order ? sql`${columns}, ${dialect.text(order(table), LONGEST_KEY)} as at` : columns
  const narrowed = only ? sql` and ${only(table)}` : sql``
  const { rows } = await session.run(
    sql`select ${ordered} from ${table.name} where ${table.column('row_guid')} in ${oneOf(guids)}${narrowed}`,
    table.title,
  )
  if (!order) return [...rows]
  const placeOf = (guid: string, at: string): string => JSON.stringify([dialect.folded(guid), at])
  const places = new Set(chosen.map(({ guid, at }) => placeOf(guid, at)))
  return rows.flatMap(({ at, ...row }) => (places.has(placeOf(row.row_guid ?? '', at ?? '')) ? [row] : []))
}

function readColumns(dialect: Dialect, table: Table): Statement {
  const columns = table.columns.filter((column) => !bookkeeping.has(column))
  return join(
    columns.map((column) => sql`${dialect.text(table.column(column), LONGEST_TEXT + 1)} as ${name(column)}`),
    ', ',
  )
}

export interface RowKey {
  table: string
  /** The claim under which the row was read, or what it told where rows are not claimed; `-` where none is marked. */
  token: string
  guid: string
}

function keyOf(table: Table, token: string, guid: string): string {
  return `${table.key}/${token}/${guid}`
}

export function readKey(key: string): RowKey {
  const [table = '', token = '', ...guid] = key.split('/')
  return { table, token, guid: guid.join('/') }
}
