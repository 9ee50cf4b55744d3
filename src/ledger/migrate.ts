// Forward-only migrations, in the order of their numbers, each in one transaction, once, whoever starts first.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { CONNECTS_WITHIN_MS } from './database.ts'
import { LEDGER_LOCK, orderFeedIfRestored } from './restored.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

interface Migration {
  name: string
  sql: string
  sha256: string
}

export function migrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}_.*\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, FOLDER), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    })
}

/** Brings the database to this version; returns the names it applied. Safe to run at once from several processes. */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tongban-migrate',
    connectionTimeoutMillis: CONNECTS_WITHIN_MS,
    keepAlive: true,
  })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LEDGER_LOCK])
    await client.query(
      'create table if not exists migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    )
    const missing = await pending(client)
    for (const migration of missing) await apply(client, migration)
    await client.query('select ensure_partitions(2)')
    await orderFeedIfRestored(client)
    return missing.map((one) => one.name)
  } finally {
    await client.end()
  }
}

/** Migrations that the database has not seen; throws when it has one that differs from ours. */
export async function pending(client: Pick<pg.ClientBase, 'query'>): Promise<Migration[]> {
  const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from migrations')
  const applied = new Map(rows.map((row) => [row.name, row.sha256]))
  return migrations().filter((one) => {
    const known = applied.get(one.name)
    if (known !== undefined && known !== one.sha256)
      throw new Error(`Migration ${one.name} was changed after it was applied to this database.`)
    return known === undefined
  })
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into migrations (name, sha256) values ($1, $2)', [
      migration.name,
      migration.sha256,
    ])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`Migration ${migration.name} failed: ${(cause as Error).message}`, { cause })
  }
}
