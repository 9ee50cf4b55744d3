// Proves address, credentials, tables, columns and rights without any effect: every statement concerns no row, and is
// rolled back. The clocks are compared and said, not judged: claims go by the database's own clock.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { canClaim } from './claims.ts'
import type { Database } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { join, name, nameIn, type Statement, sql } from './sql.ts'
import { assigned } from './statements.ts'

export async function checkExchange(
  layout: Layout,
  database: Database,
  attempt: Attempt,
): Promise<{ ok: boolean; summary: string }> {
  const problems: string[] = []
  let clock = ''
  try {
    clock = await compareClocks(database, attempt)
    for (const { table, statement } of questionsOf(layout)) {
      const problem = await ask(database, table, statement, attempt)
      if (!problem) continue
      const each = await askEach(database, table, attempt)
      for (const one of each.length > 0 ? each : [problem]) if (!problems.includes(one)) problems.push(one)
    }
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    problems.push(error.message)
  }
  if (problems.length > 0) return { ok: false, summary: problems.join('; ') }
  return { ok: true, summary: `数据库、表、列与权限均可用；${clock}` }
}

async function compareClocks(database: Database, attempt: Attempt): Promise<string> {
  const { rows } = await database.session(attempt.signal, (session) =>
    session.run(sql`select ${database.dialect.epoch} as epoch`),
  )
  const seconds = Number(rows[0]?.epoch) - attempt.now().getTime() / 1000
  const difference = `${seconds >= 0 ? '+' : ''}${seconds.toFixed(1)}`
  return `数据库时钟相差 ${difference} 秒 (database, tables, columns and rights are in order; its clock differs by ${difference} s)`
}

/** The failure of a statement that the settings or rights must be mended for; one that ends the check is thrown. */
async function ask(
  database: Database,
  table: Table,
  statement: Statement,
  attempt: Attempt,
): Promise<string | undefined> {
  const undone = new Error('undone')
  try {
    await database.transaction(attempt.signal, async (session) => {
      await session.run(statement, table.title)
      throw undone
    })
  } catch (error) {
    if (error === undone) return undefined
    if (error instanceof AdapterFailure && (error.kind === 'unrecognised' || error.kind === 'unauthorised'))
      return error.message
    throw error
  }
  return undefined
}

/** A server names one column of those that a table lacks: all are to be mended at once. */
async function askEach(database: Database, table: Table, attempt: Attempt): Promise<string[]> {
  const problems: string[] = []
  for (const column of columnsIn(table)) {
    const statement = sql`select ${column} from ${table.name} where 1 = 0`
    const problem = await ask(database, table, statement, attempt)
    if (problem) problems.push(problem)
  }
  return problems
}

function questionsOf(layout: Layout): { table: Table; statement: Statement }[] {
  const { accept, material, polled, watermark } = layout
  const written = [accept, material].flatMap((table) => [
    { table, statement: reads(table) },
    { table, statement: inserts(table) },
  ])
  const withdraws = accept.has('cd_operation')
    ? [{ table: accept, statement: updates(accept, ['cd_operation']) }]
    : []
  const marked = watermark
    ? []
    : polled.map((table) => ({
        table,
        statement: updates(table, [
          'is_sync',
          ...(canClaim(table) ? ['sync_time', 'sync_by'] : []),
          ...(table.has('sync_error') ? ['sync_error'] : []),
        ]),
      }))
  const deleted = [
    ...(layout.cleaning?.days ? polled : []),
    ...(layout.cleaning?.cases ? [accept, material] : []),
  ].map((table) => ({ table, statement: deletes(table) }))
  const read = polled.map((table) => ({ table, statement: reads(table) }))
  return [...written, ...withdraws, ...read, ...marked, ...deleted]
}

/** The department's own number is given by its database. */
const filledByThem: ReadonlySet<string> = new Set(['department_no'])

const columnsOf = (table: Table, without?: ReadonlySet<string>): Statement =>
  join(columnsIn(table, without), ', ')

function columnsIn(table: Table, without: ReadonlySet<string> = new Set()): Statement[] {
  const mapped = table.columns
    .filter((column) => !without.has(column))
    .map((column) => table.column(column))
    .filter((column) => !table.own.names.includes(nameIn(column)))
  return [...mapped, ...table.own.names.map(name)]
}

const reads = (table: Table): Statement => sql`select ${columnsOf(table)} from ${table.name} where 1 = 0`

const inserts = (table: Table): Statement =>
  sql`insert into ${table.name} (${columnsOf(table, filledByThem)}) select ${columnsOf(table, filledByThem)} from ${table.name} where 1 = 0`

const deletes = (table: Table): Statement => sql`delete from ${table.name} where 1 = 0`

const updates = (table: Table, columns: readonly string[]): Statement =>
  sql`update ${table.name} set ${join(
    columns.map((column) => assigned(table.column(column), table.column(column))),
    ', ',
  )} where 1 = 0`
