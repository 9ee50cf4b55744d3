// config/calendar alone, for the command that shows and enters years: it needs no secret and no other file to be right.

import type { CalendarFile } from '../../schemas/types.ts'
import { checkFile } from './checked.ts'
import type { Environment } from './environment.ts'
import { readConfiguration } from './files.ts'
import { calendarOf } from './places.ts'
import { ConfigurationError, type ConfigurationProblem, sortProblems } from './problems.ts'

/** The files as written, by year. Throws ConfigurationError with every problem of the calendar. */
export async function readCalendars(configDir: string, env: Environment): Promise<Map<number, CalendarFile>> {
  const problems: ConfigurationProblem[] = []
  const files = await readConfiguration(configDir, env, (problem) => void problems.push(problem))
  const checked = files.of('calendar').flatMap((source) => checkFile<CalendarFile>(source, 'calendar') ?? [])
  calendarOf(checked)
  const ours = problems.filter(({ file }) => file === '.' || file.startsWith('calendar/'))
  if (ours.length > 0) throw new ConfigurationError(configDir, sortProblems(ours))
  return new Map(checked.map(({ data }) => [data.year, data]))
}
