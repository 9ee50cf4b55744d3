// Custody as it is shown: every paper of a submission, who holds it and how it came there.

import { keeperOf, kindOf } from '../domain/paper.ts'
import { type Held, nameOf, papersOf } from '../domain/papers.ts'
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

export function paperView({ one, paper }: Held): Record<string, unknown> {
  const { links, awaits } = paper
  return {
    caseId: one.id,
    ...nameOf(paper, one),
    keeper: keeperOf(paper, one.system),
    links: links.map((link) => ({ kind: kindOf(link), ...link })),
    ...(awaits ? { awaits: { ...awaits, overdue: awaits.alarm !== undefined } } : {}),
  }
}
