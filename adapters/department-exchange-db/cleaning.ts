// Takes away rows that were read, marked done, and have lain there for so many days, where the settings ask
// for it: of the tables that the department writes. The case and its materials are another matter: see
// cleaning-cases.ts.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import type { Database, Dialect } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { equals, join, oneOf, type Statement, sql, whole } from './sql.ts'

const DAY_SECONDS = 86_400
/** A table that has grown for years is emptied over many settlings, and no lock is held for long. */
const BATCH = 500

/** Columns by which a row's age is known: when it was written, when we marked it. */
const ageColumns = (table: Table): string[] => ['cd_time', 'sync_time'].filter((column) => table.has(column))

export async function clean(layout: Layout, database: Database, attempt: Attempt): Promise<void> {
  const days = layout.cleaning?.days
  if (!days) return
  for (const table of layout.polled) {
    const old = isOld(layout, database.dialect, table, days)
    const guid = table.column('row_guid')
    await database.session(attempt.signal, async (session) => {
      const { rows } = await session.run(
        sql`select ${guid} as guid from ${table.name} where ${old} limit ${whole(BATCH)}`,
        table.title,
      )
      const guids = rows.flatMap((row) => row.guid ?? [])
      // The condition once more: a row that the department made new meanwhile stays.
      if (guids.length > 0)
        await session.run(
          sql`delete from ${table.name} where ${guid} in ${oneOf(guids)} and ${old}`,
          table.title,
        )
    })
  }
}

function isOld(layout: Layout, dialect: Dialect, table: Table, days: number): Statement {
  const before = dialect.ago(days * DAY_SECONDS)
  const conditions = [
    equals(table.column('is_sync'), layout.flags.done),
    ...ageColumns(table).map((column) => sql`${table.column(column)} < ${before}`),
    // The end of a special procedure is filled in later, into the same row.
    ...(table.key === 'special' && table.has('end_time')
      ? [sql`${table.column('end_time')} is not null`]
      : []),
  ]
  return join(conditions, ' and ')
}
