// Custody as it is shown: every paper of a submission.

import { type Held, papersOf } from '../domain/papers.ts'
import type { Aggregate, Case } from '../domain/submission.ts'

/** All papers, or those that one case needs or results in. */
export function custodyOf(aggregate: Aggregate, one: Case | null = null): Held[] {
  const needed = new Set(
    aggregate.materials.filter(({ cases }) => one && cases.includes(one.id)).map(({ code }) => code),
  )
  return papersOf(aggregate).filter(
    (held) =>
      !one || (held.paper.material === undefined ? held.one.id === one.id : needed.has(held.paper.material)),
  )
}
