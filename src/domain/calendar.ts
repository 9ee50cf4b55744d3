// Days as offices count them. A day is `yyyy-MM-dd` in China's time, which has had no summer time since 1991;
// which days are worked is told from outside, year by year.

import type { Limit } from './catalogue.ts'

export interface WorkCalendar {
  isWorkingDay(day: string): boolean
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const CHINA_OFFSET_MS = 8 * HOUR_MS
export const CHINA_OFFSET = '+08:00'
/** Longer than any holiday: a calendar without working days must not loop for ever. */
const LONGEST_REST_DAYS = 60

/** As China's clocks show it, but for the `Z` at its end. */
const shown = (at: string): string => new Date(Date.parse(at) + CHINA_OFFSET_MS).toISOString()

/** ISO 8601 with any offset, to the second with China's. */
export const chinaMoment = (at: string): string => `${shown(at).slice(0, 19)}${CHINA_OFFSET}`

/** The day on which the moment lies. */
export const dayOf = (at: string): string => shown(at).slice(0, 10)

/** The time of day at the moment, `HH:mm`. */
export const minuteOf = (at: string): string => shown(at).slice(11, 16)

/** True for yyyy-MM-dd of a day that exists. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** Beyond these a time is a slip of the pen, and more than calendars and the ledger can count with. */
const SANE_YEARS = /^2[0-2]\d\d-/

/** Of what begins with yyyy-. */
export const isSaneYear = (text: string): boolean => SANE_YEARS.test(text)

/** The first moment of the day. */
export const startOf = (day: string): string => `${day}T00:00:00${CHINA_OFFSET}`

export const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** The last day of a limit that begins on `day`: the first day counted is the next one (民法典 第二百零一条). */
export function lastDay(day: string, { days, unit }: Limit, calendar: WorkCalendar): string {
  if (unit === 'Z') return dayAfter(day, days)
  return remembered(answersOf(calendar).lastDays, `${day} ${days}`, () => countedOn(day, days, calendar))
}

/** Where a limit ends on a day of rest it is the next working day that is its last (民法典 第二百零三条). */
export const workingDayFrom = (day: string, calendar: WorkCalendar): string =>
  calendar.isWorkingDay(day) ? day : nextWorkingDay(day, calendar)

/** This day, or where nobody works on it, the last before it on which somebody does. */
export function workingDayUntil(day: string, calendar: WorkCalendar): string {
  let last = day
  for (let rest = 0; rest < LONGEST_REST_DAYS && !calendar.isWorkingDay(last); rest++)
    last = dayAfter(last, -1)
  return last
}

// Every case of a day asks the same few questions, and a calendar does not change while it is used.
interface Answers {
  lastDays: Map<string, string>
  nextDays: Map<string, string>
}
const answers = new WeakMap<WorkCalendar, Answers>()
const MOST_ANSWERS = 10_000

function answersOf(calendar: WorkCalendar): Answers {
  const known = answers.get(calendar)
  if (known) return known
  const none: Answers = { lastDays: new Map(), nextDays: new Map() }
  answers.set(calendar, none)
  return none
}

function remembered(known: Map<string, string>, question: string, find: () => string): string {
  const before = known.get(question)
  if (before !== undefined) return before
  const answer = find()
  if (known.size >= MOST_ANSWERS) known.clear()
  known.set(question, answer)
  return answer
}

function countedOn(day: string, days: number, calendar: WorkCalendar): string {
  let last = day
  for (let counted = 0; counted < days; counted++) last = nextWorkingDay(last, calendar)
  return last
}

function nextWorkingDay(day: string, calendar: WorkCalendar): string {
  return remembered(answersOf(calendar).nextDays, day, () => {
    let next = dayAfter(day)
    for (let rest = 0; rest < LONGEST_REST_DAYS && !calendar.isWorkingDay(next); rest++) next = dayAfter(next)
    return next
  })
}

/** How many days of the unit lie after `from`, up to and with `to`; 0 when `to` is not later. */
export function daysBetween(from: string, to: string, unit: Limit['unit'], calendar: WorkCalendar): number {
  if (to <= from) return 0
  if (unit === 'Z')
    return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
  let counted = 0
  for (let day = nextWorkingDay(from, calendar); day <= to; day = nextWorkingDay(day, calendar)) counted++
  return counted
}
