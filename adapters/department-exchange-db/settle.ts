// Marks the rows that were read: done, unknown or failed. A row is marked only while our own claim on it
// stands, or, where rows are not claimed, while it is new and tells what was read: so a second telling
// changes nothing, and a row that the department wrote anew in the meantime stays new. All rows at once;
// where the tables refuse what one is marked with, each by itself, so that no row keeps another from its
// mark; one that takes none at all waits out of the way.

import type { Attempt, SettledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isAsRead } from './as-read.ts'
import { asideFor, canClaim } from './claims.ts'
import type { Database, Dialect, Session } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { type RowKey, readKey } from './reading.ts'
import { equals, join, oneOf, type Statement, sql } from './sql.ts'
import { assigned, isNew } from './statements.ts'
import type { Unmarked } from './unmarked.ts'

const LONGEST_REASON = 200
/** For a column that takes less. */
const SHORTER_REASONS = [100, 50, 20, 10]

interface Group {
  table: Table
  flag: string
  /** null: empties the column; undefined: leaves it as it is. */
  reason: string | null | undefined
  /** Of one claim, where the table has claims. */
  rows: RowKey[]
}

/** @returns why some row got no mark at all, though every other has its own; unless that was said already */
export async function settle(
  layout: Layout,
  database: Database,
  items: readonly SettledItem[],
  attempt: Attempt,
  unmarked: Unmarked,
): Promise<AdapterFailure | undefined> {
  const groups = groupsOf(layout, items)
  if (groups.length === 0) return undefined
  const mark = async (session: Session, group: Group): Promise<void> =>
    void (await session.run(marking(layout, database, group), group.table.title))
  const together = database.transaction(attempt.signal, async (session) => {
    for (const group of groups) await mark(session, group)
  })
  if (!(await refusalOf(together))) return undefined
  const refused = await database.session(attempt.signal, async (session) => {
    const rows = await markEach(groups, (group) => mark(session, group))
    for (const { row } of rows.filter(({ row: { table } }) => canClaim(table)))
      await refusalOf(setAside(layout, database, session, row))
    return rows
  })
  const now = attempt.now()
  for (const { row } of refused) if (!canClaim(row.table)) unmarked.wait(row.table, row.rows[0]!.guid, now)
  return refused.find(({ refusal }) => unmarked.isNews(refusal, now))?.refusal
}

type Mark = (group: Group) => Promise<void>

/** A group of one row, and why it took no mark. */
interface Refused {
  row: Group
  refusal: AdapterFailure
}

async function markEach(groups: readonly Group[], mark: Mark): Promise<Refused[]> {
  const refused: Refused[] = []
  for (const group of groups) {
    if (!(await refusalOf(mark(group)))) continue
    for (const one of group.rows) {
      const row = { ...group, rows: [one] }
      const refusal = await markShorter(row, mark)
      if (refusal) refused.push({ row, refusal })
    }
  }
  return refused
}

async function setAside(
  layout: Layout,
  { dialect }: Database,
  session: Session,
  { table, rows }: Group,
): Promise<void> {
  const guids = oneOf(rows.map(({ guid }) => guid))
  await session.run(
    sql`update ${table.name} set ${asideFor(dialect, table)} where ${table.column('row_guid')} in ${guids} and ${isClaimed(layout, table, rows)}`,
    table.title,
  )
}

async function markShorter(row: Group, mark: Mark): Promise<AdapterFailure | undefined> {
  let refusal: AdapterFailure | undefined
  for (const reason of shorterReasons(row.reason)) {
    refusal = await refusalOf(mark({ ...row, reason }))
    if (!refusal) return undefined
  }
  return refusal
}

function shorterReasons(reason: Group['reason']): Group['reason'][] {
  if (!reason) return [reason, undefined]
  const shorter = SHORTER_REASONS.map((length) => cut(reason, length)).filter((text) => text !== reason)
  return [reason, ...shorter, null, undefined]
}

/** What the tables said against the row itself; any other failure is thrown. */
async function refusalOf(marked: Promise<void>): Promise<AdapterFailure | undefined> {
  try {
    await marked
    return undefined
  } catch (error) {
    if (error instanceof AdapterFailure && error.kind === 'rejected') return error
    throw error
  }
}

const cut = (text: string, length: number): string => [...text].slice(0, length).join('')

function groupsOf(layout: Layout, items: readonly SettledItem[]): Group[] {
  const groups = new Map<string, Group>()
  for (const item of items) {
    const row = readKey(item.key)
    const table = layout.polled.find((one) => one.key === row.table)
    if (!table) continue
    const flag = flagOf(layout, item)
    const reason = item.reason ? cut(item.reason, LONGEST_REASON) : null
    const name = JSON.stringify([row.table, canClaim(table) ? row.token : '', flag, reason])
    const group = groups.get(name) ?? { table, flag, reason, rows: [] }
    group.rows.push(row)
    groups.set(name, group)
  }
  return [...groups.values()]
}

function flagOf({ flags }: Layout, { outcome }: SettledItem): string {
  if (outcome === 'recorded' || outcome === 'duplicate') return flags.done
  return outcome === 'unknown' ? flags.unknown : flags.failed
}

function marking(layout: Layout, { dialect }: Database, { table, flag, reason, rows }: Group): Statement {
  const changes = [
    assigned(table.column('is_sync'), flag),
    ...(canClaim(table) ? [assigned(table.column('sync_time'), dialect.ago(0))] : []),
    ...(table.has('sync_error') && reason !== undefined
      ? [assigned(table.column('sync_error'), reason)]
      : []),
  ]
  const guids = oneOf(rows.map(({ guid }) => guid))
  const ours = canClaim(table) ? isClaimed(layout, table, rows) : isUnchanged(layout, dialect, table, rows)
  return sql`update ${table.name} set ${join(changes, ', ')} where ${table.column('row_guid')} in ${guids} and ${ours}`
}

function isClaimed({ flags }: Layout, table: Table, [row]: readonly RowKey[]): Statement {
  const taken = equals(table.column('is_sync'), flags.taken)
  return sql`${taken} and ${table.column('sync_by')} = ${row?.token ?? ''}`
}

function isUnchanged(layout: Layout, dialect: Dialect, table: Table, rows: readonly RowKey[]): Statement {
  const each = rows.map(
    ({ guid, token }) => sql`(${table.column('row_guid')} = ${guid} and ${isAsRead(dialect, table, token)})`,
  )
  return sql`${isNew(layout, table)} and (${join(each, ' or ')})`
}
