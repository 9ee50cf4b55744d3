// Live progress of a demo: how far the city and the ledger are, until both have come to rest.

import { type Progress, watchProgress } from '../../ledger/inspect.ts'
import type { CityProgress } from '../../sandbox/city.ts'

interface WatchOptions {
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
  const ledger = watchProgress(options.databaseUrl)
  const began = Date.now()
  let last = ''
  let quietSince = Date.now()
  try {
    while (Date.now() - began < options.withinMs) {
      const city = (await (await fetch(`${options.cityUrl}/progress`)).json()) as CityProgress
      const { transfers, cases } = await ledger.read()
      options.say(line((Date.now() - began) / 1000, city, options.submissions, { transfers, cases }))
      const now = JSON.stringify([city.accepted, transfers, cases])
      if (now !== last) quietSince = Date.now()
      last = now
      const rest = city.finished && cases.settled === cases.all && transfers.open === 0
      if (rest && Date.now() - quietSince >= QUIET_MS) return true
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
    return false
  } finally {
    await ledger.close()
  }
}

function line(seconds: number, city: CityProgress, wanted: number, { transfers, cases }: Progress): string {
  const dead = transfers.dead > 0 ? `, dead ${transfers.dead}` : ''
  return `${seconds.toFixed(0)} s  submitted ${city.accepted}/${wanted}  cases settled ${cases.settled}/${cases.all}  transfers settled ${transfers.settled}, open ${transfers.open}${dead}`
}
