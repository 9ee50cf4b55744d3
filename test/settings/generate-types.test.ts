// The types of the edges are made from the schemas, and a stale file is noticed.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { generateTypes } from '../../src/settings/generate-types.ts'
import { readSchemas } from '../../src/settings/schemas.ts'

const script = fileURLToPath(new URL('../../src/settings/generate-types.ts', import.meta.url))

t.test('schemas/types.ts is what the schemas say', async (t) => {
  const present = readFileSync(new URL('../../schemas/types.ts', import.meta.url), 'utf8')
  t.equal(present, await generateTypes(readSchemas()), 'run npm run generate')
})

t.test('the same schemas give the same text', async (t) => {
  const files = readSchemas()
  t.equal(await generateTypes(files), await generateTypes(files))
})

t.test('two schemas may not give one name two meanings', async (t) => {
  const file = (name: string, type: string) => ({
    name,
    path: `/${name}.schema.json`,
    text: JSON.stringify({ title: 'Thing', type: 'object', properties: { x: { type } } }),
  })
  await t.rejects(
    generateTypes([file('a', 'string'), file('b', 'number')]),
    /a and b both describe a type Thing/,
  )
  t.match(await generateTypes([file('a', 'string'), file('b', 'string')]), /interface Thing/)
})

t.test('--help tells how it is used, and does nothing', async (t) => {
  const { status, stdout } = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' })
  t.equal(status, 0)
  t.match(stdout, /--check {2}write nothing/)
})
