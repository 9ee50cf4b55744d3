// Submissions this process has seen lately, each with the version it was read at. Used only under the row lock
// and only when the version still agrees, so it can never be stale: it saves reading what we wrote ourselves.

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

export function rememberAggregates(limit: number): Aggregates {
  const known = new Map<string, Remembered>()
  return {
    get: (id) => known.get(id),
    put(id, remembered) {
      known.delete(id)
      known.set(id, remembered)
      if (known.size > limit) known.delete(known.keys().next().value!)
    },
    forget: (id) => void known.delete(id),
  }
}
