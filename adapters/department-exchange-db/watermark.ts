// Reading with the right to read only: nothing is marked, the cursor says how far each table was read. A
// transaction that commits late must not be passed over: rows younger than a configured delay wait; where
// there is none, because the column is no time, the rows that were read last are looked at again, for what
// came among them.

import { createHash } from 'node:crypto'
import type { Attempt, PolledPage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { type Candidate, candidateColumns, candidatesOf, inOrder, oldest } from './candidates.ts'
import type { Database } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { type Reading, readRows } from './reading.ts'
import { type Statement, sql, whole } from './sql.ts'

const NO_CLAIM = '-'
/** How many rows of each table are looked at again. */
const OVERLAP = 100

/** The last row that was read; without a delay also which the last ones were. */
type Place = readonly [at: string, guid: string, lastly?: readonly string[]]
type Cursor = Readonly<Record<string, Place>>

interface Found {
  table: Table
  /** At or before the cursor, oldest first: those that were read last, and what came among them. */
  again: Candidate[]
  beyond: Candidate[]
}

export async function readByWatermark(
  layout: Layout,
  database: Database,
  after: string | undefined,
  attempt: Attempt,
): Promise<PolledPage> {
  const cursor = cursorOf(after)
  return database.session(attempt.signal, async (session) => {
    const reading: Reading = { layout, dialect: database.dialect, session, now: attempt.now() }
    const found: Found[] = []
    for (const table of layout.polled) found.push(await findIn(reading, table, cursor[table.key]))
    const beyond = oldest(
      found.map((one) => one.beyond),
      layout.pageSize,
    )
    const chosen = inOrder([...found.flatMap((one) => lateOf(one, cursor[one.table.key])), ...beyond])
    const items = await readRows(reading, chosen, () => NO_CLAIM, {
      order: (table) => table.column('watermark'),
    })
    return {
      items,
      cursor: JSON.stringify(placesOf(layout, found, beyond, cursor)),
      more: beyond.length >= layout.pageSize,
    }
  })
}

async function findIn(reading: Reading, table: Table, place: Place | undefined): Promise<Found> {
  const { layout } = reading
  const beyond = await candidates(
    reading,
    table,
    sql`${isBeyond(table, place)}${isSettled(reading, table)}`,
    {
      from: 'oldest',
      most: layout.pageSize,
    },
  )
  if (!place || hasDelay(layout)) return { table, again: [], beyond }
  const newest = await candidates(reading, table, isRead(table, place), { from: 'newest', most: OVERLAP })
  return { table, again: newest.toReversed(), beyond }
}

async function candidates(
  { layout, dialect, session }: Reading,
  table: Table,
  condition: Statement,
  { from, most }: { from: 'oldest' | 'newest'; most: number },
): Promise<Candidate[]> {
  const [mark, guid] = marksOf(table)
  const order = from === 'oldest' ? sql`${mark}, ${guid}` : sql`${mark} desc, ${guid} desc`
  const statement = sql`select ${candidateColumns(layout, dialect, table, mark)} from ${table.name} where ${mark} is not null and ${guid} is not null${condition} order by ${order} limit ${whole(most)}`
  const { rows } = await session.run(statement, table.title)
  return candidatesOf(layout, table, rows)
}

const marksOf = (table: Table): [mark: Statement, guid: Statement] => [
  table.column('watermark'),
  table.column('row_guid'),
]

function isBeyond(table: Table, place: Place | undefined): Statement {
  if (!place) return sql``
  const [mark, guid] = marksOf(table)
  return sql` and (${mark} > ${place[0]} or (${mark} = ${place[0]} and ${guid} > ${place[1]}))`
}

function isRead(table: Table, place: Place): Statement {
  const [mark, guid] = marksOf(table)
  return sql` and (${mark} < ${place[0]} or (${mark} = ${place[0]} and ${guid} <= ${place[1]}))`
}

const hasDelay = ({ watermark }: Layout): boolean => (watermark?.delaySeconds ?? 0) > 0

function isSettled({ layout, dialect }: Reading, table: Table): Statement {
  if (!hasDelay(layout)) return sql``
  return sql` and ${table.column('watermark')} <= ${dialect.ago(layout.watermark!.delaySeconds)}`
}

/** Of those that are looked at again, which were not there when their neighbours were read. */
function lateOf({ again }: Found, place: Place | undefined): Candidate[] {
  const known = new Set(place?.[2])
  return again.filter((one) => !known.has(signOf(one)))
}

/** Where the next page begins; a table of which nothing was ever read has no place yet. */
function placesOf(
  layout: Layout,
  found: readonly Found[],
  beyond: readonly Candidate[],
  cursor: Cursor,
): Cursor {
  const places = found.flatMap(({ table, again, ...one }) => {
    const read = one.beyond.filter((candidate) => beyond.includes(candidate))
    const last = read.at(-1)
    const [at, guid] = last ? [last.at, last.guid] : (cursor[table.key] ?? [])
    if (at === undefined || guid === undefined) return []
    const lastly = [...again, ...read].slice(-OVERLAP).map(signOf)
    const place: Place = hasDelay(layout) ? [at, guid] : [at, guid, lastly]
    return [[table.key, place] as const]
  })
  return { ...cursor, ...Object.fromEntries(places) }
}

/** Enough to know a row among its neighbours: the cursor stays short. */
const signOf = ({ at, guid }: Candidate): string =>
  createHash('sha256').update(`${at}\n${guid}`).digest('base64url').slice(0, 8)

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
