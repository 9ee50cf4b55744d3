// A published calendar, read and held against everything that config/calendar asks of one.

import type { CalendarFile } from '../../../schemas/types.ts'
import { calendarFaults } from '../../settings/calendar-check.ts'
import { compileSchemas } from '../../settings/schemas.ts'
import { type Given, readPublished } from './read-published.ts'

/** The calendar, or every fault as a sentence in both languages. */
export function publishedCalendar(given: Given): { calendar: CalendarFile } | { faults: string[] } {
  const read = readPublished(given)
  if ('faults' in read) return read
  const misshapen = compileSchemas()('config/calendar')(read.calendar)
  if (misshapen.length > 0)
    return {
      faults: misshapen.map(({ pointer, message, messageZh }) => `${pointer} ${message} · ${messageZh}`),
    }
  const calendar = read.calendar as unknown as CalendarFile
  const faults = calendarFaults(calendar).map(({ pointer, en, zh }) => `${pointer} ${en} · ${zh}`)
  return faults.length > 0 ? { faults } : { calendar }
}
