// A look at the ledger from outside, for commands: is the database fit, and how far has the work come?

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { settledStates } from '../domain/case-states.ts'
import { pending } from './migrate.ts'

interface DatabaseFacts {
  /** As PostgreSQL names its version. */
  version: string
  fsync: boolean
  /** For all who are no superusers. */
  connections: number
  /** Its clock minus ours, ms. */
  skewMs: number
  /** Names of migrations that were not applied. */
  missing: string[]
}

export async function inspectDatabase(url: string): Promise<DatabaseFacts> {
  return withClient(url, async (client) => {
    const before = Date.now()
    const { rows } = await client.query<{ version: string; ms: string; fsync: string; connections: number }>(
      `select current_setting('server_version') as version, (extract(epoch from clock_timestamp()) * 1000)::bigint as ms,
         current_setting('fsync') as fsync,
         current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as connections`,
    )
    const { version, ms, fsync, connections } = rows[0]!
    const skewMs = Math.round(Number(ms) - (before + Date.now()) / 2)
    const known = await client.query("select to_regclass('migrations') is not null as known")
    const missing = known.rows[0].known ? (await pending(client)).map((one) => one.name) : ['all of them']
    return { version, fsync: fsync === 'on', connections, skewMs, missing }
  })
}

/** What a pooler between us and PostgreSQL does with the settings that our sessions start with. */
export type Pooling = 'refuses-settings' | 'drops-settings'

/** Null where sessions are our own: nobody between, or one that lends them whole. */
export async function poolingOf(url: string): Promise<Pooling | null> {
  const ours = randomUUID()
  const question = "select current_setting('tongban.session', true) = $1 as same"
  const ask = async (client: pg.Client): Promise<Pooling | null> => {
    const { rows } = await client.query<{ same: boolean | null }>(question, [ours])
    return rows[0]!.same ? null : 'drops-settings'
  }
  try {
    return await withClient(url, ask, { options: `-c tongban.session=${ours}` })
  } catch (error) {
    if (/unsupported startup parameter/.test((error as Error).message)) return 'refuses-settings'
    throw error
  }
}

export interface Progress {
  transfers: { open: number; settled: number; dead: number }
  cases: { all: number; settled: number }
}

/** Counts everything; for demos and tests, not for requests. */
export function watchProgress(url: string): { read(): Promise<Progress>; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'tongban-watch' })
  pool.on('error', () => undefined)
  return {
    async read() {
      const { rows } = await pool.query<Record<string, string>>(
        `select count(*) filter (where state in ('held', 'due', 'leased')) as open, count(*) filter (where state = 'dead') as dead,
           count(*) filter (where state in ('delivered', 'refused', 'cancelled')) as done,
           (select count(*) from cases) as cases, (select count(*) from cases where state = any ($1)) as settled from transfers`,
        [[...settledStates]],
      )
      const { open, dead, done, cases, settled } = rows[0]!
      return {
        transfers: { open: Number(open), settled: Number(done), dead: Number(dead) },
        cases: { all: Number(cases), settled: Number(settled) },
      }
    },
    close: () => pool.end(),
  }
}

/** Makes `name`, another on the server of `url`, an empty database; tells whether there was one. Returns its URL. */
export async function emptyDatabase(url: string, name: string): Promise<{ url: string; had: boolean }> {
  const at = (database: string): string => `${url.slice(0, url.lastIndexOf('/'))}/${database}`
  return withClient(url, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
    await client.query(`create database ${pg.escapeIdentifier(name)}`)
    return { url: at(name), had: rowCount === 1 }
  })
}

async function withClient<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
  more: pg.ClientConfig = {},
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'tongban-inspect',
    ...more,
  })
  // Whoever asks it something is told.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
