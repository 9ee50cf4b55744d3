// JSONata, compiled once when the system is created. Faults of an expression are told by their code and place:
// JSONata's own messages quote the data, which may be personal.

import jsonata from 'jsonata'
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
  return (source, where) => compileExpression(source, where, offset, tables)
}

function compileExpression(source: string, where: string, offset: string, tables: Tables): Expression {
  const expression = parse(source, where)
  expression.registerFunction('localTime', (iso: string) => toLocal(iso, offset), '<s:s>')
  expression.registerFunction('isoTime', (local: string) => toIso(local, offset), '<s:s>')
  expression.registerFunction('code', (table: string, value: unknown) => codeIn(tables, table, value))
  const native = nativePath(source)
  const evaluate = async (input: unknown, bindings?: Record<string, unknown>) => {
    try {
      return plain(await expression.evaluate(input, bindings))
    } catch (error) {
      if (error instanceof AdapterFailure) throw error
      throw new AdapterFailure(
        'unrecognised',
        `${where}: 表达式无法求值 (cannot be evaluated, ${codeOf(error)})`,
        { cause: error },
      )
    }
  }
  if (!native) return evaluate
  return (input, bindings) => {
    const found = native(input, bindings)
    return found === ASK ? evaluate(input, bindings) : found
  }
}

function parse(source: string, where: string): jsonata.Expression {
  try {
    return jsonata(source)
  } catch (error) {
    const { position = 0, message } = error as Partial<jsonata.JsonataError>
    throw wrongSetting(
      where,
      `JSONata 有误 (not JSONata, ${codeOf(error)} at ${position}): ${message}`,
      'applicant.name，$string(code)',
      error,
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

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'no code'
}

/** JSONata's sequences carry extra members; what leaves here is ordinary data. */
function plain(value: unknown): unknown {
  return Array.isArray(value) ? Array.from(value) : value
}

export type Fill = (values: unknown) => string

/** `{matter.code}` in paths and headers: members by name, nothing more. */
export function compilePath(template: string, encode: (text: string) => string): Fill {
  const pieces = template.split(/\{([\w.]+)\}/)
  return (values) =>
    pieces.map((piece, index) => (index % 2 === 0 ? piece : encode(textAt(values, piece)))).join('')
}

function textAt(values: unknown, path: string): string {
  let value = values
  for (const name of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[name]
  return value === undefined || value === null ? '' : String(value)
}
