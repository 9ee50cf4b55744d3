// tongban catalogue diff

import { diffCatalogues } from '../../catalogue/diff.ts'
import type { Catalogue } from '../../domain/catalogue.ts'
import { places, readCommandLine } from '../command-line.ts'
import { readCatalogue, readDatabasePlace } from '../settings.ts'
import { type Books, versionOf, withBooks } from './books.ts'
import { changeLines } from './changes.ts'

const help = `tongban catalogue diff [from [to]] [--json] [--config folder] [--data folder]

What two catalogues differ in: themes, situations, matters, limits, systems, materials, divisions, departments.
Without numbers: from the version in force to the files; with one: from that version to the files. A content hash may
stand for a number. 不带参数：现行版本与文件之间的差异。

  --json   one JSON object with from, to and changes

Ends with status 0, whether anything differs or not.
`

interface Side {
  name: string
  catalogue: Catalogue
}

export async function diffCatalogue(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, { json: { type: 'boolean' }, ...places }, 'names')
  if (!line) return 0
  const { values, positionals } = line
  if (positionals.length > 2) {
    process.stderr.write(help)
    return 2
  }
  const [from, to] = positionals
  const files = to === undefined ? (await readCatalogue(values)).catalogue : undefined
  const sides = await withBooks(
    await readDatabasePlace(values),
    async (books): Promise<[Side, Side]> => [
      recorded(books, from),
      files ? { name: `files ${files.version}`, catalogue: files } : recorded(books, to),
    ],
  )
  process.stdout.write(values.json ? asJson(sides) : asText(sides))
  return 0
}

/** By default the one in force. */
function recorded(books: Books, reference: string | undefined): Side {
  const wanted = reference ?? String(books.shelf.due(books.day)?.number ?? 0)
  const { number, version, standing, catalogue } = versionOf(books, wanted)
  return { name: `version ${number} ${version} (${standing})`, catalogue }
}

function asText([from, to]: [Side, Side]): string {
  const days = `${from.catalogue.effectiveFrom} -> ${to.catalogue.effectiveFrom}`
  const changes = diffCatalogues(from.catalogue, to.catalogue)
  return `${from.name} -> ${to.name}, from ${days}\n${changeLines(changes)}`
}

function asJson([from, to]: [Side, Side]): string {
  const changes = diffCatalogues(from.catalogue, to.catalogue)
  const side = ({ catalogue: { version, effectiveFrom } }: Side) => ({ version, effectiveFrom })
  return `${JSON.stringify({ from: side(from), to: side(to), changes })}\n`
}
