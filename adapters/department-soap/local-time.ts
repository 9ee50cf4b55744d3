// Departments write Beijing time without saying so; we write ISO 8601 with +08:00. Must not read any clock.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'

const OFFSET_MS = 8 * 3_600_000
/** Old programs write 1753-01-01 or 1900-01-01 where they have no date. */
const FIRST_YEAR = 2000

/** A moment as `yyyy-MM-dd HH:mm:ss` in Beijing. */
export function toLocal(moment: Date): string {
  return new Date(moment.getTime() + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

const SPACED =
  /^(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:[ T]*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?$/
const PACKED = /^(\d{4})(\d\d)(\d\d)(?: ?(\d\d)(\d\d)(\d\d))?$/
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Their time as ISO 8601. A day without a time is taken as its end, or as the moment it was told if that was earlier.
 * @throws AdapterFailure 'unrecognised' when it is no time that exists
 */
export function fromLocal(text: string, receivedAt: Date): string {
  const written = text.trim()
  if (ISO.test(written) && !Number.isNaN(Date.parse(written))) return written
  const parts = SPACED.exec(written) ?? PACKED.exec(written)
  if (!parts) throw unreadable()
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => part && Number(part))
  const whole = hour === undefined
  const clock = whole ? '23:59:59' : [hour, minute, second ?? 0].map(two).join(':')
  const iso = `${year}-${two(month)}-${two(day)}T${clock}+08:00`
  const moment = new Date(iso)
  if (Number(year) < FIRST_YEAR || Number.isNaN(moment.getTime()) || !sameDay(moment, Number(day)))
    throw unreadable()
  return whole && moment > receivedAt ? `${toLocal(receivedAt).replace(' ', 'T')}+08:00` : iso
}

const two = (part: string | number | undefined) => String(part).padStart(2, '0')

/** 31 February is read as 3 March by the engine. */
function sameDay(moment: Date, day: number): boolean {
  return new Date(moment.getTime() + OFFSET_MS).getUTCDate() === day
}

function unreadable(): AdapterFailure {
  return new AdapterFailure(
    'unrecognised',
    '部门消息中的时间无法识别 (the time of the message cannot be read)',
  )
}
