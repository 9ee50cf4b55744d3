// How `tongban start` ends: in order although a caller stands still, its database with the last that uses it; and what is
// left of a start that was killed too early.

import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import t from 'tap'
import { startEmbedded } from '../../src/ledger/embedded.ts'
import { type Place, place, startTongban } from '../commands/tongban.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { tokens } from '../support/platform.ts'
import { freePort } from '../support/ports.ts'
import { startProcess } from '../support/process.ts'

t.setTimeout(240_000)

/** Ends the embedded database of a place, whoever started it. */
const endDatabase = async ({ dataDir }: Place) =>
  (await startEmbedded({ folder: `${dataDir}/postgres` })).stop('immediate')

t.test(
  'a caller that stands still in the middle of an upload does not keep SIGTERM from ending everything in order',
  { timeout: 60_000 },
  async (t) => {
    const where = await place(t)
    const gateway = await startTongban(t, where)
    const caller = connect(where.port, '127.0.0.1')
    t.teardown(() => caller.destroy())
    const head = `POST /v1/materials HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.kaifeng}\r\nidempotency-key: still\r\ncontent-type: application/pdf\r\ncontent-length: 1000000\r\n\r\n`
    caller.write(`${head}%PDF-1.7`)
    await sleep(300)
    const began = performance.now()
    t.match(await gateway.stop({ graceMs: 15_000 }), { code: 0, forced: false })
    t.ok(performance.now() - began < 9_000, `${Math.round(performance.now() - began)} ms`)
    const found = await startEmbedded({ folder: `${where.dataDir}/postgres` })
    t.teardown(() => found.stop('immediate'))
    t.equal(found.started, true, 'no server was left behind')
    t.strictSame(readdirSync(`${where.dataDir}/materials/temp`), [], 'and no half a file')
  },
)

t.test(
  'the embedded database ends with the last gateway on its folder, whoever started it',
  { timeout: 150_000 },
  async (t) => {
    const where = await place(t)
    t.teardown(() => endDatabase(where))
    const first = await startTongban(t, where)
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const second = await startTongban(t, {
      ...where,
      port,
      url,
      env: { ...where.env, TONGBAN_PORT: String(port) },
    })
    t.match(await first.stop({ graceMs: 15_000 }), { code: 0, forced: false })
    t.equal((await fetch(`${url}/readyz`)).status, 200, 'the other goes on')
    t.match(await second.stop({ graceMs: 15_000 }), { code: 0, forced: false })
    t.equal((await startEmbedded({ folder: `${where.dataDir}/postgres` })).started, true, 'it has ended')
  },
)

t.test(
  'a start that was killed while it made the database does not keep the next from making it',
  { timeout: 60_000 },
  async (t) => {
    const folder = temporaryFolder('half')
    t.teardown(() => removeFolder(folder))
    const module = fileURLToPath(new URL('../../src/ledger/embedded.ts', import.meta.url))
    const script = `const { startEmbedded } = await import(${JSON.stringify(module)}); await startEmbedded({ folder: process.env.FOLDER })`
    const making = await startProcess(process.execPath, ['--input-type=module', '-e', script], {
      name: 'a start',
      env: { FOLDER: folder },
      ready: async () => readdirSync(folder).some((name) => existsSync(join(folder, name, 'PG_VERSION'))),
    })
    await making.kill9()
    t.notOk(existsSync(join(folder, 'cluster')), 'nothing that looks like a cluster is there')
    const again = await startEmbedded({ folder })
    t.teardown(() => again.stop('immediate'))
    const client = new pg.Client({ connectionString: again.url })
    await client.connect()
    t.equal((await client.query('select 1 as one')).rows[0].one, 1)
    await client.end()
  },
)
