// A department fetches a file whose bytes have changed: it gets nothing whole, the file is out of everyone's reach at
// once, and the same bytes heal it.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { createLinks } from '../../src/materials/links.ts'
import { platformAt, scan } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'
import { eventually } from './setup.ts'

t.test('a damaged file that is fetched by its link is set aside, and heals', async (t) => {
  const { url, settings } = await runGateway(t, { roles: ['api'] })
  const platform = platformAt(url)
  const { bytes } = scan('application/pdf')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await platform.post('/v1/materials', { body: bytes, type: 'application/pdf' })
  const file = { sha256, size: bytes.length, mediaType: 'application/pdf', fileName: 'a.pdf' }
  const link = createLinks(settings.keys.links, url).link(file)
  const get = async () => (await fetch(link)).status
  t.equal(await get(), 200)

  const folder = fileURLToPath(settings.materialsUrl)
  const path = `${folder}/objects/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
  const changed = readFileSync(path)
  changed[100]! ^= 1
  writeFileSync(path, changed)
  t.equal(await get(), 404)
  t.ok(await eventually(() => existsSync(`${path}.damaged`)))

  await platform.post('/v1/materials', { body: bytes, type: 'application/pdf' })
  t.equal(await get(), 200)
})
