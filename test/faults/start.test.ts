// `tongban start` on a machine that has only Node: from nothing to ready, and back again after every kind of end.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { startEmbedded } from '../../src/ledger/embedded.ts'
import { main, type Place, place, startTongban, tongban } from '../commands/tongban.ts'
import { startProcess } from '../support/process.ts'
import { until } from '../support/until.ts'

const COLD_START_MS = 5_000

t.setTimeout(120_000)

/** Ends the embedded database of a place, whoever started it. */
const endDatabase = async ({ dataDir }: Place) =>
  (await startEmbedded({ folder: `${dataDir}/postgres` })).stop('immediate')

/** Asked of its own file: to start one would end what was left behind. */
function serverRuns({ dataDir }: Place): boolean {
  const file = `${dataDir}/postgres/cluster/postmaster.pid`
  if (!existsSync(file)) return false
  try {
    return process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 0)
  } catch {
    return false
  }
}

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

t.test('SIGHUP while it starts ends nothing', { timeout: 60_000 }, async (t) => {
  const where = await place(t)
  t.teardown(() => endDatabase(where))
  const starting = await startProcess(process.execPath, [main, 'start'], {
    name: 'tongban start',
    env: where.env,
  })
  t.teardown(() => starting.kill9())
  const isReady = () => /tongban is ready/.test(starting.output())
  // Not before the command itself runs: until then the signal is the system's.
  await until('its database begins', () => existsSync(`${where.dataDir}/postgres`))
  for (let tries = 0; tries < 400 && starting.running() && !isReady(); tries++) {
    starting.signal('SIGHUP')
    await sleep(100)
  }
  t.equal(isReady(), true, starting.output())
  t.match(await starting.stop({ graceMs: 12_000 }), { code: 0, forced: false })
})

t.test('SIGTERM at any moment of the start ends the database with it', { timeout: 60_000 }, async (t) => {
  const where = await place(t)
  t.teardown(() => endDatabase(where))
  for (const afterMs of [250, 1_200, 2_400]) {
    const starting = await startProcess(process.execPath, [main, 'start'], {
      name: 'tongban start',
      env: where.env,
    })
    await sleep(afterMs)
    const { forced } = await starting.stop({ graceMs: 12_000 })
    t.equal(forced, false, starting.output())
    t.equal(serverRuns(where), false, `asked to end after ${afterMs} ms`)
  }
  const gateway = await startTongban(t, where)
  t.match(await gateway.stop({ graceMs: 12_000 }), { code: 0, forced: false })
  t.equal(serverRuns(where), false, 'and the moment it is ready')
})

t.test('a server that went down with its machine is started, whoever has its number now', async (t) => {
  const where = await place(t)
  const folder = `${where.dataDir}/postgres`
  const before = await startEmbedded({ folder })
  t.teardown(() => endDatabase(where))
  const pidFile = `${folder}/cluster/postmaster.pid`
  const lines = readFileSync(pidFile, 'utf8').split('\n')
  await before.stop('immediate')
  writeFileSync(pidFile, ['1', ...lines.slice(1)].join('\n'))
  t.equal((await startEmbedded({ folder })).started, true)
})

t.test('a cluster whose maker was killed before its database had a name gets one', async (t) => {
  const where = await place(t)
  const folder = `${where.dataDir}/postgres`
  await startEmbedded({ folder })
  t.teardown(() => endDatabase(where))
  const { url } = await startEmbedded({ folder, database: 'nobody_made_it' })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.match((await client.query('select current_database() as name')).rows, [{ name: 'nobody_made_it' }])
  await client.end()
})

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
