// Reading with the right to read only: nothing is marked, the cursor says how far each table was read.
// Rows younger than a configured delay wait, because a transaction that commits late would otherwise be passed over.

import type { Attempt, PolledPage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { NO_CLAIM } from './claims.ts'
import type { Database, Dialect } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { type Candidate, candidateColumns, candidatesOf, oldest, type Reading, readRows } from './reading.ts'
import { type Statement, sql, whole } from './sql.ts'

/** By table: the last row that was read. */
type Cursor = Readonly<Record<string, readonly [at: string, guid: string]>>

export async function readByWatermark(
  layout: Layout,
  database: Database,
  after: string | undefined,
  attempt: Attempt,
): Promise<PolledPage> {
  const cursor = cursorOf(after)
  const { dialect } = database
  return database.session(attempt.signal, async (session) => {
    const reading: Reading = { layout, dialect, session, now: attempt.now() }
    const found: Candidate[][] = []
    for (const table of layout.polled) found.push(await candidates(reading, table, cursor))
    const chosen = oldest(found, layout.pageSize)
    const items = await readRows(reading, chosen, NO_CLAIM, {
      order: (table) => table.column('watermark'),
    })
    const read = Object.fromEntries(chosen.map(({ table, at, guid }) => [table.key, [at, guid]]))
    return {
      items,
      cursor: JSON.stringify({ ...cursor, ...read }),
      more: chosen.length >= layout.pageSize,
    }
  })
}

async function candidates(
  { layout, dialect, session }: Reading,
  table: Table,
  cursor: Cursor,
): Promise<Candidate[]> {
  const mark = table.column('watermark')
  const guid = table.column('row_guid')
  const statement = sql`select ${candidateColumns(dialect, table, mark)} from ${table.name} where ${mark} is not null and ${guid} is not null${beyond(cursor, table)}${settled(layout, dialect, table)} order by ${mark}, ${guid} limit ${whole(layout.pageSize)}`
  const { rows } = await session.run(statement, table.title)
  return candidatesOf(table, rows)
}

function beyond(cursor: Cursor, table: Table): Statement {
  const last = cursor[table.key]
  if (!last) return sql``
  const [at, guid] = last
  const mark = table.column('watermark')
  return sql` and (${mark} > ${at} or (${mark} = ${at} and ${table.column('row_guid')} > ${guid}))`
}

function settled(layout: Layout, dialect: Dialect, table: Table): Statement {
  const { delaySeconds = 0 } = layout.watermark ?? {}
  return delaySeconds === 0 ? sql`` : sql` and ${table.column('watermark')} <= ${dialect.ago(delaySeconds)}`
}

function cursorOf(text: string | undefined): Cursor {
  if (text === undefined) return {}
  try {
    return JSON.parse(text) as Cursor
  } catch (cause) {
    throw new AdapterFailure('unrecognised', '游标无法识别 (the cursor cannot be read)', {
      sent: false,
      cause,
    })
  }
}
