// Departments write local time without an offset; we write ISO 8601 with one. China has had one offset since 1991.

import { AdapterFailure } from './failures.ts'

export const CHINA_OFFSET = '+08:00'

/** ISO 8601, or a moment, to `yyyy-MM-dd HH:mm:ss` at an offset such as +08:00. */
export function toLocal(at: string | Date, offset: string): string {
  if (typeof at === 'string' && at.length === 25 && at.endsWith(offset))
    return `${at.slice(0, 10)} ${at.slice(11, 19)}`
  const ms = typeof at === 'string' ? Date.parse(at) : at.getTime()
  const local = new Date(ms + offsetMs(offset)).toISOString()
  return `${local.slice(0, 10)} ${local.slice(11, 19)}`
}

/** Old programs write 1753-01-01 or 1900-01-01 where they have no date. */
const FIRST_YEAR = 2000

const PACKED =
  /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/
const SEPARATED =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2})[:时](\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)? ?(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Their time, to ISO 8601 with offset: `yyyy-MM-dd HH:mm:ss` with its usual variants, `yyyyMMddHHmmss` or ISO
 * 8601. What is counted since 1970 is turned into one by the settings, which know what is counted.
 * @param told when it was told. A day without a time is then its end, or that moment if it was earlier; without, it is no
 * time
 * @throws AdapterFailure 'unrecognised' when it is no time that exists
 */
export function toIso(given: unknown, offset: string, told?: Date): string {
  if (typeof given !== 'string') throw unreadable()
  const written = given.trim()
  const parts = PACKED.exec(written) ?? SEPARATED.exec(written)
  if (!parts) throw unreadable()
  const [, year = '', month = '', day = '', hour, minute, second, zone] = parts
  if (hour === undefined && !told) throw unreadable()
  const time = hour === undefined ? '23:59:59' : [hour, minute, second].map(two).join(':')
  const date = `${year}-${two(month)}-${two(day)}`
  const asUtc = Date.parse(`${date}T${time}Z`)
  const exists = !Number.isNaN(asUtc) && new Date(asUtc).getUTCDate() === Number(day)
  if (!exists || Number(year) < FIRST_YEAR) throw unreadable()
  const iso = `${date}T${time}${zone?.replace(/(?<=\d\d)(?=\d\d$)/, ':') ?? offset}`
  return hour === undefined && told && new Date(iso) > told ? isoAt(told, offset) : iso
}

const two = (digits = '0'): string => digits.padStart(2, '0')

const isoAt = (at: Date, offset: string): string => `${toLocal(at, offset).replace(' ', 'T')}${offset}`

function unreadable(): AdapterFailure {
  return new AdapterFailure(
    'unrecognised',
    '部门消息中的时间无法识别，可识别 yyyy-MM-dd HH:mm:ss、yyyyMMddHHmmss、yyyy年M月d日、ISO 8601 等；时间戳请在 time 中写作 $fromMillis(…)，其他写法用 JSONata 换成其中一种 (the time of the message cannot be read: these forms are; $fromMillis turns what is counted since 1970 into one)',
  )
}

export function offsetMs(offset: string): number {
  const sign = offset.startsWith('-') ? -1 : 1
  return sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6))) * 60_000
}
