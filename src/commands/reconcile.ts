// tongban reconcile

import { onlyCatalogue } from '../delivery/compose.ts'
import { closeSystem, openSystem, type System } from '../delivery/systems.ts'
import { isDay, isSaneYear } from '../domain/calendar.ts'
import type { Counts } from '../ledger/reconciliation.ts'
import type { Settings } from '../settings/settings.ts'
import { type Compared, comparable, compareBooks } from '../supervision/reconciling/compare.ts'
import { places, readCommandLine } from './command-line.ts'
import { openDatabase } from './database.ts'
import { head, lastLine, line, otherDayLine, unansweredLine } from './reconcile/report.ts'
import { readSettings } from './settings.ts'

const help = `tongban reconcile --system <id> --day yyyy-MM-dd [--json] [--config folder] [--data folder]

Compares what we say we delivered to a system on a day (China's time) with what the system says it has: by its list of
the day, or, where it has none, by asking for each of ours; a carrier without an order query is asked for each parcel's
trail, where none proves nothing. Prints every difference and one last line of counts.
Reads only; a day may have any number of cases. 与对接系统逐条核对某日台账，只读。

  only ours     we delivered it, they do not have it · 仅我方有
  only theirs   they have it, we do not say we delivered it · 仅对方有
  differs       another state or another number · 状态或编号不同
  doubled       they have it more than once · 对方重复

  --json   one JSON object a difference and a last one with the counts, each on a line

Ends with status 0 when all agree, 1 when anything differs or was not answered, 2 when the system can neither list nor
be asked.
`

export async function reconcile(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, {
    system: { type: 'string' },
    day: { type: 'string' },
    json: { type: 'boolean' },
    ...places,
  })
  if (!line) return 0
  const { values } = line
  if (values.system === undefined || values.day === undefined) {
    process.stderr.write(help)
    return 2
  }
  const day = dayAsked(values.day)
  const { settings, adapters } = await readSettings(values)
  const own = settings.systems.get(values.system)
  if (!own) throw new Error(`there is no system "${values.system}" in config/systems · 没有该对接系统`)
  const system = openSystem(own, adapters.get(own.adapter)!)
  try {
    return await compareWith(system, day, settings, values.json === true)
  } finally {
    await closeSystem(system)
  }
}

async function compareWith(system: System, day: string, settings: Settings, json: boolean): Promise<number> {
  if (comparable(system, true).length === 0) {
    process.stderr.write(
      `tongban: ${system.id} can neither list what it has nor be asked for it · ${system.id} 既无清单也不支持查询，无法核对\n`,
    )
    return 2
  }
  const database = await openDatabase(settings)
  try {
    return await compareBooks(
      { url: database.url, settings, catalogues: onlyCatalogue(settings.catalogue), byTrail: true },
      system,
      day,
      (compared) => report(system.id, day, compared, json),
    )
  } finally {
    await database.close()
  }
}

async function report(
  system: string,
  day: string,
  { counts, comparison, unanswered }: Compared,
  json: boolean,
): Promise<number> {
  const refused = new Set(unanswered.map((one) => one.transfer))
  let begun = false
  const write = async (text: string): Promise<void> => {
    if (!json && !begun) await written(head)
    begun = true
    await written(text)
  }
  for await (const finding of comparison.findings()) {
    if (finding.transfer !== null && refused.has(finding.transfer)) continue
    await write(json ? `${JSON.stringify(finding)}\n` : line(finding))
  }
  for (const one of unanswered)
    await write(json ? `${JSON.stringify({ kind: 'unanswered', ...one })}\n` : unansweredLine(one))
  if (json) await written(`${JSON.stringify({ system, day, ...counts, unanswered: refused.size })}\n`)
  else await written(otherDayLine(counts.otherDay) + lastLine(system, day, counts, refused.size))
  return agrees(counts) && refused.size === 0 ? 0 : 1
}

const agrees = ({ onlyOurs, onlyTheirs, different, doubled }: Counts): boolean =>
  onlyOurs + onlyTheirs + different + doubled === 0

function written(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

function dayAsked(text: string): string {
  if (isDay(text) && isSaneYear(text)) return text
  throw new Error(`--day must be a day like 2026-11-23, not "${text}" · 日期格式为 yyyy-MM-dd`)
}
