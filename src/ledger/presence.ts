// A process proves that it is alive by an advisory lock held on a session of its own. When it dies, however
// it dies, PostgreSQL ends the session and its leases are free for takeover within a second. So a process
// that lost its session and lives must not go on with what it leased before, whoever is quicker to come back.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isSilence } from './database.ts'

export const PRESENCE_LOCK = 7701
const LEADER_LOCK = 7702

export interface Presence {
  /** The lock's second key, and `lease_owner` of this process. */
  owner: number
  /** Now by the database's clock, ms since the epoch. Whoever sets ours changes nothing of it. */
  now(): number
  /** Database time minus ours, ms. */
  skewMs(): number
  /** False while the session is being made again: leases may be taken over, so nothing new is leased. */
  alive(): boolean
  /** False from when it was asked in vain, or could not be reached, until it is there again. */
  answers(): boolean
  /** Of the session that is held now: aborted when it is lost, and with it every lease that was taken under it. */
  session(): AbortSignal
  /** True in one process at a time: the one that sweeps. Asks for the part when nobody has it. */
  leads(): Promise<boolean>
  close(): Promise<void>
}

const CHECK_EVERY_MS = 1_000
const RETRY_AFTER_MS = 250

/** Who is told what becomes of the session. */
interface Listener {
  /** It broke: every lease held may be gone. */
  lost(): void
  /** The clocks were compared, every second: database time minus ours, ms. */
  skew?: ((ms: number) => void) | undefined
  /** It was asked something and got no answer in time. */
  silent?(): void
}

/** Registers this process. */
export async function announce(
  url: string,
  about: { host: string; roles: string },
  listener: Listener,
): Promise<Presence> {
  let client = await connect(url)
  let { owner, ahead } = await register(client, about).catch(async (error: unknown) => {
    await client.end().catch(() => undefined)
    throw error
  })
  let alive = true
  let answers = true
  let closed = false
  let leader = false
  let session = new AbortController()
  let turn: Promise<unknown> = Promise.resolve()

  /** The session takes one question at a time, whoever asks. */
  function inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const asked = turn.then(ask)
    turn = asked.catch(() => undefined)
    return asked
  }

  const watch = setInterval(() => void check(), CHECK_EVERY_MS)
  watch.unref()
  let checking = false
  async function check(): Promise<void> {
    if (checking || closed) return
    checking = true
    try {
      await inTurn(() => (alive ? measure() : again()))
    } catch (error) {
      failed(error)
    } finally {
      checking = false
    }
  }

  function failed(error: unknown): void {
    lost()
    if (isSilence(error) && !answers) listener.silent?.()
  }

  /** Whether it answers is known from every question that waits for nobody else. */
  async function heard<T>(asked: Promise<T>): Promise<T> {
    try {
      const told = await asked
      answers = true
      return told
    } catch (error) {
      answers = false
      throw error
    }
  }

  const now = (): number => steady() + ahead
  const skewMs = (): number => now() - Date.now()

  async function measure(): Promise<void> {
    ahead = within(await heard(measureAhead(client)), ahead)
    listener.skew?.(skewMs())
  }

  function lost(): void {
    if (!alive || closed) return
    alive = false
    leader = false
    session.abort(new Error('the session that proves this process alive was lost'))
    listener.lost()
    setTimeout(() => void check(), RETRY_AFTER_MS).unref()
  }

  async function again(): Promise<void> {
    client.end().catch(() => undefined)
    const next = await heard(connect(url))
    // Nobody would end it, and the lock that it is to hold would outlive this process's work.
    if (closed) return next.end()
    client = next
    watchOver(client)
    // It may wait for the session before to end.
    await hold(client, owner)
    await measure()
    session = new AbortController()
    alive = true
  }

  // The end of a session that was replaced already means nothing.
  function watchOver(watched: pg.Client): void {
    const ended = (): void => {
      if (watched === client) lost()
    }
    watched.on('error', ended)
    watched.on('end', ended)
  }

  async function askToLead(): Promise<boolean> {
    if (leader || !alive) return leader && alive
    const asked = client
    try {
      const question = 'select pg_try_advisory_lock($1) as got'
      const { rows } = await heard(asked.query<{ got: boolean }>(question, [LEADER_LOCK]))
      leader = rows[0]!.got && alive && asked === client
      return leader
    } catch (error) {
      failed(error)
      throw error
    }
  }

  watchOver(client)
  return {
    owner,
    now,
    skewMs,
    alive: () => alive,
    answers: () => answers,
    session: () => session.signal,
    leads: async () => (leader || !alive ? leader && alive : inTurn(askToLead)),
    async close() {
      closed = true
      clearInterval(watch)
      await client.end().catch(() => undefined)
    },
  }
}

async function register(
  client: pg.Client,
  about: { host: string; roles: string },
): Promise<{ owner: number; ahead: number }> {
  const { rows } = await client.query<{ id: number }>(
    'insert into processes (host, roles) values ($1, $2) returning id',
    [about.host, about.roles],
  )
  const owner = rows[0]!.id
  await hold(client, owner)
  return { owner, ahead: within(await measureAhead(client)) }
}

const LOOK_EVERY_MS = 100

/**
 * Whether any process still proves itself alive on this database; asked again for `withinMs`, for one that
 * ends just now is seen for a moment longer.
 */
export async function anyonePresent(url: string, withinMs: number): Promise<boolean> {
  const client = await connect(url)
  const until = performance.now() + withinMs
  try {
    for (;;) {
      const { rowCount } = await client.query(
        `select 1 from pg_locks where locktype = 'advisory' and classid = $1 and granted
         and database = (select oid from pg_database where datname = current_database())`,
        [PRESENCE_LOCK],
      )
      if (rowCount === 0 || performance.now() > until) return rowCount !== 0
      await sleep(LOOK_EVERY_MS)
    }
  } finally {
    await client.end()
  }
}

/** It is asked something every second. */
const FROZEN_AFTER_S = 10

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tongban-presence',
    keepAlive: true,
    connectionTimeoutMillis: 3_000,
    // Of a process that is frozen the kernel goes on answering: PostgreSQL ends its session once it has asked
    // nothing for so long.
    options: `-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2 -c idle_session_timeout=${FROZEN_AFTER_S}s`,
    query_timeout: 5_000,
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function hold(client: pg.Client, owner: number): Promise<void> {
  await client.query('select pg_advisory_lock($1::integer, $2::integer)', [PRESENCE_LOCK, owner])
}

/** A clock that nobody sets, ms: between two measurements ours may be moved by any time. */
const steady = (): number => performance.timeOrigin + performance.now()

/** Database time minus `steady` lies somewhere in here, ms: an answer that took long says little. */
interface Bounds {
  least: number
  most: number
}

/** As it was `before` where that can still be, else as near to it as can be; without one, the middle. */
export function within({ least, most }: Bounds, before = (least + most) / 2): number {
  return Math.min(Math.max(before, least), most)
}

async function measureAhead(client: pg.Client): Promise<Bounds> {
  const before = steady()
  const { rows } = await client.query<{ ms: string }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms',
  )
  const there = Number(rows[0]!.ms)
  // It tells whole milliseconds.
  return { least: there - steady() - 1, most: there - before + 1 }
}
