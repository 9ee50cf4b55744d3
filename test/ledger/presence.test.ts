// A process is alive as long as its session is, and one of all processes leads.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import t from 'tap'
import { announce, PRESENCE_LOCK, within } from '../../src/ledger/presence.ts'
import { createDatabase, type Teardown } from '../support/database.ts'

async function start(t: Teardown) {
  const { url } = await createDatabase(t)
  let lost = 0
  const join = async () => {
    const presence = await announce(url, { host: 'test', roles: 'all' }, { lost: () => lost++ })
    t.teardown(() => presence.close())
    return presence
  }
  const query = async <T extends object>(sql: string): Promise<T[]> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<T>(sql)).rows
    } finally {
      await client.end()
    }
  }
  const alive = async () =>
    (
      await query<{ id: number }>(
        `select objid::int as id from pg_locks where locktype = 'advisory' and classid = ${PRESENCE_LOCK} and granted and database = (select oid from pg_database where datname = current_database()) order by 1`,
      )
    ).map((one) => one.id)
  const end = (owner: number) =>
    query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = ${PRESENCE_LOCK} and objid = ${owner} and database = (select oid from pg_database where datname = current_database())`,
    )
  return { url, join, query, alive, end, lost: () => lost }
}

const sessions = async (query: (sql: string) => Promise<{ n?: number }[]>): Promise<number> =>
  (
    await query(
      "select count(*)::int as n from pg_stat_activity where application_name = 'tongban-presence' and datname = current_database()",
    )
  )[0]!.n!

/** A line to the database on which, once it is `slow`, whoever comes next waits until it goes on. */
async function slowLine(t: Teardown, url: string) {
  let reached = Promise.withResolvers<void>()
  let open = Promise.resolve()
  let goOn = (): void => undefined
  const server = createServer(async (here) => {
    here.on('error', () => undefined)
    reached.resolve()
    await open
    const there = connect(Number(new URL(url).port), '127.0.0.1')
    there.on('error', () => undefined)
    here.pipe(there).pipe(here)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const through = new URL(url)
  through.port = String((server.address() as AddressInfo).port)
  return {
    url: through.href,
    slow() {
      const { promise, resolve } = Promise.withResolvers<void>()
      open = promise
      goOn = resolve
      reached = Promise.withResolvers()
    },
    goOn: () => goOn(),
    reached: () => reached.promise,
  }
}

async function until(holds: () => Promise<boolean> | boolean): Promise<boolean> {
  for (let i = 0; i < 300; i++) {
    if (await holds()) return true
    await sleep(20)
  }
  return false
}

t.test('every process has an owner number of its own and holds its lock while it lives', async (t) => {
  const { join, alive } = await start(t)
  const [one, other] = [await join(), await join()]
  t.strictSame(await alive(), [one.owner, other.owner])
  await one.close()
  t.ok(await until(async () => (await alive()).join() === String(other.owner)))
  t.ok(Math.abs(other.skewMs()) < 1_000)
})

t.test('one process leads; when it ends, another one does', async (t) => {
  const { join } = await start(t)
  const [one, other] = [await join(), await join()]
  t.equal(await one.leads(), true)
  t.equal(await one.leads(), true)
  t.equal(await other.leads(), false)
  await one.close()
  t.ok(await until(() => other.leads()))
})

t.test('what was leased under a session ends with it, and another one begins', async (t) => {
  const { join, end } = await start(t)
  const presence = await join()
  const before = presence.session()
  t.equal(before.aborted, false)
  await end(presence.owner)
  t.ok(await until(() => before.aborted))
  t.ok(await until(() => presence.alive()))
  t.not(presence.session(), before)
  t.equal(presence.session().aborted, false)
})

t.test('many may ask for the lead at once: the session is asked one thing at a time', async (t) => {
  const warnings: string[] = []
  const note = (warning: Error) => void warnings.push(warning.message)
  process.on('warning', note)
  t.teardown(() => process.off('warning', note))
  const { join } = await start(t)
  const [one, other] = [await join(), await join()]
  await one.leads()
  const answers: boolean[] = []
  for (const end = Date.now() + 1_300; Date.now() < end; await sleep(20))
    answers.push(...(await Promise.all([other.leads(), other.leads(), other.leads()])))
  t.notOk(answers.includes(true))
  t.strictSame(warnings, [])
})

t.test('a clock that is set wrong while the process runs is noticed within seconds', async (t) => {
  const { url } = await createDatabase(t)
  const skews: number[] = []
  const presence = await announce(
    url,
    { host: 'test', roles: 'all' },
    { lost: () => undefined, skew: (ms) => skews.push(ms) },
  )
  t.teardown(() => presence.close())
  const clock = Date.now
  t.teardown(() => {
    Date.now = clock
  })
  Date.now = () => clock() + 7_000
  t.ok(await until(() => (skews.at(-1) ?? 0) < -6_000))
  t.ok(presence.skewMs() < -6_000 && presence.skewMs() > -8_000)
})

t.test('a session that breaks is made again under the same number, and stays', async (t) => {
  const { join, query, alive, lost } = await start(t)
  const presence = await join()
  t.equal(await presence.leads(), true)
  await query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tongban-presence' and datname = current_database()",
  )
  t.ok(await until(() => !presence.alive()))
  t.equal(await presence.leads(), false, 'leadership went with the session')
  t.ok(await until(() => presence.alive()))
  t.strictSame(await alive(), [presence.owner])
  t.equal(await presence.leads(), true)
  await sleep(1_300)
  t.equal(lost(), 1, 'told once')
  t.equal(presence.alive(), true)
})

t.test('who waits for its session before to end is answered all the same', { timeout: 30_000 }, async (t) => {
  const { url, join, query } = await start(t)
  const presence = await join()
  const before = new pg.Client({ connectionString: url })
  await before.connect()
  t.teardown(() => before.end())
  const held = before.query(`select pg_advisory_lock(${PRESENCE_LOCK}, ${presence.owner})`)
  await query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tongban-presence' and datname = current_database()",
  )
  await held
  const heard: boolean[] = []
  for (const began = Date.now(); Date.now() - began < 7_500; await sleep(50)) heard.push(presence.answers())
  t.notOk(presence.alive())
  t.notOk(heard.includes(false), 'reads and submissions go on meanwhile')
  await before.query(`select pg_advisory_unlock(${PRESENCE_LOCK}, ${presence.owner})`)
  t.ok(await until(() => presence.alive()))
})

t.test('a process that ends while its session is being made again leaves none behind', async (t) => {
  const { url, query, alive, end } = await start(t)
  const line = await slowLine(t, url)
  const presence = await announce(line.url, { host: 'test', roles: 'all' }, { lost: () => undefined })
  line.slow()
  await end(presence.owner)
  await line.reached()
  await presence.close()
  line.goOn()
  // What is made now is there within this, and would stay for ten seconds.
  await sleep(500)
  t.equal(await sessions(query), 0)
  t.same(await alive(), [])
})

t.test('a leader that is frozen leads no more, though its connection lives', async (t) => {
  const { url, join } = await start(t)
  const script = fileURLToPath(new URL('leader.ts', import.meta.url))
  const leader = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => leader.kill('SIGKILL'))
  await once(leader.stdout, 'data')
  const other = await join()
  t.notOk(await other.leads())
  leader.kill('SIGSTOP')
  const frozenAt = performance.now()
  while (!(await other.leads()) && performance.now() - frozenAt < 20_000) await sleep(100)
  t.ok(await other.leads())
  t.ok(performance.now() - frozenAt < 14_000, 'some ten seconds later')
})

t.test('what a slow answer says of the clocks moves nothing that a quick one has said', async (t) => {
  t.equal(within({ least: -1, most: 3 }), 1)
  t.equal(within({ least: -400, most: 20 }, 1), 1)
  t.equal(within({ least: -7_001, most: -6_999 }, 1), -6_999, 'a clock that was set')
})
