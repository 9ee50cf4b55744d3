// The published calendars as the days that are worked.

import type { WorkCalendar } from '../domain/calendar.ts'
import type { CalendarYear } from './settings.ts'

type Years = ReadonlyMap<number, CalendarYear>

const known = new WeakMap<Years, WorkCalendar>()

/** The same object for the same years: what the domain has counted with it is remembered. */
export function workCalendarOf(years: Years): WorkCalendar {
  const calendar = known.get(years) ?? {
    isWorkingDay: (day) => isWorkingDay(years.get(Number(day.slice(0, 4))), day),
  }
  known.set(years, calendar)
  return calendar
}

/** In a year without a published calendar, Saturdays and Sundays are off and nothing else. */
export function isWorkingDay(year: CalendarYear | undefined, day: string): boolean {
  if (year?.daysOff.includes(day)) return false
  if (year?.workingDays.includes(day)) return true
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}
