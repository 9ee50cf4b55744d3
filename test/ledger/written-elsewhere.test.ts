// A database whose administrator has dates and numbers written in another way than we read them.

import pg from 'pg'
import t from 'tap'
import { migrateAll } from '../../src/commands/database.ts'
import { connectPatiently, openReaders } from '../../src/ledger/database.ts'
import { createDatabase } from '../support/database.ts'
import { runGateway } from '../support/running.ts'

const otherwise = [
  "DateStyle = 'SQL, DMY'",
  "IntervalStyle = 'sql_standard'",
  "bytea_output = 'escape'",
  'extra_float_digits = -3',
]

/** A fresh one, for whoever connects from now on. */
async function databaseOf(t: Parameters<typeof createDatabase>[0]): Promise<string> {
  const { url } = await createDatabase(t, migrateAll)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const name = new URL(url).pathname.slice(1)
  for (const setting of otherwise) await client.query(`ALTER DATABASE ${name} SET ${setting}`)
  await client.end()
  return url
}

t.test('days, times and numbers are read as they are, however the database writes them', async (t) => {
  const url = await databaseOf(t)
  const readers = openReaders(url, 1)
  t.teardown(() => readers.end())
  const patient = await connectPatiently(url, 'test')
  t.teardown(() => patient.end())
  for (const one of [readers, patient]) {
    const { rows } = await one.query<Record<string, unknown>>(
      "select '2026-02-01'::date::text as day, '2026-02-01T00:00:00Z'::timestamptz as at, 0.1::float8 + 0.2 as sum, '\\x00ff'::bytea as bytes",
    )
    t.strictSame(rows, [
      {
        day: '2026-02-01',
        at: new Date('2026-02-01T00:00:00Z'),
        sum: 0.1 + 0.2,
        bytes: Buffer.from([0, 255]),
      },
    ])
  }
})

t.test('a gateway starts on it and has its catalogue in force', async (t) => {
  const running = await runGateway(t, { databaseUrl: await databaseOf(t), roles: ['api'] })
  t.equal((await fetch(`${running.url}/readyz`)).status, 200)
})
