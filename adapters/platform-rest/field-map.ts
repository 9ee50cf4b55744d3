// One side's fields to the other's, by a table instead of a program: compiled once, about a microsecond a field.
// Coming in, a code that the table does not know is passed on as it is, so that validation names it; going out it is a
// failure. It is never guessed.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isAbsent, type Members, put, valueAt } from './members.ts'
import { timeReader, writeTime } from './times.ts'

/** Path written (dotted) to the path read, or to a rule. Later entries overwrite earlier ones. */
export interface FieldMap {
  readonly [written: string]: string | FieldRule
}

export interface FieldRule {
  /** The member read, dotted. */
  from?: string
  /** Code read to word written; applied to each entry of a list. */
  values?: Readonly<Record<string, unknown>>
  /** Taken where what is read is absent, null or ''. */
  default?: unknown
  /** What is read is a list (or a single entry): the map of each entry. */
  each?: FieldMap
  /** What is written is a list: a single value becomes a list of one. */
  list?: boolean
  /** What is read is one text with this between its entries: becomes a list. */
  split?: string
  /** What is read is a list: becomes one text with this between its entries. */
  join?: string
  /** Written only when the member at each path has one of these texts. */
  when?: Readonly<Record<string, readonly string[]>>
  /** An ISO 8601 time is written in China's time by this pattern (yyyy MM dd HH mm ss SSS), or counted: `ms`, `s`. */
  time?: string
  /** A text of digits is read as a number. */
  number?: boolean
  /** A day or time written so is read: as yyyy-MM-dd, or with HH, `ms` or `s` as ISO 8601 in China's time. */
  date?: string
}

/** `pass`: unknown codes are handed on; `refuse`: they are a failure. */
export type UnknownCodes = 'pass' | 'refuse'

type Setter = (read: unknown, written: Members) => void
type Change = (value: unknown) => unknown

/**
 * Makes the mapping; the function made is pure. @throws AdapterFailure 'unrecognised', not sent, when codes
 * are refused
 */
export function compileFields(map: FieldMap, unknown: UnknownCodes = 'pass'): (read: unknown) => Members {
  const setters = Object.entries(map).map(([written, rule]) => setter(written, rule, unknown))
  return (read) => {
    const made: Members = {}
    for (const set of setters) set(read, made)
    return made
  }
}

function setter(written: string, given: string | FieldRule, unknown: UnknownCodes): Setter {
  const rule: FieldRule = typeof given === 'string' ? { from: given } : given
  const path = written.split('.')
  const from = rule.from?.split('.') ?? []
  const change = changeOf(rule, written, unknown)
  const applies = conditionOf(rule.when)
  return (read, target) => {
    if (!applies(read)) return
    const found = rule.from === undefined ? undefined : valueAt(read, from)
    const value = isAbsent(found) ? rule.default : change(found)
    if (value !== undefined) put(target, path, value)
  }
}

function conditionOf(when: FieldRule['when']): (read: unknown) => boolean {
  const conditions = Object.entries(when ?? {}).map(([path, texts]) => [path.split('.'), texts] as const)
  return (read) => conditions.every(([path, texts]) => texts.includes(String(valueAt(read, path))))
}

function changeOf(rule: FieldRule, written: string, unknown: UnknownCodes): Change {
  const { each, values, split, join, list, time } = rule
  if (each !== undefined) {
    const map = compileFields(each, unknown)
    return (value) => listOf(value).map(map)
  }
  const coded: Change = values === undefined ? readerOf(rule) : translator(values, written, unknown)
  const one: Change = time === undefined ? coded : (value) => timeOf(coded(value), time, written)
  return (value) => {
    const entries = split === undefined ? value : splitText(value, split)
    if (!Array.isArray(entries)) return list === true ? [one(entries)] : one(entries)
    const changed = entries.map(one)
    return join === undefined ? changed : changed.join(join)
  }
}

/** What is not written so is passed on as it is, so that validation names it. */
function readerOf({ number, date }: FieldRule): Change {
  if (date !== undefined) {
    const read = timeReader(date)
    return (value) => read(value) ?? value
  }
  return number ? numberIn : (value) => value
}

const NUMBER = /^[+-]?\d{1,15}(?:\.\d{1,6})?$/

const numberIn: Change = (value) =>
  typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : value

function translator(
  values: Readonly<Record<string, unknown>>,
  written: string,
  unknown: UnknownCodes,
): Change {
  return (value) => {
    if (typeof value === 'object') return value
    const code = String(value)
    if (Object.hasOwn(values, code)) return values[code]
    if (unknown === 'pass') return value
    throw failure(written, '没有对应的代码', 'has no code for what it should say')
  }
}

function splitText(value: unknown, separator: string): unknown {
  if (typeof value !== 'string') return value
  return value
    .split(separator)
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function timeOf(value: unknown, pattern: string, written: string): string | number {
  const text = typeof value === 'string' ? writeTime(value, pattern) : undefined
  if (text === undefined) throw failure(written, '不是时间', 'is given no time')
  return text
}

function failure(written: string, zh: string, en: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `字段对照 ${written}：${zh} (${written} ${en})`, { sent: false })
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}
