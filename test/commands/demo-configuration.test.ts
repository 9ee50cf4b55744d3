// A demo begins with empty books: what keeps it from beginning is told before the last ones are thrown away.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { place, tongban } from './tongban.ts'

t.test('a broken configuration is told before anything of the last demo is emptied', async (t) => {
  const { env, dataDir, edit } = await place(t)
  const kept = join(dataDir, 'materials/kept')
  mkdirSync(join(dataDir, 'materials'), { recursive: true })
  writeFileSync(kept, 'of the last demo')
  edit('gateway.yaml', (text) => text.replace('maxParts: 200', 'maxParts: many'))
  const { code, output } = await tongban(['demo', '--exit', '--submissions', '1', '--data', dataDir], { env })
  t.equal(code, 1)
  t.match(output, /gateway\.yaml:\d+:\d+/)
  t.notMatch(output, /emptied|\n\s+at /)
  t.equal(readFileSync(kept, 'utf8'), 'of the last demo')
})

t.test('the port of the gateway is that of TONGBAN_PORT, unless another is asked for', async (t) => {
  const { env, port } = await place(t)
  const squatter = createServer().listen(port, '127.0.0.1')
  t.teardown(() => squatter.close())
  const inUse = { code: 1, output: new RegExp(`${port}.*--port`) }
  t.match(await tongban(['demo'], { env }), inUse)
  t.match(await tongban(['demo', '--port', String(port)], { env: { ...env, TONGBAN_PORT: '1' } }), inUse)
  t.match(await tongban(['demo'], { env: { ...env, TONGBAN_PORT: 'seven' } }), {
    code: 1,
    output: /whole number/,
  })
})
