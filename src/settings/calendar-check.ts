// What a published calendar must be beyond its schema: every day in its year, once, and make-up days on days that would
// be off. Used when the configuration is loaded and before a calendar is written into it.

import type { CalendarFile } from '../../schemas/types.ts'

interface CalendarFault {
  pointer: string
  en: string
  zh: string
}

const DAY_MS = 24 * 3_600_000
const LONGEST_SPAN_DAYS = 366

export function calendarFaults({ year, daysOff, workingDays }: CalendarFile): CalendarFault[] {
  const off = new Set<string>()
  const faults = daysOff.flatMap((span, i) => spanFaults(span, `/daysOff/${i}`, year, off))
  return [...faults, ...workingDays.flatMap((day, i) => workedFaults(day, `/workingDays/${i}`, year, off))]
}

/** Both ends included; at most a year. */
export function daysOf(from: string, to: string): string[] {
  const days: string[] = []
  const last = Date.parse(to)
  for (let day = Date.parse(from); day <= last && days.length < LONGEST_SPAN_DAYS; day += DAY_MS)
    days.push(new Date(day).toISOString().slice(0, 10))
  return days
}

/** Saturday or Sunday. */
export const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

function spanFaults(
  { from, to }: { from: string; to: string },
  pointer: string,
  year: number,
  off: Set<string>,
): CalendarFault[] {
  if (from > to)
    return [{ pointer: `${pointer}/to`, en: `to is before from (${from})`, zh: `截止日早于起始日 ${from}` }]
  const outside = (['from', 'to'] as const)
    .filter((end) => yearOf(end === 'from' ? from : to) !== year)
    .map((end) => elsewhere(`${pointer}/${end}`, end === 'from' ? from : to, year))
  const twice = daysOf(from, to).filter((day) => off.has(day))
  for (const day of daysOf(from, to)) off.add(day)
  return [
    ...outside,
    ...twice.slice(0, 1).map((day) => ({
      pointer,
      en: `${day} is listed as a day off twice`,
      zh: `${day} 重复列为放假日`,
    })),
  ]
}

function workedFaults(day: string, pointer: string, year: number, off: ReadonlySet<string>): CalendarFault[] {
  if (off.has(day))
    return [
      {
        pointer,
        en: `${day} is a day off as well: it can be one of the two`,
        zh: `${day} 同时列为放假日：只能是其中之一`,
      },
    ]
  if (yearOf(day) !== year) return [elsewhere(pointer, day, year)]
  if (isWeekend(day)) return []
  return [
    {
      pointer,
      en: `${day} is worked anyway: only Saturdays and Sundays are made-up days`,
      zh: `${day} 本来就是工作日：调休上班日只能是周六或周日`,
    },
  ]
}

const yearOf = (day: string): number => Number(day.slice(0, 4))

const elsewhere = (pointer: string, day: string, year: number): CalendarFault => ({
  pointer,
  en: `${day} is not in ${year}: it belongs in the calendar of its own year`,
  zh: `${day} 不在 ${year} 年内：请写入相应年份的日历`,
})
