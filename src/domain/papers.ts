// The papers of a draft: found by the name others know them by, and put back changed. No rule lives here.

import { changeCase, type Draft, findCase, findMaterial } from './draft.ts'
import type { Paper } from './paper.ts'
import type { Aggregate, Case } from './submission.ts'

/** A material by its code, or the result of a matter. */
export type PaperName = { material: string } | { result: string }

/** A paper with the case it belongs to: that which its first matter became. */
export interface Held {
  one: Case
  paper: Paper
}

/** What is known of it; a paper that nobody has told of yet is one without links. Undefined: there is no such. */
export function findPaper(draft: Draft, name: PaperName): Held | undefined {
  if ('result' in name) {
    const one = draft.aggregate.cases.find(({ matter }) => matter.code === name.result)
    return (
      one && { one, paper: known(one, undefined) ?? { name: one.result?.name ?? one.matter.name, links: [] } }
    )
  }
  const material = findMaterial(draft, name.material)
  const one = material?.cases[0] === undefined ? undefined : findCase(draft, material.cases[0])
  if (!material || !one) return undefined
  const { code, name: title } = material
  return { one, paper: known(one, code) ?? { material: code, name: title, links: [] } }
}

const known = ({ papers }: Case, material: string | undefined): Paper | undefined =>
  papers?.find((paper) => paper.material === material)

/** How a paper is named to others: its material, or the matter whose result it is. */
export const nameOf = ({ material, name }: Paper, { matter }: Case): Record<string, string> => ({
  ...(material === undefined ? { result: matter.code } : { material }),
  name,
})

/** Replaces the case's paper of the same name, or adds it. */
export function putPaper(draft: Draft, caseId: string, paper: Paper): Draft {
  const papers = findCase(draft, caseId)?.papers ?? []
  const at = papers.findIndex(({ material }) => material === paper.material)
  return changeCase(draft, caseId, { papers: at === -1 ? [...papers, paper] : papers.with(at, paper) })
}

/** Every paper of a submission, told of or not: those to be given in, then results on their way back. */
export function papersOf(aggregate: Aggregate): Held[] {
  const draft: Draft = { aggregate, entries: [], now: '' }
  const given = aggregate.materials.flatMap(({ code, source }) => {
    const held = findPaper(draft, { material: code })
    return held && (source === 'paper' || held.paper.links.length > 0) ? [held] : []
  })
  const results = aggregate.cases.flatMap((one) => {
    const paper = known(one, undefined)
    return paper ? [{ one, paper }] : []
  })
  return [...given, ...results]
}
