// Dates and times in any common Chinese or ISO form to ISO 8601. Ambiguous forms (06/07/2022, 22-6-3), epoch
// numbers and days that do not exist are refused: a guessed date is worse than a question.

import { type Fault, fault } from './rule.ts'

const SHANGHAI_OFFSET_MS = 8 * 3_600_000
/** Years before this are the null dates of old databases (1753-01-01, 0001-01-01). */
const FIRST_YEAR = 1800
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/
const SEPARATED =
  /^(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})(?: ?[日号] ?|[T ]|$)(?:(\d{1,2}) ?[:时点] ?(?:(\d{1,2})(?: ?[:分] ?(?:(\d{1,2})(?:[.,](\d{1,9}))? ?秒?)?)?)? ?(Z|[+-]\d{2}:?\d{2})?)?$/i
/** Longer texts are no dates; also keeps the patterns cheap on hostile ones. */
const LONGEST = 48
const HAN_DIGITS = '〇一二三四五六七八九'
/** Counted, not spelt out: of 一二月 nobody knows whether the first or the twelfth is meant. */
const HAN_DATE =
  /^[〇○零一二三四五六七八九]{4}年(?:[一二三四五六七八九]|(?:十|一十)[一二]?)月(?:[一二三四五六七八九]|[一二三]?十[一二三四五六七八九]?)[日号]?$/

interface Moment {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  ms: number
  /** Minutes east of UTC; undefined where the text names none. */
  offset: number | undefined
}

/**
 * `yyyy-MM-dd`. A time in the text is dropped; one with another offset is first moved to China's. Fault
 * `invalid-date`.
 */
export function isoDate(text: string): string | Fault {
  const moment = read(text)
  if ('code' in moment) return moment
  return moment.offset === undefined || moment.offset === 480
    ? dateOf(moment)
    : inShanghai(moment).slice(0, 10)
}

/** `yyyy-MM-ddTHH:mm:ss[.SSS]+08:00`; a text without offset is China time. Fault `invalid-date`. */
export function isoDateTime(text: string): string | Fault {
  const moment = read(text)
  return 'code' in moment ? moment : inShanghai(moment)
}

/** The same in UTC; null for what is no text, or no such time. */
export function utcTime(value: unknown): string | null {
  const time = typeof value === 'string' ? isoDateTime(value) : undefined
  return typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? new Date(time).toISOString() : null
}

function read(text: string): Moment | Fault {
  if (text.length > LONGEST) return unknownForm
  if (/^\d{10}$|^\d{13}$/.test(text)) return epoch
  const plain = text.replace(/\s+/g, ' ')
  const parts = COMPACT.exec(plain) ?? SEPARATED.exec(HAN_DATE.test(plain) ? fromHan(plain) : plain)
  if (parts === null) return unknownForm
  const moment = toMoment(parts)
  return exists(moment) ? moment : noSuchDay
}

function toMoment(parts: RegExpExecArray): Moment {
  const number = (i: number) => Number(parts[i] ?? 0)
  return {
    year: number(1),
    month: number(2),
    day: number(3),
    hour: number(4),
    minute: number(5),
    second: number(6),
    ms: Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3)),
    offset: offsetMinutes(parts[8]),
  }
}

function offsetMinutes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'Z' || text === 'z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return text.startsWith('-') ? -minutes : minutes
}

function exists(it: Moment): boolean {
  return (
    it.year >= FIRST_YEAR &&
    it.month >= 1 &&
    it.month <= 12 &&
    it.day >= 1 &&
    it.day <= daysInMonth(it.year, it.month) &&
    it.hour <= 23 &&
    it.minute <= 59 &&
    it.second <= 59 &&
    Math.abs(it.offset ?? 0) <= 14 * 60
  )
}

/** Gregorian; `month` from 1. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function dateOf(it: Moment): string {
  return `${it.year}-${two(it.month)}-${two(it.day)}`
}

function inShanghai(it: Moment): string {
  if (it.offset === undefined || it.offset === 480) {
    return `${dateOf(it)}T${two(it.hour)}:${two(it.minute)}:${two(it.second)}${fraction(it.ms)}+08:00`
  }
  const utc = Date.UTC(it.year, it.month - 1, it.day, it.hour, it.minute - it.offset, it.second, it.ms)
  return `${new Date(utc + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19)}${fraction(it.ms)}+08:00`
}

function fraction(ms: number): string {
  return ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

/** 二〇二二年六月二十三日 → 2022年6月23日 */
function fromHan(text: string): string {
  const [year = '', rest = ''] = text.replace(/[○零]/g, '〇').split('年')
  const digits = [...year].map((char) => HAN_DIGITS.indexOf(char)).join('')
  return `${digits}年${rest.replace(/[一二三四五六七八九十]+/g, (count) => String(hanCount(count)))}`
}

function hanCount(text: string): number {
  const [tens, ones] = text.includes('十') ? text.split('十') : ['', text]
  const ten = text.includes('十') ? (tens === '' ? 1 : HAN_DIGITS.indexOf(tens!)) * 10 : 0
  return ten + (ones === '' || ones === undefined ? 0 : HAN_DIGITS.indexOf(ones))
}

const epoch = fault(
  'invalid-date',
  'is a number of milliseconds or seconds; write the date, e.g. 2022-06-23',
  '是时间戳数字，请填写日期，例如 2022-06-23',
)
const unknownForm = fault(
  'invalid-date',
  'is not a date we can read; write e.g. 2022-06-23',
  '日期格式无法识别，请填写如 2022-06-23',
)
const noSuchDay = fault('invalid-date', 'is a day or time that does not exist', '该日期或时间不存在')
