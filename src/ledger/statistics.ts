// What happened, in numbers: added up from the entries by the clock role, an hour of the ledger at a time at
// most, and asked for from the sums. The main path writes nothing for it. One entry is counted once: the sums
// and how far they reach are written in one transaction.

import type { Client, Pool } from './database.ts'
import { figures, type keys, statistics } from './statistics/statements.ts'

/** Days in order, and how many working days there were up to and with each. */
export interface DayCount {
  days: readonly string[]
  workingDays: readonly number[]
}

export interface StatisticsRow {
  key: string
  received: number
  /** Of these, submitted in another division than the one that decides. */
  crossDivision: number
  decided: number
  onTime: number
  /** Of all decided together. */
  workingDays: number
  corrections: number
  certificates: number
  parcelsCollected: number
  parcelsDelivered: number
  tripsSaved: number
  rated: number
  satisfied: number
}

export type StatisticsKey = keyof typeof keys

const HOUR_MS = 3_600_000
/** Who writes is done within two minutes (see feed_since), and what is told meanwhile waits for it in the feed. */
const ADDED_WITHIN_MS = 60_000
/** PostgreSQL ends it before we take it for away. */
const ANSWER_AFTER_MS = 5_000
/** What cannot be added up in a second's share is no matter of how much it is. */
const SHORTEST_SPAN_MS = 1_000

interface Share {
  /** How much of the ledger at most. */
  spanMs?: number
  withinMs?: number
  signal?: AbortSignal | undefined
}

/**
 * Adds up the next hour of entries, or what there is of it; `more` while there is more. An hour that holds
 * too much is halved until its first part can be added up; `spanMs`: what to try next.
 */
export async function addUp(
  pool: Pool,
  days: DayCount,
  { spanMs = HOUR_MS, withinMs = ADDED_WITHIN_MS, signal }: Share = {},
): Promise<{ more: boolean; spanMs: number }> {
  for (let span = spanMs; ; span /= 2) {
    try {
      const more = await addSpan(pool, days, { spanMs: span, withinMs, signal })
      return { more, spanMs: Math.min(2 * span, HOUR_MS) }
    } catch (error) {
      if ((error as { code?: string }).code !== QUERY_CANCELED || span <= SHORTEST_SPAN_MS) throw error
    }
  }
}

const QUERY_CANCELED = '57014'

async function addSpan(
  pool: Pool,
  days: DayCount,
  { spanMs, withinMs, signal }: Required<Share>,
): Promise<boolean> {
  const client = await pool.connect()
  const stop = (): void => void client.end()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const more = await added(client, days, spanMs, withinMs)
    client.release()
    return more
  } catch (error) {
    // Its transaction ends with the connection.
    client.release(error as Error)
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

async function added(
  client: Client,
  { days, workingDays }: DayCount,
  spanMs: number,
  withinMs: number,
): Promise<boolean> {
  // The pool's own patience is that of somebody who waits for an answer.
  const patient = { query_timeout: withinMs + ANSWER_AFTER_MS }
  await client.query(`begin; set local statement_timeout = ${withinMs}`)
  await client.query(statistics.begin)
  const { rows } = await client.query<{ until: string; next: string; due: boolean; more: boolean }>({
    ...patient,
    text: statistics.lock,
    values: [spanMs],
  })
  const { until, next, due, more } = rows[0]!
  if (due) {
    await client.query({ ...patient, text: statistics.add, values: [days, workingDays, until, next] })
    await client.query(statistics.reached, [next])
  }
  await client.query('commit')
  return more
}

/** Everything from one day to another, both included, in China's time. */
export async function readStatistics(
  readers: Pool,
  by: StatisticsKey,
  { from, to }: { from: string; to: string },
  { days, workingDays }: DayCount,
): Promise<StatisticsRow[]> {
  const { rows } = await readers.query<Record<string, string>>({
    name: `statistics-${by}`,
    text: statistics.ask(by),
    values: [days, workingDays, from, to],
  })
  return rows.map(rowOf)
}

function rowOf(row: Record<string, string>): StatisticsRow {
  const numbers = ['cross_division', ...figures].map((name) => [camel(name), Number(row[name])])
  return { key: row.key, ...Object.fromEntries(numbers) }
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())
