// Departments write Beijing time without saying so; we write ISO 8601 with +08:00. Must not read any clock.

import { toLocal } from '../../src/adapter-kit/beijing-time.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'

/** Old programs write 1753-01-01 or 1900-01-01 where they have no date. */
const FIRST_YEAR = 2000

const SPACED =
  /^(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:[ T]*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d+)?)?)?$/
const PACKED = /^(\d{4})(\d\d)(\d\d)(?: ?(\d\d)(\d\d)(\d\d))?$/
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
const MIDNIGHT = /T00:00:00(?:\.0+)?\+08:00$/
const END_OF_DAY = 'T23:59:59+08:00'

/**
 * When something happened, as ISO 8601. A day without a time, or at midnight sharp, is taken as its end, or as the
 * moment it was told if that was earlier.
 * @throws AdapterFailure 'unrecognised' when it is no time that exists
 */
export function fromLocal(text: string, receivedAt: Date): string {
  const { iso, day } = read(text)
  // A midnight to come is no day that has begun.
  if (!day || (day === 'midnight' && new Date(iso) > receivedAt)) return iso
  const end = `${iso.slice(0, 10)}${END_OF_DAY}`
  return new Date(end) > receivedAt ? `${toLocal(receivedAt).replace(' ', 'T')}+08:00` : end
}

/** Their time as it is written, as ISO 8601; a day without one as its end. @throws as above */
export const isoOf = (text: string): string => read(text).iso

interface Written {
  iso: string
  /** Only a day was written; `midnight`: it may be, for many programs keep a day with a time. */
  day: 'alone' | 'midnight' | undefined
}

function read(text: string): Written {
  const written = text.trim()
  if (ISO.test(written)) {
    if (!exists(written)) throw unreadable()
    return { iso: written, day: MIDNIGHT.test(written) ? 'midnight' : undefined }
  }
  const parts = SPACED.exec(written) ?? PACKED.exec(written)
  if (!parts) throw unreadable()
  const [year, month, day, hour, minute, second = 0, fraction] = parts
    .slice(1)
    .map((part) => part && Number(part))
  const clock = hour === undefined ? END_OF_DAY : `T${[hour, minute, second].map(two).join(':')}+08:00`
  const iso = `${year}-${two(month)}-${two(day)}${clock}`
  if (!exists(iso)) throw unreadable()
  const isMidnight = MIDNIGHT.test(iso) && !fraction
  return { iso, day: hour === undefined ? 'alone' : isMidnight ? 'midnight' : undefined }
}

const two = (part: string | number | undefined) => String(part).padStart(2, '0')

/** 31 February is read as 3 March by the engine. */
function exists(iso: string): boolean {
  const day = iso.slice(0, 10)
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) === true
  return isDay && !Number.isNaN(Date.parse(iso)) && Number(iso.slice(0, 4)) >= FIRST_YEAR
}

function unreadable(): AdapterFailure {
  return new AdapterFailure(
    'unrecognised',
    '部门消息中的时间无法识别 (the time of the message cannot be read)',
  )
}
