// Looks at the ledger from outside while the gateway is being disturbed: which work was abandoned, when it moved again,
// and whether anything is still open. Reads only; must survive a restart of PostgreSQL.

import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import { settledStates } from '../../src/domain/case-states.ts'

const POLL_MS = 40

/** Work that someone has to pick up again, as it stood at one moment. */
export interface Abandoned {
  ids: string[]
  epochs: number[]
}

/** Moments are `performance.now()`. */
interface Moved {
  /** When the first and the last were seen to have moved. */
  firstAt: number
  lastAt: number
  /** When none was leased to the dead process any more. */
  takenOverAt: number
  /** When each had moved or had a wake-up call again. */
  queuedAt: number
  /** The last that moved, or those that had not: system, operation, state. */
  last: string[]
  notMoved: string[]
}

interface OpenWork {
  /** Transfers neither settled nor dead. */
  transfers: number
  /** Cases that are still being decided. */
  cases: number
  /** Entries of the ledger so far: grows whenever anything happens. */
  entries: number
  /** Transfers whose next attempt has its time, which has not come. */
  waiting: number
}

export interface LedgerWatch {
  /** Transfers leased by a process that has just died. */
  leased(): Promise<Abandoned>
  /** Transfers that are due now and first of their lane, leased or not. */
  dueNow(): Promise<Abandoned>
  /** Waits until every one was taken again or settled, at most `withinMs`; `meanwhile` is awaited before each look. */
  untilMoved(abandoned: Abandoned, withinMs: number, look?: Look): Promise<Moved>
  /** How many of these have a job in BullMQ's own tables. */
  called(due: readonly NotMoved[]): Promise<number>
  openWork(): Promise<OpenWork>
  /** What is not settled, for whoever has to find out why: transfers and cases, the oldest first. */
  stillOpen(): Promise<string[]>
  /** Why transfers became dead letters: system, operation, reason, how many. */
  deadReasons(): Promise<string[]>
  close(): Promise<void>
}

interface Look {
  /** Awaited before each look. */
  meanwhile?: () => Promise<void>
  /** How many of these have no wake-up call in the queue engine. */
  uncalled?: (left: readonly NotMoved[]) => Promise<number>
}

const settled = `('delivered', 'refused', 'cancelled', 'dead')`
const settledCases = `(${[...settledStates].map((state) => `'${state}'`).join(', ')})`

/** Systems whose transfers wait for their owner to fetch them: how long that takes is no doing of ours. */
const inboxes = `('health')`

export function watchLedger(databaseUrl: string): LedgerWatch {
  const pool = new Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 2_000 })
  pool.on('error', () => undefined)
  const abandoned = async (where: string): Promise<Abandoned> => {
    const rows = await ask<{ id: string; epoch: number }>(
      pool,
      `SELECT id, epoch FROM transfers t WHERE system NOT IN ${inboxes} AND ${where}`,
    )
    return { ids: rows.map((row) => row.id), epochs: rows.map((row) => row.epoch) }
  }
  return {
    leased: () => abandoned(`state = 'leased'`),
    dueNow: () =>
      abandoned(`(state = 'leased' OR (state = 'due' AND next_attempt_at <= now())) AND NOT EXISTS (
        SELECT FROM transfers e WHERE e.submission_id = t.submission_id AND e.lane = t.lane
          AND e.sequence < t.sequence AND e.state NOT IN ${settled})`),
    untilMoved: (work, withinMs, look) => untilMoved(pool, work, withinMs, look),
    called: (due) => called(pool, due),
    openWork: () => openWork(pool),
    stillOpen: () => stillOpen(pool),
    deadReasons: () => deadReasons(pool),
    close: () => pool.end(),
  }
}

async function untilMoved(
  pool: Pool,
  work: Abandoned,
  withinMs: number,
  { meanwhile = async () => undefined, uncalled = async (left) => left.length }: Look = {},
): Promise<Moved> {
  const deadline = performance.now() + withinMs
  const seen: { firstAt?: number; takenOverAt?: number; queuedAt?: number } = {}
  let last: string[] = []
  while (true) {
    await meanwhile()
    const left = await notMoved(pool, work)
    const at = performance.now()
    if (left.length < work.ids.length) seen.firstAt ??= at
    if (left.every((one) => one.state !== 'leased')) seen.takenOverAt ??= at
    if (seen.queuedAt === undefined && (await uncalled(left)) === 0) seen.queuedAt = performance.now()
    if (left.length > 0) last = left.map((one) => `${one.system} ${one.operation} ${one.state}`)
    if (left.length === 0 || at > deadline) {
      return {
        firstAt: at,
        takenOverAt: at,
        queuedAt: at,
        ...seen,
        lastAt: at,
        last,
        notMoved: left.map((one) => one.id),
      }
    }
    await sleep(POLL_MS)
  }
}

export interface NotMoved {
  id: string
  epoch: number
  system: string
  operation: string
  state: string
}

function notMoved(pool: Pool, { ids, epochs }: Abandoned): Promise<NotMoved[]> {
  return ask<NotMoved>(
    pool,
    `SELECT t.id, t.epoch, t.system, t.operation, t.state FROM transfers t JOIN unnest($1::text[], $2::integer[]) AS a (id, epoch) USING (id)
      WHERE t.epoch = a.epoch AND t.state NOT IN ${settled}`,
    [ids, epochs],
  )
}

async function called(pool: Pool, due: readonly NotMoved[]): Promise<number> {
  const [row] = await ask<{ count: number }>(
    pool,
    'SELECT count(*)::integer AS count FROM bullmq.job JOIN unnest($1::text[], $2::text[]) AS d (queue, id) USING (queue, id)',
    [due.map(({ system }) => system), due.map(({ id, epoch }) => `${id}-${epoch}`)],
  )
  return row!.count
}

async function openWork(pool: Pool): Promise<OpenWork> {
  const [row] = await ask<OpenWork>(
    pool,
    `SELECT (SELECT count(*)::integer FROM transfers WHERE state IN ('held', 'due', 'leased')) AS transfers,
            (SELECT count(*)::integer FROM cases WHERE state NOT IN ${settledCases}) AS cases,
            (SELECT count(*)::integer FROM entries) AS entries,
            (SELECT count(*)::integer FROM transfers WHERE state = 'due' AND next_attempt_at > now()) AS waiting`,
  )
  return row!
}

async function stillOpen(pool: Pool): Promise<string[]> {
  const rows = await ask<{ line: string }>(
    pool,
    `SELECT concat_ws(' ', id, system, operation, state, attempts || ' attempts', 'next in ' || round(extract(epoch FROM next_attempt_at - now())) || ' s',
        'leased for ' || round(extract(epoch FROM lease_until - now())) || ' s', failure) AS line
       FROM transfers WHERE state IN ('held', 'due', 'leased')
     UNION ALL SELECT concat_ws(' ', id, system, state, 'since ' || updated_at) FROM cases WHERE state NOT IN ${settledCases}
     LIMIT 40`,
  )
  return rows.map((row) => row.line)
}

async function deadReasons(pool: Pool): Promise<string[]> {
  const rows = await ask<{ line: string }>(
    pool,
    `SELECT count(*) || ' × ' || system || ' ' || operation || ': ' || coalesce(failure::text, 'no reason kept') AS line
       FROM transfers WHERE state = 'dead' GROUP BY system, operation, failure::text ORDER BY count(*) DESC LIMIT 20`,
  )
  return rows.map((row) => row.line)
}

/** Asks until PostgreSQL answers, for at most half a minute. */
async function ask<Row extends object>(pool: Pool, sql: string, values: unknown[] = []): Promise<Row[]> {
  const deadline = performance.now() + 30_000
  while (true) {
    try {
      return (await pool.query<Row>(sql, values)).rows
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(100)
    }
  }
}
