// config/halls, config/postal and config/calendar: where people are served, who carries their paper,
// and on which days offices work.

import type { CalendarFile, HallsFile, PostalFile } from '../../schemas/types.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { calendarFaults, daysOf } from './calendar-check.ts'
import type { Checked } from './checked.ts'
import { offersOf } from './offers.ts'
import { checkSpan, type KnownSystems, kinds, refer, referOnce, referSystem } from './references.ts'
import type { CalendarYear, Hall, PostalContract } from './settings.ts'
import { windowsOf } from './windows.ts'
import type { Source } from './yaml-source.ts'

/** Halls by code. */
export function hallsOf(
  files: readonly Checked<HallsFile>[],
  catalogue: Catalogue | undefined,
): Map<string, Hall> {
  const seen = new Map<string, string>()
  const halls = new Map<string, Hall>()
  for (const { source, data } of files) {
    for (const [index, hall] of data.halls.entries()) {
      const pointer = `/halls/${index}`
      if (!referOnce(seen, source, `${pointer}/code`, { en: 'hall', zh: '大厅' }, hall.code)) continue
      if (catalogue) refer(source, `${pointer}/division`, kinds.division, hall.division, catalogue.divisions)
      const { appointments, ...facts } = hall
      halls.set(hall.code, {
        ...facts,
        windows: windowsOf(source, pointer, hall.windows, catalogue),
        ...(appointments ? { appointments: offersOf(source, pointer, appointments, catalogue) } : {}),
      })
    }
  }
  return halls
}

/** Contracts by division. */
export function postalOf(
  files: readonly Checked<PostalFile>[],
  systems: KnownSystems,
  catalogue: Catalogue | undefined,
): Map<string, PostalContract> {
  const seen = new Map<string, string>()
  const contracts = new Map<string, PostalContract>()
  for (const { source, data } of files) {
    referDivisionOnce(source, data.division, seen, catalogue)
    referSystem(source, '/system', data.system, systems, 'carrier')
    if (data.tracker) referSystem(source, '/tracker', data.tracker, systems, 'carrier')
    checkSpan(source, '', data)
    contracts.set(data.division, data)
  }
  return contracts
}

function referDivisionOnce(
  source: Source,
  division: string,
  seen: Map<string, string>,
  catalogue: Catalogue | undefined,
): void {
  referOnce(seen, source, '/division', { en: 'postal contract of', zh: '邮寄合同' }, division)
  if (catalogue) refer(source, '/division', kinds.division, division, catalogue.divisions)
}

/** Years by number, each holiday spread into its days. */
export function calendarOf(files: readonly Checked<CalendarFile>[]): Map<number, CalendarYear> {
  const seen = new Map<string, string>()
  const years = new Map<number, CalendarYear>()
  for (const { source, data } of files) {
    referOnce(seen, source, '/year', { en: 'calendar of', zh: '日历' }, String(data.year))
    for (const { pointer, en, zh } of calendarFaults(data)) source.report(pointer, en, zh)
    const daysOff = data.daysOff.flatMap((span) => daysOf(span.from, span.to)).sort()
    const workingDays = [...data.workingDays].sort()
    years.set(data.year, { year: data.year, source: data.source, daysOff, workingDays })
  }
  return years
}
