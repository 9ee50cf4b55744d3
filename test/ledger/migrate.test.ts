// Migrations: once, in order, whoever starts first, and never changed afterwards.

import pg from 'pg'
import t from 'tap'
import { migrate, migrations, pending } from '../../src/ledger/migrate.ts'
import { createDatabase, type Teardown } from '../support/database.ts'

const empty = async () => undefined

async function connect(t: Teardown, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(() => client.end())
  return client
}

t.test('an empty database is brought to this version, and a second time changes nothing', async (t) => {
  const { url } = await createDatabase(t, empty)
  t.strictSame(
    await migrate(url),
    migrations().map((one) => one.name),
  )
  t.strictSame(await migrate(url), [])
  const client = await connect(t, url)
  t.strictSame(await pending(client), [])
})

t.test('two that start at once apply each migration once', async (t) => {
  const { url } = await createDatabase(t, empty)
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
  t.strictSame(
    applied.flat(),
    migrations().map((one) => one.name),
  )
})

t.test('a migration that was changed after it was applied is refused', async (t) => {
  const { url } = await createDatabase(t)
  const client = await connect(t, url)
  await client.query("update migrations set sha256 = 'something else'")
  await t.rejects(migrate(url), /0001_ledger.sql was changed after it was applied/)
})

t.test('a month has its partitions before it begins', async (t) => {
  const { url } = await createDatabase(t)
  const client = await connect(t, url)
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and relname ~ '^(entries|attempts)_[0-9]{6}$'",
  )
  t.equal(rows.length, 6)
  const next = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1))
  t.ok(rows.some((one) => one.name === `entries_${next.toISOString().slice(0, 7).replace('-', '')}`))
})
