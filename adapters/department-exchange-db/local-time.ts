// Departments write local time without an offset, in many forms, and write "no date" as a date long ago.
// China has had one offset since 1991.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { toLocal } from '../../src/adapter-kit/local-time.ts'
import type { TextTimes } from './settings.ts'

/** `yyyy-MM-dd HH:mm:ss` as columns that are texts have it. */
export const asColumn = (local: string, times: TextTimes | undefined): string =>
  times === 'yyyyMMddHHmmss' ? local.replaceAll(/\D/g, '') : local

/** A moment in ISO 8601, with the offset. */
export const toIso = (at: Date, offset: string): string => `${toLocal(at, offset).replace(' ', 'T')}${offset}`

export interface Moment {
  /** ISO 8601 with offset. */
  iso: string
  /** Only a day was written; `midnight`: it may be, for a column of times writes it so. */
  day: 'alone' | 'midnight' | undefined
}

const SEPARATED =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/
const PLAIN = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/
/** "1753-1-1", "1900-01-01", "0001-01-01" and "0000-00-00" stand for no date: no case is that old. */
const LAST_EMPTY_YEAR = 1900

/**
 * Undefined when there is no date: empty, or a date that stands for none.
 * @throws AdapterFailure 'unrecognised' when it is no time that exists
 */
export function readMoment(text: string | null | undefined, offset: string): Moment | undefined {
  const written = text?.trim() ?? ''
  if (written === '') return undefined
  const parts = SEPARATED.exec(written) ?? PLAIN.exec(written)
  if (!parts) throw unreadable()
  const [, year = '', month = '', day = '', hour, minute = '00', second = '00', fraction, zone] = parts
  if (Number(year) <= LAST_EMPTY_YEAR) return undefined
  const two = (digits: string) => digits.padStart(2, '0')
  const date = `${year}-${two(month)}-${two(day)}`
  const time = `${two(hour ?? '0')}:${minute}:${second}`
  const asUtc = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(asUtc) || new Date(asUtc).getUTCDate() !== Number(day)) throw unreadable()
  const milliseconds = fraction && Number(fraction) > 0 ? `.${fraction.slice(0, 3).padEnd(3, '0')}` : ''
  const iso = `${date}T${time}${milliseconds}${zoneOf(zone) ?? offset}`
  const isMidnight = iso === `${date}T00:00:00${offset}`
  return { iso, day: hour === undefined ? 'alone' : isMidnight ? 'midnight' : undefined }
}

/** The last second of a day that was written without a time. */
export const endOfDay = ({ iso }: Moment): string => iso.replace('T00:00:00', 'T23:59:59')

/** PostgreSQL writes an offset as `+08`. */
function zoneOf(zone: string | undefined): string | undefined {
  if (zone === undefined || zone === 'Z') return zone
  return zone.length === 3 ? `${zone}:00` : `${zone.slice(0, 3)}:${zone.slice(-2)}`
}

function unreadable(): AdapterFailure {
  return new AdapterFailure('unrecognised', '时间无法识别 (a time in the row cannot be read)')
}
