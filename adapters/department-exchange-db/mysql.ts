// MySQL and MariaDB through `mysql2`. Statements are prepared by the server; strict mode is asked for, because without
// it the server cuts what is too long and writes "?" for what its charset lacks.

import type {
  Pool,
  PoolConnection,
  PoolOptions,
  ResultSetHeader,
  RowDataPacket,
  SslOptions,
} from 'mysql2/promise'
import type { Answer, Connection, Dialect, Driver, Row } from './database.ts'
import { meaningOfErrno } from './fault-codes.ts'
import type { Fault } from './faults.ts'
import { nameIn, networkFault } from './network-faults.ts'
import { nonsense } from './nonsense.ts'
import type { ExchangeSettings, TextTimes } from './settings.ts'
import { type Statement, sql, whole } from './sql.ts'

const DEFAULT_PORT = 3306
const IDLE_MS = 30_000
const STATEMENTS_KEPT = 64
const charsets = { utf8mb4: 'UTF8MB4_GENERAL_CI', gbk: 'GBK_CHINESE_CI', gb18030: 'GB18030_CHINESE_CI' }

interface Limits {
  connections: number
  connectMs: number
  statementMs: number
  offset: string
}

export function mysql(settings: ExchangeSettings, limits: Limits): Driver {
  const options = optionsOf(settings, limits)
  let pool: Promise<Pool> | undefined
  // The library is a large one, and most cities have no department that needs it.
  const opened = (): Promise<Pool> => {
    pool ??= import('mysql2/promise').then(({ createPool }) => createPool(options))
    return pool
  }
  const prepared = new WeakSet<object>()
  return {
    dialect: dialectOf(limits.statementMs, settings.textTimes),
    fault: mysqlFault,
    // What cannot be ended in order is ended all the same.
    close: async () => pool?.then((it) => it.end()).catch(() => undefined),
    async connect() {
      const connection = await (await opened()).getConnection()
      if (!prepared.has(connection.connection)) {
        try {
          await setUp(connection, limits)
          prepared.add(connection.connection)
        } catch (error) {
          connection.destroy()
          throw error
        }
      }
      return connectionOf(connection)
    },
  }
}

function optionsOf(settings: ExchangeSettings, limits: Limits): PoolOptions {
  return {
    host: settings.host,
    port: settings.port ?? DEFAULT_PORT,
    database: settings.database,
    user: settings.user,
    password: settings.password,
    charset: charsets[settings.charset ?? 'utf8mb4'],
    ...(settings.tls ? { ssl: tlsOf(settings.host, settings.tls) } : {}),
    connectionLimit: limits.connections,
    maxIdle: limits.connections,
    idleTimeout: IDLE_MS,
    connectTimeout: limits.connectMs,
    enableKeepAlive: true,
    maxPreparedStatements: STATEMENTS_KEPT,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
  }
}

/** The driver compares the certificate with a host name only: for an address, the pinned authority must do. */
function tlsOf(
  host: string,
  { ca, cert, key, passphrase }: NonNullable<ExchangeSettings['tls']>,
): SslOptions {
  const isAddress = /^[\d.]+$|:/.test(host)
  if (isAddress && ca === undefined)
    throw nonsense('host 为地址时须配置 tls.ca', 'tls.ca is needed where host is an address')
  const own = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
  return { rejectUnauthorized: true, verifyIdentity: !isAddress, ...own }
}

async function setUp(connection: PoolConnection, { statementMs, offset }: Limits): Promise<void> {
  const [[server]] = await connection.query<RowDataPacket[]>('select version() as version')
  const seconds = Math.max(1, Math.ceil(statementMs / 1000))
  const limit = String(server?.version).includes('MariaDB') ? `max_statement_time = ${seconds}` : undefined
  const settings = [
    `sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES')`,
    `time_zone = '${offset}'`,
    `innodb_lock_wait_timeout = ${Math.max(1, Math.floor(seconds / 2))}`,
    ...(limit ? [limit] : []),
  ]
  await connection.query(`set session ${settings.join(', session ')}`)
  await connection.query('set session transaction isolation level read committed')
}

function connectionOf(connection: PoolConnection): Connection {
  return {
    async run(text, values): Promise<Answer> {
      const simple = /^(?:begin|commit|rollback)$/.test(text)
      const [answer] = simple
        ? await connection.query<ResultSetHeader>(text)
        : await connection.execute<RowDataPacket[] | ResultSetHeader>(text, [...values])
      return Array.isArray(answer)
        ? { rows: answer.map(asText), affected: 0 }
        : { rows: [], affected: answer.affectedRows }
    },
    release: () => connection.release(),
    destroy: () => connection.destroy(),
  }
}

function asText(row: RowDataPacket): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, value === null ? null : String(value)]),
  )
}

function dialectOf(statementMs: number, textTimes: TextTimes | undefined): Dialect {
  const seconds = Math.max(1, Math.floor(statementMs / 2000))
  return {
    quote: (name) => `\`${name}\``,
    mark: () => '?',
    text: (column, characters) => sql`left(${column}, ${whole(characters)})`,
    folded,
    ago: (ago) => asColumn(sql`now() - interval ${whole(ago)} second`, textTimes),
    epoch: sql`unix_timestamp(now(3))`,
    lock: (name) => ({
      take: sql`select get_lock(${lockName(name)}, ${whole(seconds)}) as taken`,
      give: sql`do release_lock(${lockName(name)})`,
    }),
  }
}

function asColumn(time: Statement, textTimes: TextTimes | undefined): Statement {
  if (!textTimes) return time
  return textTimes === 'yyyyMMddHHmmss'
    ? sql`date_format(${time}, '%Y%m%d%H%i%s')`
    : sql`date_format(${time}, '%Y-%m-%d %H:%i:%s')`
}

/** Most collations see neither accents, nor letters' case, nor spaces at the end. */
const folded = (key: string): string =>
  key.normalize('NFKD').replaceAll(/\p{M}/gu, '').replace(/ +$/, '').toUpperCase()

/** At most 64 characters. */
const lockName = (name: string): string => `tongban:${name.slice(-56)}`

function mysqlFault(error: unknown): Fault {
  const { errno, code, message } = error as { errno?: unknown; code?: unknown; message?: unknown }
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return { meaning: 'no-tls', code }
  // It asks for a way of proving the password that we do not have.
  if (typeof code === 'string' && code.startsWith('AUTH_')) return { meaning: 'credentials', code }
  // The driver names only the errors of MySQL; those of the machine have negative numbers.
  if (typeof errno !== 'number' || errno <= 0) return networkFault(error)
  const subject = nameIn(String(message))
  return {
    meaning: meaningOfErrno(errno),
    code: String(errno),
    ...(subject === undefined ? {} : { subject }),
  }
}
