// Text that the department's charset lacks must be refused: an old server would write "?" instead of a name's sign.

import { decode, encode } from '../../src/adapter-kit/charset.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { RowValues } from './rows.ts'
import type { ExchangeSettings } from './settings.ts'

/** @throws AdapterFailure 'rejected', naming the column, before anything is sent */
export function refuseUnwritable(charset: ExchangeSettings['charset'], rows: readonly RowValues[]): void {
  if (charset === undefined || charset === 'utf8mb4') return
  for (const row of rows)
    for (const [column, value] of Object.entries(row))
      if (typeof value === 'string' && decode(encode(value, charset), charset) !== value)
        throw new AdapterFailure(
          'rejected',
          `${column} 含有 ${charset} 没有的字，请部门改用 utf8mb4 或 gb18030 (${column} holds a character that ${charset} lacks)`,
          { sent: false },
        )
}
