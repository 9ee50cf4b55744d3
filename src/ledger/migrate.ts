// Forward-only migrations, in the order of their numbers, each in one transaction, once, whoever starts first. A change of
// a table waits for all who use it, and all others wait behind it: of a backup that reads for an hour the gateway would
// stand still as long. So a migration that does not get its tables within a moment lets go of all it has, and tries again.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { connectPatiently } from './database.ts'
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

/**
 * Brings the database to this version; returns the names it applied. Safe to run at once from several processes.
 * @param tell what is waited for, and for whom
 */
export async function migrate(
  url: string,
  tell: (sentence: string) => void = () => undefined,
): Promise<string[]> {
  const client = await connectPatiently(url, 'tongban-migrate')
  try {
    await client.query('select pg_advisory_lock($1)', [LEDGER_LOCK])
    await client.query(
      'create table if not exists migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    )
    const missing = await pending(client)
    for (const migration of missing)
      await givingWay(client, migration.name, tell, () => apply(client, migration))
    await givingWay(client, 'The months to come', tell, async () => {
      await client.query('select ensure_partitions(2)')
    })
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

async function apply(client: pg.Client, { name, sql, sha256 }: Migration): Promise<void> {
  try {
    await client.query(sql)
    await client.query('insert into migrations (name, sha256) values ($1, $2)', [name, sha256])
  } catch (cause) {
    if (isTaken(cause)) throw cause
    throw new Error(`Migration ${name} failed: ${(cause as Error).message}`, { cause })
  }
}

const TABLES_WITHIN = '1s'
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000

/** A table that somebody uses, or a deadlock with them. */
const isTaken = (error: unknown): boolean =>
  ['55P03', '40P01'].includes((error as { code?: string }).code ?? '')

/** In a transaction of its own, once more until it gets the tables it needs. */
async function givingWay(
  client: pg.Client,
  what: string,
  tell: (sentence: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    await client.query('begin')
    try {
      await client.query(`set local lock_timeout = '${TABLES_WITHIN}'`)
      await work()
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      if (!isTaken(error)) throw error
      const users = await usersOf(client)
      tell(
        `${what}: its tables are in use${users.en}; the gateway goes on meanwhile, tried again in ${pauseMs / 1000} s · 数据表正被占用${users.zh}，网关照常运行，稍后重试`,
      )
      await sleep(pauseMs)
    }
  }
}

/** Whoever has been in a transaction for longer than we waited. */
async function usersOf(client: pg.Client): Promise<{ en: string; zh: string }> {
  const { rows } = await client.query<{ pid: number; name: string; seconds: number }>(
    `select pid, application_name as name, extract(epoch from now() - xact_start)::integer as seconds from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and xact_start < now() - $1::interval
       and backend_type = 'client backend' order by xact_start limit 3`,
    [TABLES_WITHIN],
  )
  if (rows.length === 0) return { en: '', zh: '' }
  const list = rows.map(({ pid, name, seconds }) => `${name || 'pid'} ${pid} (${seconds} s)`).join(', ')
  return { en: `, perhaps by ${list}`, zh: `（可能是 ${list}）` }
}
