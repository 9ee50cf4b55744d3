// Text that the department's charset lacks must be refused: an old server would write "?" instead of a name's sign.

import { decode, encode } from '../../src/adapter-kit/charset.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Table } from './layout.ts'
import type { OwnValues } from './own-values.ts'
import type { RowValues } from './rows.ts'
import type { ExchangeSettings } from './settings.ts'
import { nameIn } from './sql.ts'
import { writtenInto } from './statements.ts'

/** @throws AdapterFailure 'rejected', naming the column that would be written, before anything is sent */
export function refuseUnwritable(
  charset: ExchangeSettings['charset'],
  table: Table,
  rows: readonly RowValues[],
  own: OwnValues,
): void {
  if (charset === undefined || charset === 'utf8mb4') return
  for (const row of rows)
    for (const [column, value] of writtenInto(table, row, own))
      if (typeof value === 'string' && decode(encode(value, charset), charset) !== value)
        throw unwritable(`${table.title}.${nameIn(column)}`, charset)
}

function unwritable(column: string, charset: string): AdapterFailure {
  return new AdapterFailure(
    'rejected',
    `${column} 含有 ${charset} 没有的字，请部门改用 utf8mb4 或 gb18030 (${column} holds a character that ${charset} lacks)`,
    { sent: false },
  )
}
