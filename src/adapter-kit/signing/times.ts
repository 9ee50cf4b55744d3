// How a signed time is written, and read back.

import { CHINA_OFFSET, toIso, toLocal } from '../local-time.ts'
import { checkTime } from './scheme.ts'

/** `local`: yyyyMMddHHmmss, `local-spaced`: yyyy-MM-dd HH:mm:ss, both at an offset; `iso`: ISO 8601 in UTC. */
export const signedTimes = ['ms', 's', 'rfc1123', 'local', 'local-spaced', 'iso'] as const
export type SignedTime = (typeof signedTimes)[number]

/** @param offset of local times, default +08:00 */
export function writeTime(time: SignedTime, at: Date, offset = CHINA_OFFSET): string {
  switch (time) {
    case 'ms':
      return String(at.getTime())
    case 's':
      return String(Math.floor(at.getTime() / 1000))
    case 'rfc1123':
      return at.toUTCString()
    case 'iso':
      return `${at.toISOString().slice(0, 19)}Z`
    case 'local-spaced':
      return toLocal(at.toISOString(), offset)
    case 'local':
      return toLocal(at.toISOString(), offset).replace(/\D/g, '')
  }
}

const looks: Readonly<Record<SignedTime, RegExp>> = {
  ms: /^\d+$/,
  s: /^\d+$/,
  rfc1123: /./,
  iso: /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/,
  'local-spaced': /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  local: /^\d{14}$/,
}

/** Milliseconds; NaN when it is not written so. */
function readTime(time: SignedTime, text: string, offset: string): number {
  if (!looks[time].test(text)) return Number.NaN
  if (time === 'ms') return Number(text)
  if (time === 's') return Number(text) * 1000
  if (time === 'rfc1123' || time === 'iso') return Date.parse(text)
  try {
    return Date.parse(toIso(text, offset))
  } catch {
    return Number.NaN
  }
}

interface TimeRules {
  time: SignedTime
  offset?: string | undefined
  /** How far a signed time may be from ours, either way; default 300 s. */
  windowMs?: number | undefined
}

/** @throws AdapterFailure 'unauthorised' */
export function checkSignedTime(text: string, receivedAt: Date, rules: TimeRules): void {
  const { time, offset = CHINA_OFFSET, windowMs } = rules
  checkTime(readTime(time, text, offset), receivedAt, windowMs)
}
