// tongban catalogue list, tongban catalogue show

import { stringify } from 'yaml'
import { places, readCommandLine } from '../command-line.ts'
import { readDatabasePlace } from '../settings.ts'
import { versionOf, withBooks } from './books.ts'

const listHelp = `tongban catalogue list [--json] [--config folder] [--data folder]

The recorded versions, the newest first: number, content hash, first day, standing, when and by whom.
已记录的清单版本，新的在前。

  in-force   used for whatever is new · 现行
  waiting    its first day has not come · 待生效
  past       another came after it · 已失效
  replaced   another has taken its days · 已被替换

  --json   one JSON object a version, each on a line
`

const showHelp = `tongban catalogue show <number | hash> [--json] [--config folder] [--data folder]

One recorded version with its files, as YAML documents that each begin with the file's name. Submissions tell the hash
of theirs as catalogueVersion. 查看某一版本的全部文件。

  --json   one JSON object
`

const options = { json: { type: 'boolean' }, ...places } as const

export async function listCatalogues(args: string[]): Promise<number> {
  const asked = readCommandLine(args, listHelp, options)
  if (!asked) return 0
  const { values } = asked
  const versions = await withBooks(await readDatabasePlace(values), async ({ shelf, day }) => shelf.list(day))
  if (values.json) for (const one of versions) process.stdout.write(`${JSON.stringify(one)}\n`)
  else if (versions.length === 0) process.stdout.write('no version was recorded yet · 尚无记录\n')
  else for (const one of versions) process.stdout.write(line(one))
  return 0
}

const line = (one: {
  number: number
  version: string
  effectiveFrom: string
  standing: string
  activatedAt: string
  by: string
}): string =>
  `${String(one.number).padStart(4)}  ${one.version}  ${one.effectiveFrom}  ${one.standing.padEnd(8)}  ${one.activatedAt}  ${one.by}\n`

export async function showCatalogue(args: string[]): Promise<number> {
  const asked = readCommandLine(args, showHelp, options, 'names')
  if (!asked) return 0
  const { values, positionals } = asked
  const [reference] = positionals
  if (reference === undefined || positionals.length > 1) {
    process.stderr.write(showHelp)
    return 2
  }
  const {
    catalogue: _,
    files,
    ...version
  } = await withBooks(await readDatabasePlace(values), async (books) => versionOf(books, reference))
  if (values.json) process.stdout.write(`${JSON.stringify({ ...version, files })}\n`)
  else {
    process.stdout.write(`#${line(version)}`)
    for (const { file, data } of files) process.stdout.write(`---\n# ${file}\n${stringify(data)}`)
  }
  return 0
}
