// Whole submissions by their ids, for whoever hands them over or shows them. Those that are asked for while
// others are being read are read together next: under load every one for itself took half a second of waiting
// for a connection.

import type { Aggregates, Remembered } from './aggregates.ts'
import { isAway, POOL_SIZES, type Pool } from './database.ts'
import { createGatherer, type Gatherer } from './gather.ts'
import { load } from './load.ts'
import { statements } from './statements.ts'

type Document = Record<string, unknown>

export interface Finding {
  /** As it is now; undefined when unknown. */
  submission(id: string): Promise<Remembered | undefined>
  /** What was normalised when it came in, from memory or the database; undefined when unknown. */
  document(id: string): Promise<Document | undefined>
}

const MAX_BATCH = 32

export function openFinding(finders: Pool, aggregates: Pick<Aggregates, 'get'>): Finding {
  const submissions = together(async (ids) =>
    (await load(finders, ids)).map((one) => [one.aggregate.submission.id, one]),
  )
  const documents = together(async (ids) => {
    const { rows } = await finders.query<{ id: string; document: Document }>({
      ...statements.documents,
      values: [ids],
    })
    return rows.map(({ id, document }) => [id, document])
  })
  return {
    submission: (id) => submissions.submit(id),
    document: async (id) => aggregates.get(id)?.document ?? documents.submit(id),
  }
}

/** What two ask for at once is read once. */
function together<T>(read: (ids: string[]) => Promise<[string, T][]>): Gatherer<string, T | undefined> {
  return createGatherer({
    commit: async (ids) => {
      const found = new Map(await read([...new Set(ids)]))
      return ids.map((id) => found.get(id))
    },
    maxBatch: MAX_BATCH,
    maxInFlight: POOL_SIZES.finders,
    hopeless: isAway,
  })
}
