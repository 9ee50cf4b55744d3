// tongban statistics

import { dayOf } from '../domain/calendar.ts'
import { openReaders } from '../ledger/database.ts'
import { fixedSources, rulesOf } from '../rules.ts'
import { addAllUp } from '../supervision/adding-up.ts'
import { statisticsOf } from '../supervision/statistics.ts'
import { statisticsCsv } from '../supervision/statistics-csv.ts'
import { readStatisticsQuery } from '../supervision/statistics-query.ts'
import { places, readCommandLine } from './command-line.ts'
import { openDatabase } from './database.ts'
import { readSettings } from './settings.ts'

const help = `tongban statistics [--from day|month] [--to day|month] [--by theme|matter|department|division|submitted|month]
                   [--format json|csv] [--config folder] [--data folder]

What may be published of the work of a span of days (China's time, both included; default: this year until today), by theme unless
said otherwise: cases received and decided, across divisions, on time, working days, corrections, certificates used instead of paper,
parcels, trips saved, how applicants rated it. No personal data; counts below supervision.smallestCount are not shown (* in CSV), nor
what they could be reckoned from. Do not publish spans that overlap. 统计公开数据：不含个人信息，过小的数不公开。
`

const MS_PER_MINUTE = 60_000

export async function statistics(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, {
    from: { type: 'string' },
    to: { type: 'string' },
    by: { type: 'string' },
    format: { type: 'string' },
    ...places,
  })
  if (!line) return 0
  const { values } = line
  const { from, to, by, format } = values
  const today = dayOf(new Date().toISOString())
  const given = Object.entries({ from, to, by, format }).filter(([, value]) => value !== undefined)
  const asked = readStatisticsQuery(Object.fromEntries(given), today)
  if ('errors' in asked) {
    for (const { pointer, message, messageZh } of asked.errors)
      process.stderr.write(`tongban: --${pointer.split('/').at(-1)} ${message} · ${messageZh}\n`)
    return 2
  }
  const { settings } = await readSettings(values)
  const database = await openDatabase(settings)
  const readers = openReaders(database.url, 1)
  try {
    const calendar = rulesOf(settings, fixedSources(settings.catalogue))
    const { smallestCount } = settings.supervision
    await addAllUp({ readers, calendar, now: () => new Date() }, AbortSignal.timeout(5 * MS_PER_MINUTE))
    const deps = { readers, calendar, catalogue: settings.catalogue, smallestCount, today }
    const found = await statisticsOf(deps, asked.by, asked)
    process.stdout.write(
      asked.format === 'csv' ? statisticsCsv(found) : `${JSON.stringify(found, null, 2)}\n`,
    )
    return 0
  } finally {
    await readers.end()
    await database.close()
  }
}
