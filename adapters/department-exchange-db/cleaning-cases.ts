// Takes away cases and their materials that the department has marked as taken long ago, where the settings ask for it.
// By these rows a repeated try is known, so the days must outlast every retry (settings-schema.ts says the least), and a
// case stays whole: while one of its materials is new, untaken or young, none of its rows goes.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import type { Database, Dialect } from './database.ts'
import type { CaseCleaning, Layout, Table } from './layout.ts'
import { equals, join, oneOf, type Statement, sql, whole } from './sql.ts'

const DAY_SECONDS = 86_400
/** A table that has grown for years is emptied over many settlings, and no lock is held for long. */
const BATCH = 200

export async function cleanCases(layout: Layout, database: Database, attempt: Attempt): Promise<void> {
  const cases = layout.cleaning?.cases
  if (!cases) return
  const { accept, material } = layout
  const over = isOver(layout, database.dialect, cases)
  const { rows } = await database.session(attempt.signal, (session) =>
    session.run(
      sql`select ${accept.column('project_no')} as number from ${accept.name} where ${over} limit ${whole(BATCH)}`,
      accept.title,
    ),
  )
  const numbers = rows.flatMap(({ number }) => number ?? [])
  if (numbers.length === 0) return
  const among = (table: Table) => sql`${table.column('project_no')} in ${oneOf(numbers)}`
  // The conditions once more: what was written or made new meanwhile stays. The case last, so that it is found again
  // where the tables know no transactions.
  await database.transaction(attempt.signal, async (session) => {
    await session.run(
      sql`delete from ${material.name} where ${among(material)} and ${isTaken(database.dialect, material, cases)}`,
      material.title,
    )
    await session.run(sql`delete from ${accept.name} where ${among(accept)} and ${over}`, accept.title)
  })
}

/** The case was taken, and so was everything that belongs to it. */
function isOver({ accept, material }: Layout, dialect: Dialect, cases: CaseCleaning): Statement {
  const same = sql`${material.name}.${material.column('project_no')} = ${accept.name}.${accept.column('project_no')}`
  const live = sql`select 1 from ${material.name} where ${same} and ${isLive(dialect, material, cases)}`
  return sql`${isTaken(dialect, accept, cases)} and not exists (${live})`
}

function isTaken(dialect: Dialect, table: Table, { taken, days }: CaseCleaning): Statement {
  const before = dialect.ago(days * DAY_SECONDS)
  const conditions = [
    equals(sql`${table.name}.${table.column('is_sync')}`, taken),
    sql`${table.name}.${table.column('cd_time')} < ${before}`,
  ]
  return join(conditions, ' and ')
}

/** The contrary, said so that an empty column counts as not taken and as young. */
function isLive(dialect: Dialect, table: Table, { taken, days }: CaseCleaning): Statement {
  const [flag, time] = ['is_sync', 'cd_time'].map((column) => sql`${table.name}.${table.column(column)}`)
  const before = dialect.ago(days * DAY_SECONDS)
  return sql`(${flag!} is null or ${flag!} <> ${taken} or ${time!} is null or ${time!} >= ${before})`
}
