// A department says that it has the papers of a case. From whom is what the chain says: whoever held them last.

import { paperArrived } from './awaited-paper.ts'
import type { Rules } from './decide.ts'
import { type Draft, findCase, noSuchCase, refuse, type Step } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { fromTheFuture } from './future.ts'
import { addLink, confirmLink } from './hand-over.ts'
import { type Keeper, keeperOf, lastLink } from './paper.ts'
import { type Held, papersOf } from './papers.ts'

type Receipt = DomainEvent & { type: 'material.received' }

export function receivePapers(draft: Draft, event: Receipt, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return noSuchCase
  if (one.system !== event.system)
    return refuse(
      `case ${one.id} is not decided by ${event.system}`,
      `办件 ${one.id} 不由 ${event.system} 办理`,
    )
  const ahead = fromTheFuture(event.at, draft.now)
  if (ahead) return ahead
  const papers = papersOf(draft.aggregate).filter((held) => isMeant(held, event))
  const named = new Set(papers.map(({ paper }) => paper.material))
  const unknown = (event.materials ?? []).filter((code) => !named.has(code))
  if (unknown.length > 0 || papers.length === 0) {
    const codes = unknown.join(', ')
    return refuse(`the case has no such paper: ${codes}`, `该办件没有这些纸质材料：${codes}`)
  }
  const done = papers.reduce((next, held) => take(next, held, event, rules), draft)
  if (done === draft) return 'duplicate'
  return paperArrived(
    done,
    papers.map(({ paper }) => paper.material!),
    rules,
  )
}

const isMeant = ({ one, paper }: Held, { caseId, materials }: Receipt): boolean =>
  paper.material !== undefined && (materials ? materials.includes(paper.material) : one.id === caseId)

function take(draft: Draft, { one, paper }: Held, event: Receipt, rules: Rules): Draft {
  const { at, system, place, person } = event
  const name = { material: paper.material! }
  const by = `system:${system}`
  const last = lastLink(paper)
  if (last?.to.kind === 'department') {
    const agrees = last.by !== by && last.confirmed === undefined
    return agrees ? confirmLink(draft, name, last, { by, at }, rules) : draft
  }
  const to: Keeper = { kind: 'department', system, ...(person ? { person } : {}) }
  const from = keeperOf(paper, one.system)
  return addLink(draft, name, { from, to, at, by, ...(place ? { place } : {}) }, rules)
}
