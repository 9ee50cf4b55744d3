// The dates of a certificate, in the forms that registries write them.
// Must not read any clock.

import { toLocal } from '../../src/adapter-kit/beijing-time.ts'

/** A month alone is no day: `2026-11` must not be read as 1 January. */
const DATE = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$/
/** yyyyMMdd, yyyyMMddHHmmss. */
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:[ T].*|(?:[01]\d|2[0-4])[0-5]\d[0-5]\d)?$/
/** A moment with its offset: programs write the midnight of a day in Beijing as 16:00 of the day before. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}:?\d{2})$/
/** Not what may be a date of fourteen digits, or of twelve. */
const EPOCH_MS = /^-?(?!(?:19|20)\d{10}$)(?:\d{12,13}|\d{15})$/
/** The zero of MySQL; other databases write a day of 1753 or of the year 1. */
const ZERO = /^0000[-/.]?00[-/.]?00(?:[ T].*)?$/
const FIRST_YEAR = '1900'
const NO_END = /^(?:长期(?:有效)?|永久(?:有效)?|无期限|无|-+|\/+|null|9999[-/.年]?12[-/.月]?31日?.*)$/i
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * `yyyy-MM-dd`; null where the certificate has no end (长期) or nothing is written, or what databases put in the place of
 * nothing; undefined for what is no date: reading it as "no end" would make a certificate good for ever.
 */
export function dateOf(written: string | undefined): string | null | undefined {
  const text = written?.trim() ?? ''
  if (text === '' || NO_END.test(text) || ZERO.test(text)) return null
  const day = MOMENT.test(text) ? momentDay(text) : (writtenDay(text) ?? epochDay(text))
  return day !== undefined && (day < FIRST_YEAR || NO_END.test(day)) ? null : day
}

function writtenDay(text: string): string | undefined {
  const parts = DATE.exec(text) ?? COMPACT.exec(text)
  if (!parts) return undefined
  const day = [parts[1], parts[2]?.padStart(2, '0'), parts[3]?.padStart(2, '0')].join('-')
  return isCalendarDay(day) ? day : undefined
}

function momentDay(text: string): string | undefined {
  const [, day = '', clock = '', offset = ''] = MOMENT.exec(text) ?? []
  if (!isCalendarDay(day)) return undefined
  const zone = offset === 'Z' ? offset : `${offset.slice(0, 3)}:${offset.slice(-2)}`
  return dayOf(new Date(`${day}T${clock}${zone}`))
}

const epochDay = (text: string): string | undefined =>
  EPOCH_MS.test(text) ? dayOf(new Date(Number(text))) : undefined

/** Before the year 1 or after 9999 it is no date. */
function dayOf(time: Date): string | undefined {
  const year = time.getUTCFullYear()
  return year >= 1 && year <= 9999 ? beijingDay(time) : undefined
}

function isCalendarDay(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day)
}

/** Whether the last day of validity is over in Beijing. A certificate without an end never expires. */
export function isExpired(validTo: string | null, now: Date): boolean {
  return validTo !== null && validTo < beijingDay(now)
}

/** The end of a copy's life, in Beijing's time: the same text all day, so that a repeated call says the same. */
export function copyEnd(now: Date, days: number, form: 'date-time' | 'date' | 'compact'): string {
  const day = beijingDay(new Date(now.getTime() + days * DAY_MS))
  if (form === 'date') return day
  return form === 'date-time' ? `${day} 23:59:59` : `${day.replaceAll('-', '')}235959`
}

const beijingDay = (time: Date): string => toLocal(time).slice(0, 10)
