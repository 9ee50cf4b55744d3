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

const written =
  /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})[ T]?(\d{2}):?(\d{2}):?(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/

/**
 * `yyyy-MM-dd HH:mm:ss`, `yyyyMMddHHmmss` or ISO 8601 to ISO 8601 with offset.
 * @throws AdapterFailure 'unrecognised' when it is no time that exists
 */
export function toIso(text: unknown, offset: string): string {
  const parts = typeof text === 'string' ? written.exec(text.trim()) : null
  if (parts) {
    const [, year, month, day, hour, minute, second, zone] = parts
    const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}${zone ?? offset}`
    const asUtc = Date.parse(`${iso.slice(0, 19)}Z`)
    if (!Number.isNaN(asUtc) && new Date(asUtc).getUTCDate() === Number(day)) return iso
  }
  throw new AdapterFailure(
    'unrecognised',
    '部门消息中的时间无法识别 (the time of the message cannot be read)',
  )
}

export function offsetMs(offset: string): number {
  const sign = offset.startsWith('-') ? -1 : 1
  return sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6))) * 60_000
}
