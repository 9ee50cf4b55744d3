// What happened, in numbers: added up from the entries by the clock role, an hour of the ledger at a time, and asked for from
// the sums. The main path writes nothing for it. One entry is counted once: the sums and how far they reach are
// written in one transaction.

import type { Pool } from './database.ts'
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

/** Adds up the next hour of entries, or what there is of it; true while there is more. */
export async function addUp(pool: Pool, { days, workingDays }: DayCount): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query("begin; set local statement_timeout = '10min'")
    await client.query(statistics.begin)
    const { rows } = await client.query<{ until: string; next: string; due: boolean; more: boolean }>(
      statistics.lock,
    )
    const { until, next, due, more } = rows[0]!
    if (due) {
      await client.query(statistics.add, [days, workingDays, until, next])
      await client.query(statistics.reached, [next])
    }
    await client.query('commit')
    return more
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
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
