// Where a table has no columns for claims, nothing on a row says whether it is still what was read. So what
// an event is known by goes with the row's key, and is repeated when the row is marked: what the department
// has written since stays new. Pure.

import { codeColumns, type PolledKey } from './columns.ts'
import type { Dialect, Row } from './database.ts'
import type { Table } from './layout.ts'
import { equals, join, type Statement } from './sql.ts'

/** Times and codes are short; a longer one is not read at all. */
const LONGEST = 100

const telling = (table: Table): string[] =>
  ['cd_time', 'cd_operation', codeColumns[table.key as PolledKey], 'end_time'].filter((column) =>
    table.has(column),
  )

/** Of a row as it was read, for its key. */
export function signOf(table: Table, row: Row): string {
  const told = telling(table).map((column) => {
    const text = row[column] ?? null
    return text === null ? null : [...text].slice(0, LONGEST).join('')
  })
  return Buffer.from(JSON.stringify(told)).toString('base64url')
}

/** That the row still tells the same. */
export function isAsRead(dialect: Dialect, table: Table, sign: string): Statement {
  const told = JSON.parse(Buffer.from(sign, 'base64url').toString()) as (string | null)[]
  const conditions = telling(table).map((column, i) =>
    equals(dialect.text(table.column(column), LONGEST), told[i] ?? null),
  )
  return join(conditions, ' and ')
}
