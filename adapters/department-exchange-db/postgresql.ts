// PostgreSQL through `pg`. Values come back as the server wrote them: no driver may turn a time into another zone's.

import { createHash } from 'node:crypto'
import { DatabaseError, Pool, type PoolClient } from 'pg'
import { offsetMs } from '../../src/adapter-kit/local-time.ts'
import type { Connection, Dialect, Driver } from './database.ts'
import { meaningOfSqlState } from './fault-codes.ts'
import type { Fault } from './faults.ts'
import { nameIn, networkFault } from './network-faults.ts'
import type { ExchangeSettings, TextTimes } from './settings.ts'
import { type Statement, sql, whole } from './sql.ts'

const DEFAULT_PORT = 5432
const IDLE_MS = 30_000

interface Limits {
  connections: number
  connectMs: number
  statementMs: number
  offset: string
}

export function postgresql(settings: ExchangeSettings, limits: Limits): Driver {
  const pool = new Pool({
    host: settings.host,
    port: settings.port ?? DEFAULT_PORT,
    database: settings.database,
    user: settings.user,
    password: settings.password,
    ssl: settings.tls ? { rejectUnauthorized: true, ...settings.tls } : false,
    application_name: 'tongban',
    max: limits.connections,
    connectionTimeoutMillis: limits.connectMs,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
    keepAlive: true,
    types: { getTypeParser: (type) => (type === CHARACTER ? unpadded : asWritten) },
  })
  // An idle connection that breaks is replaced by the pool; whoever needs one hears of it then.
  pool.on('error', ignored)
  // While one is in use, its pool does not listen; one that the server ends as it is made has nobody yet who could.
  pool.on('connect', (client) => client.on('error', ignored))
  const prepared = new WeakSet<PoolClient>()
  return {
    dialect: { ...postgresqlDialect, ago: (seconds) => ago(seconds, settings.textTimes) },
    fault: postgresqlFault,
    close: () => pool.end(),
    async connect() {
      const client = await pool.connect()
      const connection = connectionOf(client)
      if (prepared.has(client)) return connection
      try {
        await setUp(client, limits)
        prepared.add(client)
        return connection
      } catch (error) {
        connection.destroy()
        throw error
      }
    },
  }
}

const CHARACTER = 1042
const asWritten = (text: unknown): unknown => text
/** `char(n)` comes filled up with spaces that nobody wrote. */
const unpadded = (text: unknown): unknown => (typeof text === 'string' ? text.replace(/ +$/, '') : text)

/** A broken connection fails its query; the event beside it needs no second hearing. */
const ignored = (): void => undefined

function connectionOf(client: PoolClient): Connection {
  return {
    async run(text, values) {
      const { rows, rowCount } = await client.query(text, [...values])
      return { rows, affected: rowCount ?? 0 }
    },
    release: () => client.release(false),
    destroy: () => client.release(true),
  }
}

function setupOf({ statementMs, offset }: Limits): string {
  return [
    `set datestyle to 'ISO, YMD'`,
    `set time zone interval '${offsetMs(offset) / 60_000} minutes'`,
    `set statement_timeout to ${statementMs}`,
  ].join('; ')
}

/** Relatives of PostgreSQL may not know these; the statement timeout bounds the wait there. */
const furtherSetup = ({ statementMs }: Limits): string[] => [
  `set lock_timeout to ${Math.ceil(statementMs / 2)}`,
  `set idle_in_transaction_session_timeout to ${statementMs * 4}`,
]
const UNKNOWN_SETTING = '42704'

async function setUp(client: PoolClient, limits: Limits): Promise<void> {
  await client.query(setupOf(limits))
  for (const setting of furtherSetup(limits))
    await client.query(setting).catch((error: unknown) => {
      if (!(error instanceof DatabaseError) || error.code !== UNKNOWN_SETTING) throw error
    })
}

const postgresqlDialect: Omit<Dialect, 'ago'> = {
  quote: (name) => `"${name}"`,
  mark: (n) => `$${n}`,
  text: (column, characters) => sql`left(${column}::text, ${whole(characters)})`,
  folded: (key) => key,
  epoch: sql`extract(epoch from clock_timestamp())`,
  lock: (name) => ({
    take: sql`select pg_advisory_xact_lock(${whole(LOCK_SPACE)}, ${whole(numberOf(name))})`,
  }),
}

function ago(seconds: number, textTimes: TextTimes | undefined): Statement {
  const time = sql`now() - ${whole(seconds)} * interval '1 second'`
  if (!textTimes) return time
  return textTimes === 'yyyyMMddHHmmss'
    ? sql`to_char(${time}, 'YYYYMMDDHH24MISS')`
    : sql`to_char(${time}, 'YYYY-MM-DD HH24:MI:SS')`
}

/** Apart from other users of advisory locks. */
const LOCK_SPACE = 0x746f6e67

function numberOf(name: string): number {
  return createHash('sha256').update(name).digest().readInt32BE(0)
}

function postgresqlFault(error: unknown): Fault {
  if (!(error instanceof DatabaseError) || error.code === undefined) return networkFault(error)
  const subject = error.column ?? nameIn(error.message)
  const meaning = meaningOfSqlState(error.code)
  return { meaning, code: error.code, ...(subject === undefined ? {} : { subject }) }
}
