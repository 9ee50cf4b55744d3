// tongban calendar import: a published calendar, checked, becomes config/calendar/<year>.yaml.

import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { readEnvironment, variable } from '../../settings/environment.ts'
import { places, readCommandLine } from '../command-line.ts'
import { publishedCalendar } from './check-published.ts'
import { writtenCalendar } from './written.ts'

const help = `tongban calendar import <file> [--year n] [--source text] [--write [--replace]] [--config folder]

Reads the holidays and made-up working days of one year, checks them, and prints the file for config/calendar.
读取并校验某年放假安排，显示将写入 config/calendar 的文件。

  <file>      YAML or JSON as in config/calendar; a list of days (days: [{ date, name, isOffDay }], the form of
              holiday-cn); or CSV with the columns date, kind (off/work, 休/班) and name
  --year      the year, where the file does not say it
  --source    the document it was published in, where the file does not say it
  --write     writes config/calendar/<year>.yaml; a running gateway takes it up when it is started again
  --replace   even when that file is there and says something else

Ends with status 1, and writes nothing, when anything is wrong.
`

export async function importCalendar(args: string[]): Promise<number> {
  const line = readCommandLine(
    args,
    help,
    {
      year: { type: 'string' },
      source: { type: 'string' },
      write: { type: 'boolean' },
      replace: { type: 'boolean' },
      config: places.config,
    },
    'names',
  )
  if (!line) return 0
  const { values, positionals } = line
  const [file] = positionals
  if (file === undefined) {
    process.stderr.write(help)
    return 2
  }
  const read = publishedCalendar({
    text: await readFile(file, 'utf8'),
    fileName: basename(file),
    ...(values.year === undefined ? {} : { year: Number(values.year) }),
    ...(values.source === undefined ? {} : { source: values.source }),
  })
  if ('faults' in read) {
    process.stderr.write(read.faults.map((fault) => `tongban: ${fault}\n`).join(''))
    return 1
  }
  const text = writtenCalendar(read.calendar)
  process.stdout.write(text)
  return values.write ? write(read.calendar.year, text, values) : 0
}

async function write(
  year: number,
  text: string,
  { config, replace }: { config?: string | undefined; replace?: boolean | undefined },
): Promise<number> {
  const folder = resolve(config ?? variable(readEnvironment(), 'TONGBAN_CONFIG') ?? 'config')
  const path = join(folder, 'calendar', `${year}.yaml`)
  const there = await readFile(path, 'utf8').catch(() => null)
  if (there !== null && there !== text && !replace) {
    process.stderr.write(
      `tongban: ${path} is there already and says something else; --replace overwrites it · 文件已存在且内容不同，使用 --replace 覆盖\n`,
    )
    return 1
  }
  // Renamed into its place, so that nobody reads half a year.
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
  process.stderr.write(`tongban: written to ${path} · 已写入\n`)
  return 0
}
