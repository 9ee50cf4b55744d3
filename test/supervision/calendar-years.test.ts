// A year without published holidays is warned of while there is time, and again when a limit runs into it.

import t from 'tap'
import { lastDay } from '../../src/domain/calendar.ts'
import { liveRules } from '../../src/operations/reload/live-rules.ts'
import { fixedSources } from '../../src/rules.ts'
import { missingYears, oncePerYear } from '../../src/supervision/calendar-years.ts'

const year = (one: number) => [one, { year: one, source: '', daysOff: [], workingDays: [] }] as const
const calendar = new Map([year(2026)])
const missing = (day: string, warnFrom = '10-01') =>
  missingYears({ calendar, calendarWarnFrom: warnFrom }, new Date(`${day}T00:00:00+08:00`))

t.test('the next year is asked for from October, or from the day that is configured', async (t) => {
  t.strictSame(missing('2026-09-30'), [])
  t.strictSame(missing('2026-10-01'), [2027])
  t.strictSame(missing('2026-11-15', '11-16'), [])
  t.strictSame(missing('2026-11-16', '11-16'), [2027])
  t.strictSame(missing('2027-03-01'), [2027], 'and its own year all the time')
  t.strictSame(missing('2027-10-01'), [2027, 2028])
})

t.test('a limit that is counted into a year without a calendar says so once', async (t) => {
  const told: number[] = []
  const settings = {
    systems: new Map(),
    postal: new Map(),
    catalogue: {},
    calendar,
    deadlines: {},
    custody: {},
  }
  const yearMissing = oncePerYear((one) => void told.push(one))
  const live = liveRules(settings as never, { ...fixedSources({} as never), yearMissing })
  lastDay('2026-12-01', { days: 10, unit: 'G' }, live.rules)
  t.strictSame(told, [])
  for (const days of [25, 26, 30]) lastDay('2026-12-01', { days, unit: 'G' }, live.rules)
  live.replace(settings as never)
  lastDay('2026-12-02', { days: 40, unit: 'G' }, live.rules)
  t.strictSame(told, [2027])
})
