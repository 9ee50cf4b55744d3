// The statements for the tables that we write. Pure: a preview shows the very same.

import type { Layout, Table } from './layout.ts'
import type { OwnValues } from './own-values.ts'
import type { RowValues } from './rows.ts'
import { equals, join, name, nameIn, oneOf, type Statement, sql, type Value, whole } from './sql.ts'

/** The row's values for the columns the table has, and the department's own columns, which go before. */
export function writtenInto(
  table: Table,
  row: RowValues,
  own: OwnValues,
): (readonly [column: Statement, value: Value])[] {
  const national = Object.entries(row).filter(
    (entry): entry is [string, Value] => entry[1] !== undefined && table.has(entry[0]),
  )
  return [
    ...national
      .filter(([column]) => !Object.hasOwn(own, nameIn(table.column(column))))
      .map(([column, value]) => [table.column(column), value] as const),
    ...Object.entries(own).map(([column, value]) => [name(column), value] as const),
  ]
}

export function insertInto(table: Table, row: RowValues, own: OwnValues): Statement {
  const columns = writtenInto(table, row, own)
  return sql`insert into ${table.name} (${join(
    columns.map(([column]) => column),
    ', ',
  )}) values ${oneOf(columns.map(([, value]) => value))}`
}

export function findAccepted({ accept }: Layout, caseId: string): Statement {
  const known = ['project_no', 'department_no', 'cd_operation'].filter((column) => accept.has(column))
  const columns = known.map((column) => sql`${accept.column(column)} as ${name(column)}`)
  const own = accept.column('project_no')
  return sql`select ${join(columns, ', ')} from ${accept.name} where ${own} = ${caseId} limit ${whole(1)}`
}

/** Which of these rows are there already. */
export function findMaterials({ material }: Layout, caseId: string, guids: readonly string[]): Statement {
  const guid = material.column('row_guid')
  return sql`select ${guid} as guid from ${material.name} where ${material.column('project_no')} = ${caseId} and ${guid} in ${oneOf(guids)}`
}

/** Marks the case as withdrawn, and as new again, so that the department's reader sees it. */
export function markWithdrawn(layout: Layout, caseId: string, exchange: RowValues): Statement {
  const { accept, operations } = layout
  const changes = ['cd_operation', 'cd_batch', 'cd_time', 'is_sync']
    .filter((column) => accept.has(column))
    .map((column) => assigned(accept.column(column), exchange[column] ?? null))
  const operation = accept.column('cd_operation')
  return sql`update ${accept.name} set ${join(changes, ', ')} where ${accept.column('project_no')} = ${caseId} and (${operation} is null or ${operation} <> ${operations.withdraw})`
}

export function assigned(column: Statement, value: Value | Statement): Statement {
  return sql`${column} = ${value}`
}

export function isNew(layout: Layout, table: Table): Statement {
  return equals(table.column('is_sync'), layout.flags.new)
}
