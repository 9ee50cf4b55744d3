// tongban catalogue activate

import { userInfo } from 'node:os'
import { diffCatalogues } from '../../catalogue/diff.ts'
import { effectiveFromProblems } from '../../catalogue/effective-from.ts'
import { judge } from '../../domain/catalogue-versions.ts'
import { recordCatalogue } from '../../ledger/catalogue-versions.ts'
import { ConfigurationError } from '../../settings/problems.ts'
import type { Settings } from '../../settings/settings.ts'
import { places, readCommandLine } from '../command-line.ts'
import { readSettings } from '../settings.ts'
import { type Books, withBooks } from './books.ts'
import { changeLines } from './changes.ts'

const help = `tongban catalogue activate [--replace] [--dry-run] [--config folder] [--data folder]

Checks the whole configuration, prints what changes in the catalogue, and records it under the next number. From its
effectiveFrom on it is in force in every running process, within a second and without a restart; submissions that were
made before keep the version that they were made under. With anything wrong nothing changes.
校验并启用清单：自生效日期起在所有进程中生效；已受理的申办沿用原版本；有任何错误则全部不生效。

  --replace   it may take the days of versions recorded before: the same effectiveFrom, or a later one
  --dry-run   only says what it would do

A system that the catalogue is the first to name has to be in force already: run tongban reload before. Processes that do
not have it go on with the catalogue that they have.

Ends with status 0 when activated or unchanged, 1 when refused.
`

export async function activateCatalogue(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, {
    replace: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    ...places,
  })
  if (!line) return 0
  const { values } = line
  const { settings } = await readSettings(values)
  return withBooks(settings, (books) => activate(books, settings, values))
}

async function activate(
  books: Books,
  settings: Settings,
  options: { replace?: boolean | undefined; 'dry-run'?: boolean | undefined },
): Promise<number> {
  const { shelf, day, writers } = books
  const { catalogue, catalogueFiles: files } = settings
  const { version, effectiveFrom } = catalogue
  const insistence = options.replace ? 'replace' : 'activate'
  const before = shelf.due(day)
  if (before) {
    process.stdout.write(`version ${before.number} ${before.version} -> ${version}\n`)
    process.stdout.write(changeLines(diffCatalogues(before.catalogue, catalogue)))
  }
  const recorded = options['dry-run']
    ? judge(catalogue, shelf.list(day).reverse(), insistence)
    : await recordCatalogue(writers, { version, effectiveFrom, by: whoAsks(), files }, insistence)
  switch (recorded.verdict) {
    case 'refused':
      throw new ConfigurationError(
        settings.configDir,
        await effectiveFromProblems(settings, recorded.objections),
      )
    case 'new':
      process.stdout.write(`it can be activated, from ${effectiveFrom} · 可以启用\n`)
      return 0
    case 'known':
      process.stdout.write(`unchanged: it is version ${recorded.as.number} already · 无变化\n`)
      return 0
    case 'recorded':
      process.stdout.write(
        effectiveFrom > day
          ? `activated: version ${recorded.as.number} waits for ${effectiveFrom} · 已启用，待生效\n`
          : `activated: version ${recorded.as.number} is in force · 已启用并生效\n`,
      )
      return 0
  }
}

/** Of the machine: the command is not a login. */
function whoAsks(): string {
  try {
    return `command:${userInfo().username}`
  } catch {
    // A user without an entry in the machine's list, as in a container.
    return `command:${process.getuid?.() ?? 'unknown'}`
  }
}
