// Reading by flag. Where the table has columns for it, a row is claimed in the same transaction in which it
// is read. A claim begins with a name that is the same for every reading of one system: what a reading that
// failed has left behind is ours, and is taken again by the next one, before anything newer of its case. It
// ends differently for each reading, so that only the last to take a row marks it: whoever took it before may
// have read something else. Claims of others stand for a while. A row that took no mark waits as long, under
// a claim that is nobody's.

import { createHash, randomUUID } from 'node:crypto'
import type { Attempt, PolledPage } from '../../src/adapter-kit/contract.ts'
import { signOf } from './as-read.ts'
import { type Candidate, candidateColumns, candidatesOf, oldest } from './candidates.ts'
import type { Database, Dialect, Row } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { type Reading, readRows } from './reading.ts'
import { equals, join, oneOf, type Statement, sql, whole } from './sql.ts'
import { assigned, isNew } from './statements.ts'
import type { Unmarked } from './unmarked.ts'

export const canClaim = (table: Table): boolean => table.has('sync_time')

interface Claim {
  /** How all claims of this system begin. */
  owner: string
  /** This one; no longer than a UUID. */
  token: string
}

/** @param key of the attempt: the same for every reading of one system */
function newClaim(key: string): Claim {
  const owner = `tongban-${createHash('sha256').update(key).digest('hex').slice(0, 8)}-`
  return { owner, token: `${owner}${randomUUID().replaceAll('-', '')}`.slice(0, 36) }
}

/** A reading that claims what it reads. */
interface Claiming extends Reading {
  claim: Claim
  unmarked: Unmarked
}

export async function readByFlag(
  layout: Layout,
  database: Database,
  attempt: Attempt,
  unmarked: Unmarked,
): Promise<PolledPage> {
  const { dialect } = database
  const claim = newClaim(attempt.key)
  const { token } = claim
  return database.transaction(attempt.signal, async (session) => {
    const reading: Claiming = { layout, dialect, session, now: attempt.now(), claim, unmarked }
    const held = await heldNumbers(reading)
    const found: Candidate[][] = []
    for (const table of layout.polled) found.push(await candidates(reading, table, held))
    const chosen = oldest(found, layout.pageSize)
    for (const table of layout.polled.filter(canClaim)) await take(reading, table, chosen)
    const tokenOf = (table: Table, row: Row) => (canClaim(table) ? token : signOf(table, row))
    const items = await readRows(reading, chosen, tokenOf, {
      only: (table) => (canClaim(table) ? sql`${table.column('sync_by')} = ${token}` : isNew(layout, table)),
    })
    return { items, more: chosen.length >= layout.pageSize }
  })
}

const MOST_HELD = 2000

/**
 * The cases of which another has a row: what is newer must not overtake it. Asked apart, for tables may
 * differ in collation.
 */
async function heldNumbers({ layout, dialect, session, claim }: Claiming): Promise<string[]> {
  const held = new Set<string>()
  for (const table of layout.polled.filter(canClaim)) {
    const number = numberOf(dialect, table)
    const others = sql`${isTaken(layout, table)} and not ${isStale(layout, dialect, table)} and not ${isOurs(dialect, table, claim)} and not ${isAside(dialect, table)}`
    const { rows } = await session.run(
      sql`select distinct ${number} as number from ${table.name} where ${others} limit ${whole(MOST_HELD)}`,
      table.title,
    )
    for (const row of rows) if (row.number) held.add(row.number)
  }
  return [...held]
}

const LONGEST_NUMBER = 200
const numberOf = (dialect: Dialect, table: Table): Statement =>
  dialect.text(table.column('project_no'), LONGEST_NUMBER)

async function candidates(reading: Claiming, table: Table, held: readonly string[]): Promise<Candidate[]> {
  const { layout, dialect, session } = reading
  const order = table.has('cd_time') ? table.column('cd_time') : undefined
  const guid = table.column('row_guid')
  const locked = canClaim(table)
    ? sql` for update${layout.flags.skipLocked ? sql` skip locked` : sql``}`
    : sql``
  const statement = sql`select ${candidateColumns(layout, dialect, table, order)} from ${table.name} where ${isFree(reading, table)} and ${guid} is not null${isNotHeld(dialect, table, held)} order by ${join(order ? [order, guid] : [guid], ', ')} limit ${whole(layout.pageSize)}${locked}`
  const { rows } = await session.run(statement, table.title)
  return candidatesOf(layout, table, rows)
}

function isNotHeld(dialect: Dialect, table: Table, held: readonly string[]): Statement {
  if (held.length === 0) return sql``
  return sql` and (${table.column('project_no')} is null or ${numberOf(dialect, table)} not in ${oneOf(held)})`
}

/** New, or left behind by us, or taken so long ago that whoever took it is gone. */
function isFree({ layout, dialect, claim, unmarked, now }: Claiming, table: Table): Statement {
  if (!canClaim(table)) return isNewElsewhere(layout, table, unmarked.waiting(table, now))
  const left = sql`(${isStale(layout, dialect, table)} or ${isOurs(dialect, table, claim)})`
  return sql`(${isNew(layout, table)} or (${isTaken(layout, table)} and ${left}))`
}

function isNewElsewhere(layout: Layout, table: Table, waiting: readonly string[]): Statement {
  if (waiting.length === 0) return isNew(layout, table)
  return sql`${isNew(layout, table)} and ${table.column('row_guid')} not in ${oneOf(waiting)}`
}

const isTaken = ({ flags }: Layout, table: Table): Statement => equals(table.column('is_sync'), flags.taken)

const isStale = ({ flags }: Layout, dialect: Dialect, table: Table): Statement =>
  sql`${table.column('sync_time')} < ${dialect.ago(flags.claimSeconds)}`

const isOurs = (dialect: Dialect, table: Table, { owner }: Claim): Statement =>
  sql`${dialect.text(table.column('sync_by'), owner.length)} = ${owner}`

const ASIDE = 'unmarked'

/** What became of it is recorded: no other row of its case waits for it. */
const isAside = (dialect: Dialect, table: Table): Statement =>
  sql`${dialect.text(table.column('sync_by'), ASIDE.length)} = ${ASIDE}`

/** Leaves a row to nobody for as long as claims stand. */
export function asideFor(dialect: Dialect, table: Table): Statement {
  return join(
    [assigned(table.column('sync_time'), dialect.ago(0)), assigned(table.column('sync_by'), ASIDE)],
    ', ',
  )
}

async function take(reading: Claiming, table: Table, chosen: readonly Candidate[]): Promise<void> {
  const { layout, dialect, session, claim } = reading
  const guids = chosen.filter((one) => one.table === table).map(({ guid }) => guid)
  if (guids.length === 0) return
  const { taken } = layout.flags
  const changes = sql`${table.column('is_sync')} = ${taken}, ${table.column('sync_time')} = ${dialect.ago(0)}, ${table.column('sync_by')} = ${claim.token}`
  await session.run(
    sql`update ${table.name} set ${changes} where ${table.column('row_guid')} in ${oneOf(guids)} and ${isFree(reading, table)}`,
    table.title,
  )
}
