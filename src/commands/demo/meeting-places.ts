// Where the city of the last demo and its gateway meet (its address, a database, a folder), and the ledger as long as it
// runs, for commands that are run beside it: they are other ones at each start.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesAsEnvironment, type SharedPlaces } from '../../sandbox/shared-places.ts'

const fileIn = (data: string): string => join(data, 'places.json')

/**
 * For its owner alone: an address may hold a password. `ledger`: left out when the demo has ended, for its
 * server ends with it.
 */
export function notePlaces(
  data: string,
  { cityUrl, ...places }: SharedPlaces & { cityUrl: string },
  ledger?: string,
): void {
  mkdirSync(data, { recursive: true })
  const noted = {
    CITY_URL: cityUrl,
    ...placesAsEnvironment(places),
    ...(ledger === undefined ? {} : { DATABASE_URL: ledger }),
  }
  writeFileSync(fileIn(data), JSON.stringify(noted), { mode: 0o600 })
}

/** Environment variables; none before the first demo. */
export function notedPlaces(data: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(fileIn(data), 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}
