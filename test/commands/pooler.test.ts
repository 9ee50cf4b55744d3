// A pooler between us and PostgreSQL: told before anything is done, for half of what we rely on lives in sessions.

import t from 'tap'
import { migrateAll } from '../../src/commands/database.ts'
import { poolingOf } from '../../src/ledger/inspect.ts'
import { hasPgbouncer, startPgbouncer } from '../support/pgbouncer.ts'
import { startPostgres } from '../support/postgres.ts'
import { place, tongban } from './tongban.ts'

const postgres = await startPostgres({ durable: false })
await migrateAll(postgres.url())
t.teardown(() => postgres.stop())

t.test('PostgreSQL itself gives sessions of our own', async (t) => {
  t.equal(await poolingOf(postgres.url()), null)
})

const skip = hasPgbouncer() ? false : 'no pgbouncer on PATH'

for (const mode of ['session', 'transaction'] as const)
  t.test(`a pooler of ${mode}s that drops what they start with is known`, { skip }, async (t) => {
    const pooler = await startPgbouncer(postgres.port, { mode, dropsParameters: true })
    t.teardown(pooler.stop)
    t.equal(await poolingOf(pooler.url('postgres')), 'drops-settings')
  })

t.test('whoever names one is told at once what to name', { skip }, async (t) => {
  const pooler = await startPgbouncer(postgres.port, { mode: 'session' })
  t.teardown(pooler.stop)
  const { env } = await place(t, { DATABASE_URL: pooler.url('postgres') })
  const commands = ['migrate', 'doctor', 'start']
  const told = await Promise.all(commands.map((command) => tongban([command], { env })))
  for (const [i, { code, output }] of told.entries()) {
    t.equal(code, 1, commands[i]!)
    t.match(
      output,
      /pooler, such as PgBouncer, that refuses the settings.*Name PostgreSQL itself/,
      commands[i]!,
    )
  }
})
