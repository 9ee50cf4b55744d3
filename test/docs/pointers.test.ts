// Where a fault points: parameters of a query below /query, of a path below /path, everywhere. Read from the
// sources, for the routes' own tests look at one parameter each.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** Files that read nothing but queries. */
const readers = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /(^|[/-])(query|pages|feed)\.ts$|statistics-query\.ts$|reconciliation-routes\.ts$|hall-routes\.ts$/.test(
    name,
  ),
)

t.test('whoever reads a query points below /query', async (t) => {
  t.ok(readers.length >= 6, readers.join())
  for (const name of readers) {
    const pointers = readFileSync(join(src, name), 'utf8').match(
      /(?<=(?:fieldError|wrong)\(\s*)['`]\/[^'`]*['`]/g,
    )
    for (const one of pointers ?? []) t.match(one, /^.\/query\//, `${name} ${one}`)
  }
})
