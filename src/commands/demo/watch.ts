// Live progress of a demo: how far the city and the ledger are, until both have come to rest.

import pg from 'pg'
import { settledStates } from '../../domain/case-states.ts'
import type { CityProgress } from '../../sandbox/city.ts'

export interface WatchOptions {
  cityUrl: string
  databaseUrl: string
  submissions: number
  withinMs: number
  say(line: string): void
}

const EVERY_MS = 400
/** Nothing must have changed for this long: late and repeated callbacks are still under way before. */
const QUIET_MS = 1_500

/** Resolves true when everything has come to rest, false when time is up. */
export async function untilSettled(options: WatchOptions): Promise<boolean> {
  const client = new pg.Client({ connectionString: options.databaseUrl })
  await client.connect()
  const began = Date.now()
  let last = ''
  let quietSince = Date.now()
  try {
    while (Date.now() - began < options.withinMs) {
      const city = (await (await fetch(`${options.cityUrl}/progress`)).json()) as CityProgress
      const { open, done, dead, cases, settled } = await count(client)
      options.say(
        `${Math.round((Date.now() - began) / 1000)} s  submitted ${city.accepted}/${options.submissions}  cases settled ${settled}/${cases}  transfers settled ${done}, open ${open}${dead > 0 ? `, dead ${dead}` : ''}`,
      )
      const now = JSON.stringify([city.accepted, cases, settled, open, done, dead])
      if (now !== last) quietSince = Date.now()
      last = now
      const rest = city.finished && settled === cases && open === 0
      if (rest && Date.now() - quietSince >= QUIET_MS) return true
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
    return false
  } finally {
    await client.end()
  }
}

interface Counts {
  open: number
  done: number
  dead: number
  cases: number
  settled: number
}

async function count(client: pg.Client): Promise<Counts> {
  const { rows } = await client.query<Record<keyof Counts, string>>(
    `select count(*) filter (where state in ('held', 'due', 'leased')) as open, count(*) filter (where state = 'dead') as dead,
       count(*) filter (where state in ('delivered', 'refused', 'cancelled')) as done,
       (select count(*) from cases) as cases, (select count(*) from cases where state = any ($1)) as settled from transfers`,
    [[...settledStates]],
  )
  return Object.fromEntries(
    Object.entries(rows[0]!).map(([name, value]) => [name, Number(value)]),
  ) as unknown as Counts
}
