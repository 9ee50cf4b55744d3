// The department's further columns and what each gets: a text with members of the content filled in, or, where it begins
// with '=', what a JSONata expression makes of the content. Those of a matter are laid over those of the table.

import { compileExpression } from '../../src/adapter-kit/expressions.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { TableKey } from './columns.ts'
import type { TableSettings } from './settings.ts'
import { name, type Value } from './sql.ts'

/** By the department's own names. */
export type OwnValues = Readonly<Record<string, Value>>

export interface OwnColumns {
  /** Every column that is filled for some matter. */
  names: readonly string[]
  /** @param now local time. @throws AdapterFailure 'unrecognised', naming the setting, for what is not one value */
  of(content: unknown, now: string): Promise<OwnValues>
}

type Fill = (content: unknown, now: string) => Value | Promise<Value>
type Fills = Readonly<Record<string, Fill>>
/** ISO 8601 as a column of times has it. */
type ToColumn = (iso: string) => string
type Texts = Readonly<Record<string, string>>

/** @throws AdapterFailure 'unrecognised' for a name that is no identifier, or text that is no JSONata */
export function ownColumns(key: TableKey, given: TableSettings | undefined, toColumn: ToColumn): OwnColumns {
  const fillsOf = (texts: Texts, where: string): Fills =>
    Object.fromEntries(
      Object.entries(texts).map(([column, text]) => {
        name(column)
        return [column, fillOf(text, `${where}.${column}`, toColumn)]
      }),
    )
  const always = fillsOf(given?.values ?? {}, `tables.${key}.values`)
  const byMatter = new Map(
    Object.entries(given?.valuesByMatter ?? {}).map(([matter, texts]) => [
      matter,
      { ...always, ...fillsOf(texts, `tables.${key}.valuesByMatter.${matter}`) },
    ]),
  )
  return {
    names: [...new Set([always, ...byMatter.values()].flatMap(Object.keys))],
    of: (content, now) =>
      filled(byMatter.get(matterOf(content)) ?? byMatter.get('*') ?? always, content, now),
  }
}

const matterOf = (content: unknown): string => memberOf(content, 'matter.code', 'matter.code') ?? ''

async function filled(fills: Fills, content: unknown, now: string): Promise<OwnValues> {
  const values: Record<string, Value> = {}
  for (const [column, fill] of Object.entries(fills)) values[column] = await fill(content, now)
  return values
}

function fillOf(text: string, where: string, toColumn: ToColumn): Fill {
  if (text.startsWith('=')) {
    const localTime = [toColumn, '<s:s>'] as const
    const evaluate = compileExpression(text.slice(1), {
      where,
      example: '=form.area > 100 ? "2" : "1"',
      functions: { localTime },
      beforeSending: true,
    })
    return async (content, now) => oneValue(await evaluate(content, { now }), where) ?? null
  }
  // A text that is one placeholder is null when the content lacks it.
  const alone = /^\{([\w.]+)\}$/.exec(text)?.[1]
  if (alone) return (content) => memberOf(content, alone, where) ?? null
  return (content) =>
    text.replaceAll(/\{([\w.]+)\}/g, (_all, path: string) => memberOf(content, path, where) ?? '')
}

function memberOf(content: unknown, path: string, where: string): string | undefined {
  const found = path.split('.').reduce<unknown>((value, member) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, member)) return undefined
    return (value as Record<string, unknown>)[member]
  }, content)
  return oneValue(found, where)
}

function oneValue(found: unknown, where: string): string | undefined {
  if (found === undefined || found === null) return undefined
  if (typeof found !== 'object' && typeof found !== 'function') return String(found)
  throw new AdapterFailure(
    'unrecognised',
    `${where}: 配置有误，得到的不是单个值 (what it makes is not one value; mend the setting)`,
    { sent: false },
  )
}
