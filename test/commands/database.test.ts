// `tongban migrate` and `tongban doctor` against a PostgreSQL that is somebody's own.

import { Client } from 'pg'
import t from 'tap'
import { createDatabase } from '../support/database.ts'
import { startPostgres } from '../support/postgres.ts'
import { hasRedis, startRedis } from '../support/redis.ts'
import { place, startTongban, tongban } from './tongban.ts'

const empty = async () => undefined

// As durable as a production server, unlike the one that clones share.
const postgres = await startPostgres()
t.teardown(() => postgres.stop())
async function durable(name: string): Promise<string> {
  await postgres.administer(`CREATE DATABASE ${name}`)
  return postgres.url(name)
}

t.test('migrate brings an empty database to this version, once', async (t) => {
  const url = await durable('once')
  const { env } = await place(t, { DATABASE_URL: url })
  t.match(await tongban(['migrate'], { env }), { code: 0, output: /applied: 0001_ledger/ })
  t.match(await tongban(['migrate'], { env }), { code: 0, output: /nothing to apply/ })
  t.match(await tongban(['doctor'], { env }), { code: 0, output: /all well/ })
})

t.test('migrate needs no secret of any system', async (t) => {
  const url = await durable('alone')
  const { env } = await place(t)
  const alone = { TONGBAN_CONFIG: env.TONGBAN_CONFIG, TONGBAN_DATA: env.TONGBAN_DATA, DATABASE_URL: url }
  t.match(await tongban(['migrate'], { env: alone }), { code: 0, output: /applied: 0001_ledger/ })
})

t.test('without its migrations the gateway does not start, and the doctor says why', async (t) => {
  const { url } = await createDatabase(t, empty)
  const { env } = await place(t, { DATABASE_URL: url })
  const doctor = await tongban(['doctor'], { env })
  t.equal(doctor.code, 1)
  t.match(doctor.output, /BAD/)
  const start = await tongban(['start'], { env })
  t.equal(start.code, 1)
  t.match(start.output, /tongban migrate/)
})

t.test('a start on a database that was restored shows again what was told before', async (t) => {
  const url = await durable('restored')
  const where = await place(t, { DATABASE_URL: url })
  await tongban(['migrate'], { env: where.env })
  const client = new Client({ connectionString: url })
  await client.connect()
  t.teardown(() => client.end())
  await client.query(`insert into transfers (id, submission_id, system, operation, lane, sequence, state, about, born)
    values ('trf_1', 'sub_1', 'p', 'notify', 'l', 1, 'delivered', '{}', '5000000000')`)
  const gateway = await startTongban(t, where)
  t.match(gateway.output(), /restored from another/)
  t.match((await client.query('select from transfers where born < pg_current_xact_id()')).rowCount, 1)
  await gateway.stop({ graceMs: 12_000 })
})

t.test('the doctor finds a server that may lose what it committed', async (t) => {
  const { url } = await createDatabase(t)
  const { env } = await place(t, { DATABASE_URL: url })
  t.match(await tongban(['doctor'], { env }), {
    code: 1,
    output: /BAD +fsync is off: committed work can be lost/,
  })
})

t.test('the doctor finds a server that lets too few connections in for so many systems', async (t) => {
  const few = await startPostgres({ settings: { max_connections: 60 } })
  t.teardown(() => few.stop())
  const { env } = await place(t, { DATABASE_URL: few.url() })
  await tongban(['migrate'], { env })
  t.match(await tongban(['doctor'], { env }), {
    code: 1,
    output:
      /BAD +connections: PostgreSQL lets 57 in, one process may open \d+; raise max_connections, or set REDIS_URL/,
  })
})

t.test('the doctor checks Redis too', { skip: hasRedis() ? false : 'no redis-server on PATH' }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const url = await durable('with_redis')
  const { env } = await place(t, { DATABASE_URL: url, REDIS_URL: redis.url })
  await tongban(['migrate'], { env })
  t.match(await tongban(['doctor'], { env }), { code: 0, output: /noeviction/ })
  await redis.kill()
  t.match(await tongban(['doctor'], { env }), { code: 1, output: /BAD +Redis/ })
})
