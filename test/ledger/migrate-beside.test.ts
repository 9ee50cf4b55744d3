// Migrations beside others: a backup that reads for long, a role with limits of its own, and a process that was killed.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { connectPatiently } from '../../src/ledger/database.ts'
import { migrate, migrations } from '../../src/ledger/migrate.ts'
import { LEDGER_LOCK } from '../../src/ledger/restored.ts'
import { createDatabase, type Teardown } from '../support/database.ts'
import { startPostgres } from '../support/postgres.ts'
import { openBooks } from './books.ts'

async function connect(t: Teardown, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  t.teardown(() => client.end())
  return client
}

/** As a backup: reads tables in one transaction that lasts. */
async function reading(client: pg.Client, ...tables: string[]): Promise<() => Promise<unknown>> {
  await client.query('begin')
  for (const table of tables) await client.query(`select from ${table} limit 1`)
  return () => client.query('rollback')
}

t.test('a migration behind a backup lets the gateway go on, says so, and is done after it', async (t) => {
  const { url } = await createDatabase(t)
  const books = await openBooks(t, { url })
  const [backup, admin] = [await connect(t, url), await connect(t, url)]
  // As the database of an older version, in an older month.
  await admin.query(
    "alter table messages drop column answer; delete from migrations where name = '0008_first_answers.sql'",
  )
  const { rows } = await admin.query<{ name: string }>(
    "select max(relname) as name from pg_class where relname ~ '^entries_[0-9]{6}$'",
  )
  await admin.query(`drop table ${rows[0]!.name}`)
  const ended = await reading(backup, 'messages', 'entries')
  const told: string[] = []
  const migrating = migrate(url, (sentence) => void told.push(sentence))
  let slowest = 0
  for (let i = 0; i < 12; i++) {
    const began = performance.now()
    await admin.query('begin; lock table messages, entries in row exclusive mode; rollback')
    slowest = Math.max(slowest, performance.now() - began)
    await sleep(250)
  }
  t.ok(slowest < 3_000, `whoever writes waited for ${Math.round(slowest)} ms at most`)
  t.match(
    told[0],
    /^0008_first_answers\.sql: its tables are in use, perhaps by pid \d+ \(\d s\).*数据表正被占用/,
  )
  await ended()
  t.strictSame(await migrating, ['0008_first_answers.sql'])
  const made = await admin.query('select from pg_class where relname = $1', [rows[0]!.name])
  t.equal(made.rowCount, 1, 'and the month has its partition')
  t.equal((await books.take()).outcome, 'applied')
})

t.test('the limits of a role for statements and transactions do not end a migration', async (t) => {
  const postgres = await startPostgres({ durable: false })
  t.teardown(() => postgres.stop())
  await postgres.administer('CREATE ROLE app LOGIN')
  await postgres.administer('CREATE DATABASE ours OWNER app')
  for (const limit of ['statement_timeout', 'lock_timeout', 'transaction_timeout'])
    await postgres.administer(`ALTER ROLE app SET ${limit} = '5ms'`)
  const other = await connect(t, postgres.url('ours'))
  await other.query('select pg_advisory_lock($1)', [LEDGER_LOCK])
  const migrating = migrate(postgres.url('ours').replace('postgres@', 'app@'))
  migrating.catch(() => undefined)
  await sleep(500)
  await other.query('select pg_advisory_unlock($1)', [LEDGER_LOCK])
  t.equal((await migrating).length, migrations().length)
})

t.test('of a migration whose process was killed nothing works on, and nothing stays locked', async (t) => {
  const { url } = await createDatabase(t)
  const killed = await connectPatiently(url, 'killed')
  killed.query('begin; lock table transfers; select pg_sleep(60)').catch(() => undefined)
  const admin = await connect(t, url)
  const alive = async () =>
    (
      await admin.query(
        "select from pg_stat_activity where application_name = 'killed' and wait_event = 'PgSleep'",
      )
    ).rowCount === 1
  while (!(await alive())) await sleep(20)
  const { stream } = (killed as unknown as { connection: { stream: { destroy(): void } } }).connection
  stream.destroy()
  for (let i = 0; i < 100 && (await alive()); i++) await sleep(100)
  t.notOk(await alive())
})
