// The holidays of a year are published in the autumn before it (国务院办公厅, usually November). A year whose calendar
// nobody has entered would be counted with its Saturdays and Sundays only, so it is warned of while there is time.

import { dayOf } from '../domain/calendar.ts'
import type { Settings } from '../settings/settings.ts'

/** The years that should be in config/calendar by now and are not: this one, and the next from `calendarWarnFrom` on. */
export function missingYears(
  { calendar, calendarWarnFrom }: Pick<Settings, 'calendar' | 'calendarWarnFrom'>,
  now: Date,
): number[] {
  const today = dayOf(now.toISOString())
  const year = Number(today.slice(0, 4))
  const due = today.slice(5) >= calendarWarnFrom ? [year, year + 1] : [year]
  return due.filter((one) => !calendar.has(one))
}

/** What to do about one of them, for a person. */
export const yearMissingSentence = (year: number): string =>
  `config/calendar has no ${year}: its holidays are not known, and limits that run into it count Saturdays and Sundays only. Enter it with tongban calendar import · 缺少 ${year} 年日历：请用 tongban calendar import 录入放假安排`

/** Calls `tell` for each year once. */
export function oncePerYear(tell: (year: number) => void): (year: number) => void {
  const told = new Set<number>()
  return (year) => {
    if (told.has(year)) return
    told.add(year)
    tell(year)
  }
}
