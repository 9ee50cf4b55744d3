// Reading by flag. Where the table has columns for it, a row is claimed in the same transaction in which it is read, so
// that two gateways never take one twice; a claim that nobody settled ends after a while, and the row is read again.

import { randomUUID } from 'node:crypto'
import type { Attempt, PolledPage } from '../../src/adapter-kit/contract.ts'
import { signOf } from './as-read.ts'
import { type Candidate, candidateColumns, candidatesOf, oldest } from './candidates.ts'
import type { Database, Dialect, Row } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { type Reading, readRows } from './reading.ts'
import { equals, join, oneOf, type Statement, sql, whole } from './sql.ts'
import { isNew } from './statements.ts'

export const canClaim = (table: Table): boolean => table.has('sync_time')

export async function readByFlag(layout: Layout, database: Database, attempt: Attempt): Promise<PolledPage> {
  const { dialect } = database
  const token = randomUUID()
  return database.transaction(attempt.signal, async (session) => {
    const reading: Reading = { layout, dialect, session, now: attempt.now() }
    const found: Candidate[][] = []
    for (const table of layout.polled) found.push(await candidates(reading, table))
    const chosen = oldest(found, layout.pageSize)
    for (const table of layout.polled.filter(canClaim)) await claim(reading, table, chosen, token)
    const tokenOf = (table: Table, row: Row) => (canClaim(table) ? token : signOf(table, row))
    const items = await readRows(reading, chosen, tokenOf, {
      only: (table) => (canClaim(table) ? sql`${table.column('sync_by')} = ${token}` : isNew(layout, table)),
    })
    return { items, more: chosen.length >= layout.pageSize }
  })
}

async function candidates({ layout, dialect, session }: Reading, table: Table): Promise<Candidate[]> {
  const order = table.has('cd_time') ? table.column('cd_time') : undefined
  const guid = table.column('row_guid')
  const locked = canClaim(table)
    ? sql` for update${layout.flags.skipLocked ? sql` skip locked` : sql``}`
    : sql``
  const statement = sql`select ${candidateColumns(layout, dialect, table, order)} from ${table.name} where ${free(layout, dialect, table)} and ${guid} is not null order by ${join(order ? [order, guid] : [guid], ', ')} limit ${whole(layout.pageSize)}${locked}`
  const { rows } = await session.run(statement, table.title)
  return candidatesOf(layout, table, rows)
}

/** New, or taken so long ago that whoever took it is gone. */
function free(layout: Layout, dialect: Dialect, table: Table): Statement {
  if (!canClaim(table)) return isNew(layout, table)
  const { taken, claimSeconds } = layout.flags
  const stale = sql`${table.column('sync_time')} < ${dialect.ago(claimSeconds)}`
  return sql`(${isNew(layout, table)} or (${equals(table.column('is_sync'), taken)} and ${stale}))`
}

async function claim(
  { layout, dialect, session }: Reading,
  table: Table,
  chosen: readonly Candidate[],
  token: string,
): Promise<void> {
  const guids = chosen.filter((one) => one.table === table).map(({ guid }) => guid)
  if (guids.length === 0) return
  const { taken } = layout.flags
  const changes = sql`${table.column('is_sync')} = ${taken}, ${table.column('sync_time')} = ${dialect.ago(0)}, ${table.column('sync_by')} = ${token}`
  await session.run(
    sql`update ${table.name} set ${changes} where ${table.column('row_guid')} in ${oneOf(guids)} and ${free(layout, dialect, table)}`,
    table.title,
  )
}
