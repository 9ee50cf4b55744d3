// A database that is there and lets nobody in: as one that is away, until it does.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { migrateQueues } from '../../src/delivery/queue.ts'
import { isAway, openReaders, openWriters } from '../../src/ledger/database.ts'
import { inspectDatabase } from '../../src/ledger/inspect.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { rulesWith } from '../domain/life.ts'
import { startEndingPostgres } from '../support/ending-postgres.ts'
import { startPostgres } from '../support/postgres.ts'
import { openBooks } from './books.ts'

const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

t.test('whoever is not let in any more finds the database away, and goes on when it opens', async (t) => {
  const postgres = await startPostgres({ durable: false })
  t.teardown(() => postgres.stop())
  await postgres.administer('CREATE ROLE app LOGIN')
  await postgres.administer('CREATE DATABASE ours OWNER app')
  const url = postgres.url('ours').replace('postgres@', 'app@')
  await migrate(url)
  const books = await openBooks(t, { url })
  await books.take()
  const ways = {
    'a role that may not log in': ['ALTER ROLE app NOLOGIN', 'ALTER ROLE app LOGIN'],
    'a database that is closed': [
      'ALTER DATABASE ours ALLOW_CONNECTIONS false',
      'ALTER DATABASE ours ALLOW_CONNECTIONS true',
    ],
    'a database that has another name': [
      'ALTER DATABASE ours RENAME TO theirs',
      'ALTER DATABASE theirs RENAME TO ours',
    ],
  } as const
  for (const [way, [bar, open]] of Object.entries(ways)) {
    await endSessions(postgres.url(), bar)
    const fault = await faultOf(books.ledger.writers.query('select 1'))
    t.ok(fault !== null && isAway(fault), `${way}: ${(fault as Error)?.message}`)
    await postgres.administer(open)
    for (let i = 0; i < 250 && !books.ledger.presence.alive(); i++) await sleep(20)
    t.equal((await books.take()).outcome, 'applied', `${way}: over`)
  }
})

/** Nobody may be there when a database is renamed, and whoever waits for it comes back at once. */
async function endSessions(url: string, bar: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (let tries = 50; ; tries--) {
      await client.query(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname IN ('ours', 'theirs')",
      )
      const fault = await faultOf(client.query(bar))
      if (fault === null) break
      if (tries === 0) throw fault
    }
    await client.query("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = 'ours'")
  } finally {
    await client.end()
  }
}

t.test('a server whose certificate is not trusted any more, or that speaks no TLS, is away', async (t) => {
  const postgres = await startPostgres({ durable: false })
  t.teardown(() => postgres.stop())
  const writers = openWriters(`${postgres.url()}?sslmode=require`, 1)
  t.teardown(() => writers.end())
  t.ok(isAway(await faultOf(writers.query('select 1'))), 'no TLS')
  for (const code of ['CERT_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'])
    t.ok(isAway(Object.assign(new Error(code), { code })), code)
})

t.test(
  'a session that is ended in the moment it is made is a failure of what asked for it, and of no more',
  async (t) => {
    const url = `postgres://postgres@127.0.0.1:${await startEndingPostgres(t)}/ours`
    const readers = openReaders(url, 1)
    t.teardown(() => readers.end())
    const asking = {
      pool: () => readers.query('select 1'),
      ledger: () => openLedger({ url, rules: rulesWith(), roles: 'test', first: () => ({}) as never }),
      inspect: () => inspectDatabase(url),
      migrate: () => migrate(url),
      queues: () => migrateQueues(url),
    }
    for (const [what, ask] of Object.entries(asking)) {
      const fault = await faultOf(ask())
      t.ok(fault !== null && isAway(fault), `${what}: ${fault}`)
    }
  },
)
