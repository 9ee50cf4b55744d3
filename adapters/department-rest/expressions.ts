// JSONata of the settings, with the department's time and code tables; plain paths are walked without JSONata.

import { compileExpression } from '../../src/adapter-kit/expressions.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { toIso, toLocal } from '../../src/adapter-kit/local-time.ts'
import { wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import type { Maybe } from './dialect.ts'
import { ASK, nativePath } from './native-path.ts'

export type Expression = (input: unknown, bindings?: Record<string, unknown>) => Maybe<unknown>
/** @param where the setting, for failures. @throws AdapterFailure 'unrecognised' for text that is no JSONata */
export type Compile = (source: string, where: string) => Expression

/** Code tables by name: our word or code -> theirs. */
export type Tables = Readonly<Record<string, Readonly<Record<string, string | number>>>>

/**
 * Expressions may use `$localTime(iso)`, `$isoTime(local)` and `$code(table, value)` beside JSONata's own functions.
 * A value that its table lacks is a failure, never left out.
 */
export function compiler(offset: string, tables: Tables = {}): Compile {
  return (source, where) => compileOurs(source, where, offset, tables)
}

function compileOurs(source: string, where: string, offset: string, tables: Tables): Expression {
  checkTables(source, where, tables)
  const native = nativePath(source)
  const evaluate = compileExpression(source, {
    where,
    functions: {
      localTime: [(iso: string) => toLocal(iso, offset), '<s:s>'],
      isoTime: [(local: string) => toIso(local, offset), '<s:s>'],
      code: [(table: string, value: unknown) => codeIn(tables, table, value)],
    },
  })
  if (!native) return evaluate
  return (input, bindings) => {
    const found = native(input, bindings)
    return found === ASK ? evaluate(input, bindings) : found
  }
}

/** A table that is named as a text and is not there would fail with the first case. */
function checkTables(source: string, where: string, tables: Tables): void {
  for (const [, , name = ''] of source.matchAll(/\$code\(\s*(["'])([^"']*)\1/g)) {
    if (Object.hasOwn(tables, name)) continue
    const known = Object.keys(tables).join(' ')
    throw wrongSetting(
      where,
      `tables.${name.slice(0, 40)} 未配置 (is not configured)${known === '' ? '' : `；已有 (there are): ${known}`}`,
    )
  }
}

function codeIn(tables: Tables, table: string, value: unknown): string | number {
  const rows = Object.hasOwn(tables, table) ? tables[table] : undefined
  if (!rows)
    throw new AdapterFailure(
      'unrecognised',
      `tables.${String(table).slice(0, 40)} 未配置 (is not configured)`,
    )
  const key = String(value)
  const code = Object.hasOwn(rows, key) ? rows[key] : undefined
  if (code === undefined)
    throw new AdapterFailure('unrecognised', `tables.${table} 中没有此代码 (has no row for a value)`, {
      code: key.slice(0, 32),
    })
  return code
}

type Fill = (values: unknown, encode: (text: string) => string) => string

/**
 * `{matter.code}` in paths and headers: members by name, nothing more.
 * @param needed is told of a name that nothing has before the query, where another address would come out
 */
export function compilePath(template: string, needed?: (name: string) => never): Fill {
  const pieces = template.split(PLACEHOLDER)
  const inPath = template.split('?', 1)[0]!.split(PLACEHOLDER).length
  return (values, encode) =>
    pieces
      .map((piece, index) => {
        if (index % 2 === 0) return piece
        const value = memberAt(values, piece)
        if (index < inPath && (value === undefined || value === null)) needed?.(piece)
        return encode(String(value ?? ''))
      })
      .join('')
}

const PLACEHOLDER = /\{([\w.]+)\}/

function memberAt(values: unknown, path: string): unknown {
  let value = values
  for (const name of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[name]
  return value
}
