// tongban calendar show <year>

import { resolve } from 'node:path'
import type { CalendarFile } from '../../../schemas/types.ts'
import { daysOf, isWeekend } from '../../settings/calendar-check.ts'
import { readCalendars } from '../../settings/calendar-files.ts'
import { readEnvironment, variable } from '../../settings/environment.ts'
import { yearMissingSentence } from '../../supervision/calendar-years.ts'
import { places, readCommandLine } from '../command-line.ts'

const help = `tongban calendar show <year> [--config folder]

Prints the holidays and made-up working days of a year, and how many days each month is worked.
Ends with status 1 when config/calendar does not have the year.
`

export async function showCalendar(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, { config: places.config }, 'names')
  if (!line) return 0
  const { values, positionals } = line
  const year = Number(positionals[0])
  if (!Number.isInteger(year)) {
    process.stderr.write(help)
    return 2
  }
  const env = readEnvironment()
  const folder = resolve(values.config ?? variable(env, 'TONGBAN_CONFIG') ?? 'config')
  const file = (await readCalendars(folder, env)).get(year)
  process.stdout.write(file ? describeCalendar(file) : `${yearMissingSentence(year)}\n`)
  return file ? 0 : 1
}

function describeCalendar(file: CalendarFile): string {
  const holidays = file.daysOff.map(
    ({ name, from, to }) =>
      `  ${from} … ${to}  ${String(daysOf(from, to).length).padStart(2)} 天  ${name.zh} ${name.en}`,
  )
  const worked = file.workingDays.map(
    (day) => `  ${day}  ${weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]}`,
  )
  const months = workedByMonth(file)
  return [
    `${file.year}  ${file.source}`,
    '放假 days off',
    ...holidays,
    '调休上班 made-up working days',
    ...worked,
    `工作日 working days: ${months.reduce((sum, count) => sum + count, 0)}`,
    `  ${months.map((count, i) => `${i + 1} 月 ${count}`).join('  ')}`,
    '',
  ].join('\n')
}

const weekdays = [
  '周日 Sunday',
  '周一 Monday',
  '周二 Tuesday',
  '周三 Wednesday',
  '周四 Thursday',
  '周五 Friday',
  '周六 Saturday',
]

function workedByMonth({ year, daysOff, workingDays }: CalendarFile): number[] {
  const off = new Set(daysOff.flatMap(({ from, to }) => daysOf(from, to)))
  const worked = new Set(workingDays)
  const months = Array.from({ length: 12 }, () => 0)
  for (const day of daysOf(`${year}-01-01`, `${year}-12-31`))
    if (worked.has(day) || (!off.has(day) && !isWeekend(day))) months[Number(day.slice(5, 7)) - 1]!++
  return months
}
