// `tongban start` on a machine that has only Node: from nothing to ready, and back again after every kind of end.

import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { startEmbedded } from '../../src/ledger/embedded.ts'
import { type Place, place, startTongban, tongban } from '../commands/tongban.ts'

const COLD_START_MS = 5_000

t.setTimeout(120_000)

/** Ends the embedded database of a place, whoever started it. */
const endDatabase = async ({ dataDir }: Place) =>
  (await startEmbedded({ folder: `${dataDir}/postgres` })).stop('immediate')

t.test(
  'from nothing to ready in five seconds; SIGTERM ends it with its database',
  { timeout: 60_000 },
  async (t) => {
    const where = await place(t)
    for (const what of ['with a new database', 'with the one it made']) {
      const gateway = await startTongban(t, where)
      const took = Math.round(gateway.readyAt - gateway.startedAt)
      t.ok(took < COLD_START_MS, `ready after ${took} ms ${what}`)
      t.match(gateway.output(), /tongban is ready after \d+ ms: http/)
      t.match(await gateway.stop({ graceMs: 12_000 }), { code: 0, forced: false })
    }
    const found = await startEmbedded({ folder: `${where.dataDir}/postgres` })
    t.teardown(() => found.stop('immediate'))
    t.equal(found.started, true, 'no server was left behind')
  },
)

t.test(
  'after kill -9 the running database is found again, and what was committed is there',
  { timeout: 60_000 },
  async (t) => {
    const where = await place(t)
    const gateway = await startTongban(t, where)
    const before = await startEmbedded({ folder: `${where.dataDir}/postgres` })
    t.teardown(() => endDatabase(where))
    t.equal(before.started, false)
    const client = new pg.Client({ connectionString: before.url })
    await client.connect()
    await client.query("insert into pauses (system, reason, by) values ('ems', 'kept', 'test')")
    await client.end()
    await gateway.kill9()
    await sleep(100)
    const again = await startTongban(t, where)
    const after = await startEmbedded({ folder: `${where.dataDir}/postgres` })
    t.equal(after.port, before.port, 'the same server')
    t.equal(again.running(), true)
    t.match(await again.stop({ graceMs: 12_000 }), { code: 0, forced: false })
    t.equal((await startEmbedded({ folder: `${where.dataDir}/postgres` })).started, true, 'it ended with it')
  },
)

t.test(
  'a busy port is one sentence, and the database that was started for it ends',
  { timeout: 60_000 },
  async (t) => {
    const where = await place(t)
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(where.port, '127.0.0.1', resolve))
    t.teardown(() => other.close())
    const { code, output } = await tongban(['start'], { env: where.env, withinMs: 15_000 })
    t.equal(code, 1)
    t.match(output, new RegExp(`^tongban: Port ${where.port} on 127.0.0.1 is in use.*TONGBAN_PORT`, 'm'))
    t.notMatch(output, /\n\s+at /)
    const found = await startEmbedded({ folder: `${where.dataDir}/postgres` })
    t.teardown(() => found.stop('immediate'))
    t.equal(found.started, true, 'no server was left behind')
  },
)
