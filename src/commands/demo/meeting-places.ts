// Where the city of the last demo and its gateway meet (a database, a folder), for commands that are run beside it: they are
// other ones at each start.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesAsEnvironment, type SharedPlaces } from '../../sandbox/shared-places.ts'

const fileIn = (data: string): string => join(data, 'places.json')

/** For its owner alone: an address may hold a password. */
export function notePlaces(data: string, places: SharedPlaces): void {
  mkdirSync(data, { recursive: true })
  writeFileSync(fileIn(data), JSON.stringify(placesAsEnvironment(places)), { mode: 0o600 })
}

/** Environment variables; none before the first demo. */
export function notedPlaces(data: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(fileIn(data), 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}
