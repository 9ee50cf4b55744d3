// Rows that the tables let nobody mark: they wait out of the way of all others for as long as a claim stands, and are
// told of once in that time. Where a table has columns for claims they wait under one (claims.ts); where it has none,
// only this process knows that they wait.

import type { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Layout, Table } from './layout.ts'

/** Each is named to the server with every reading. */
const MOST = 2000

export interface Unmarked {
  /** The guids that wait of a table without columns for claims. */
  waiting(table: Table, now: Date): string[]
  wait(table: Table, guid: string, now: Date): void
  /** Whether this is still to be told; it counts as told then. */
  isNews(refusal: AdapterFailure, now: Date): boolean
}

export function unmarkedRows({ flags, polled }: Layout): Unmarked {
  const rows = new Map(polled.map((table) => [table, new Map<string, number>()]))
  const told = new Map<string, number>()
  const standsMs = flags.claimSeconds * 1000
  return {
    waiting(table, now) {
      const untils = rows.get(table)!
      for (const [guid, until] of untils) if (until <= now.getTime()) untils.delete(guid)
      return [...untils.keys()]
    },
    wait(table, guid, now) {
      const untils = rows.get(table)!
      const [oldest] = untils.keys()
      if (oldest !== undefined && untils.size >= MOST) untils.delete(oldest)
      untils.set(guid, now.getTime() + standsMs)
    },
    isNews({ message }, now) {
      if ((told.get(message) ?? 0) > now.getTime()) return false
      told.set(message, now.getTime() + standsMs)
      return true
    },
  }
}
