// Whether PostgreSQL can keep what an adapter read: its text holds neither NUL nor half a character, its numbers can be
// looked up, its times are of days that exist. What we parse ourselves is checked by parse-json.ts; this is for messages
// and answers that an adapter parsed.

import { isDay, isSaneYear } from '../domain/calendar.ts'

/** Looks at every text of a value made of plain objects and lists, member names included. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isStorable)
  const members = value as Readonly<Record<string, unknown>>
  for (const name in members) if (!isStorable(name) || !isStorable(members[name])) return false
  return true
}

/** What a system said: an event of its, or its receipt. */
interface Said {
  id?: string
  reference?: string
  at?: string
  detail?: { reference?: string }
}

/** Characters. An index takes 2,700 bytes, the system's id among them. */
const LONGEST_NUMBER = 500

/** Why the ledger cannot keep it, for a person; null when it can. */
export function whyUnstorable(said: readonly Said[]): string | null {
  if (!isStorable(said)) return '消息含有无法保存的字符 (NUL or a lone surrogate in the message)'
  const numbers = said.flatMap(({ id = '', reference = '', detail }) => [
    id,
    reference,
    detail?.reference ?? '',
  ])
  if (numbers.some((one) => one.length > LONGEST_NUMBER))
    return `消息中的编号超过 ${LONGEST_NUMBER} 字 (a number in the message has more than ${LONGEST_NUMBER} characters)`
  if (said.some(({ at }) => at !== undefined && !isMoment(at)))
    return '消息中的时间不存在或早于 2000 年 (a time in the message does not exist, or is before 2000)'
  return null
}

/** PostgreSQL knows no 31 February, which the engine reads as 3 March; 1900 or 0001 is what old programs write for no time. */
const isMoment = (at: string): boolean =>
  !Number.isNaN(Date.parse(at)) && isSaneYear(at) && isDay(at.slice(0, 10))
