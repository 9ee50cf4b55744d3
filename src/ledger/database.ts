// Connections to PostgreSQL. Three kinds: writers for the group commit and finders of one submission, both
// with plans pinned to indexes, and readers for all the rest.

import type { Socket } from 'node:net'
import pg from 'pg'

export type Client = pg.PoolClient
export type Pool = pg.Pool

/**
 * Statements that join a JSON parameter to a table are planned before anyone knows how many rows either has;
 * planned while tables are empty they would read whole tables for ever after. Writers only ever look rows up by key.
 */
const KEYED_PLANS = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off'
/**
 * One submission is always found the same way: planned at each execution, that took three times as long as
 * finding it.
 */
const PLANNED_ONCE = '-c plan_cache_mode=force_generic_plan'
/** How days and numbers are written to us, whatever was set for the role, the database or the server. */
const WRITTEN = '-c datestyle=ISO,YMD -c intervalstyle=postgres -c bytea_output=hex -c extra_float_digits=1'
/**
 * A process that stands still in the middle of a commit keeps its submissions locked: it loses them long
 * before the others, who wait for them with all their commits, give up.
 */
const WRITER_LIMITS = '-c lock_timeout=10s -c statement_timeout=30s -c idle_in_transaction_session_timeout=3s'

/**
 * How long we wait for an answer: a server that is frozen, or behind a line that drops packets, never sends one, nor the
 * refusal that its own limits would be. What was sent may yet be carried out; `isAway` says of it what it says of a
 * connection lost while committing. Longer than a lock is waited for, and than a reader's limit. Reads are given up earlier where
 * the session that proves us alive is not answered either: see `impatient`.
 */
const WRITER_ANSWERS_WITHIN_MS = 15_000
const READER_ANSWERS_WITHIN_MS = 22_000

/** And for a connection. */
const CONNECTS_WITHIN_MS = 5_000

export function openWriters(url: string, size: number): Pool {
  return open(url, size, 'tongban-writer', `${KEYED_PLANS} ${WRITER_LIMITS}`, {
    pipeline: true,
    query_timeout: WRITER_ANSWERS_WITHIN_MS,
  })
}

/** For whole submissions by their ids. */
export function openFinders(url: string, size: number): Pool {
  return open(url, size, 'tongban-finder', `${KEYED_PLANS} ${PLANNED_ONCE} -c statement_timeout=20s`)
}

export function openReaders(url: string, size: number): Pool {
  return open(url, size, 'tongban-reader', '-c statement_timeout=20s -c jit=off')
}

/** Linux, macOS and BSD can tell; transactions have limits from PostgreSQL 17 on. */
const WHERE_KNOWN = ['transaction_timeout = 0', "client_connection_check_interval = '2s'"]

/**
 * A session for work that takes as long as it takes: the limits that an administrator gives a role are meant for those
 * who answer somebody. Where its process is killed, PostgreSQL works on for nobody no longer than it needs to notice.
 */
export async function connectPatiently(
  url: string,
  name: string,
  more: pg.ClientConfig = {},
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: CONNECTS_WITHIN_MS,
    keepAlive: true,
    options: `${WRITTEN} -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0`,
    ...more,
  })
  // Whoever asks it something is told.
  client.on('error', () => undefined)
  await client.connect()
  for (const setting of WHERE_KNOWN) await client.query(`set ${setting}`).catch(() => undefined)
  return client
}

function open(url: string, max: number, name: string, options: string, more: pg.PoolConfig = {}): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    options: `${WRITTEN} ${options}`,
    connectionTimeoutMillis: CONNECTS_WITHIN_MS,
    keepAlive: true,
    query_timeout: READER_ANSWERS_WITHIN_MS,
    ...more,
  })
  // An idle connection that breaks is replaced at the next use; the query that needs it reports the fault.
  pool.on('error', () => undefined)
  // While one is in use, its pool does not listen.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** A pool that asks nothing of a PostgreSQL that is known not to answer. */
export interface Impatient {
  pool: Pool
  /** Ends what was asked before that was known: whoever waits for it is told at once. */
  giveUp(): void
}

/** For reads: what they asked for is not done twice, however often they are made again. */
export function impatient(pool: Pool, answers: () => boolean): Impatient {
  const open = new Set<Socket>()
  pool.on('connect', (client) => {
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    open.add(stream)
    stream.once('close', () => open.delete(stream))
  })
  const unless =
    <Asked extends unknown[]>(ask: (...asked: Asked) => Promise<unknown>) =>
    (...asked: Asked): Promise<unknown> =>
      answers() ? ask(...asked) : Promise.reject(notAnswering())
  const asking = { query: unless(pool.query.bind(pool)), connect: unless(pool.connect.bind(pool)) }
  return {
    pool: Object.assign(pool, asking) as Pool,
    giveUp: () => open.forEach((stream) => void stream.destroy(notAnswering())),
  }
}

/** How many a process may have open at once. */
export const POOL_SIZES = { writers: 4, finders: 4, readers: 6, presence: 1 } as const
export const LEDGER_CONNECTIONS = Object.values(POOL_SIZES).reduce((sum, size) => sum + size, 0)

/** What pg says, and pg alone, when its connection is gone or does not answer. */
const SAID_WITHOUT_CODE =
  /^(Connection terminated|Query read timeout|timeout expired|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed)|The server does not support SSL)/

/**
 * SQLSTATEs that say that nobody is served now, not that the statement is wrong: away or restarting, without disk
 * or connections, a stand-by since a fail-over (25006). 25P03 and 25P04: we stood still for too long, and
 * PostgreSQL ended the session. 28, 3D000 and 55000: nobody is let in any more, for a password was changed, or the database
 * is closed or renamed while a backup takes its place.
 */
const SERVES_NOBODY = /^(08|57P|53[13]00|25006|25P0[34]|28|3D000|55000)/

/** Of the way there, as Node names it; the last are certificates that are not trusted any more. */
const NO_WAY =
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EADDRNOTAVAIL|CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/

/** Of ours: no connection can be made, though files fail with the same words. */
const SHORT_OF = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** The database is away, or can do nothing at all at present. */
export function isAway(error: unknown): boolean {
  const { code, syscall } = error as { code?: string; syscall?: string }
  if (code === undefined) return SAID_WITHOUT_CODE.test((error as Error).message ?? '')
  return SERVES_NOBODY.test(code) || NO_WAY.test(code) || (syscall === 'connect' && SHORT_OF.has(code))
}

/**
 * Of what is worth asking again a little later: also a submission that somebody has kept locked for long (55P03), a
 * statement that took too long or was cancelled (57014), one that met a deadlock twice, and a server short of files or
 * memory for it. Nothing was done.
 */
export const isPassing = (error: unknown): boolean =>
  isAway(error) || NOT_THIS_TIME.has((error as { code?: string }).code ?? '')
const NOT_THIS_TIME = new Set(['55P03', '57014', '40P01', '40001', '53000', '53200'])

/** Asked, and not answered in time. */
export const isSilence = (error: unknown): boolean =>
  /^(Query read timeout|timeout expired)/.test((error as Error).message ?? '')

/**
 * What is thrown instead of asking a database that is known not to answer: `isAway`, and certain that nothing
 * was done.
 */
export function notAnswering(): Error {
  return Object.assign(new Error('PostgreSQL does not answer'), { code: '08006' })
}
