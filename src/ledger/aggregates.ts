// Submissions this process has seen lately, each with the version it was read at. What is decided on it is
// written only while the version still agrees (sql/write.sql) or under the row lock, so that it can never be
// stale: it saves reading what we wrote ourselves.

import type { Aggregate } from '../domain/submission.ts'

export interface Remembered {
  version: number
  aggregate: Aggregate
  document?: Record<string, unknown>
}

export interface Aggregates {
  get(id: string): Remembered | undefined
  put(id: string, remembered: Remembered): void
  forget(id: string): void
}

/** Emptied when it leaves: what a Map has outgrown may lie in the old generation, and keeps alive what it leads to. */
interface Place {
  holds: Remembered | undefined
}

export function rememberAggregates(limit: number): Aggregates {
  const places = new Map<string, Place>()
  const forget = (id: string): void => {
    const place = places.get(id)
    if (!place) return
    place.holds = undefined
    places.delete(id)
  }
  return {
    get: (id) => places.get(id)?.holds,
    put(id, remembered) {
      forget(id)
      places.set(id, { holds: remembered })
      if (places.size > limit) forget(places.keys().next().value!)
    },
    forget,
  }
}
