// Papers: what windows and the post did with them, against the chains of custody in the ledger.

import type { BookLine } from '../actor.ts'
import type { CityBooks, Finding, LedgerPaper, LedgerView } from '../reconcile.ts'

export function custodyFindings(books: CityBooks, ledger: LedgerView): Finding[] {
  const { papers } = ledger
  const known = new Map(papers.map((paper) => [`${paper.caseId} ${paper.material}`, paper]))
  return [...reportedByWindows(books, known), ...deliveredByPost(books, ledger, known), ...gaps(papers)]
}

/** What a window was told is recorded stands in the chain. */
function reportedByWindows(books: CityBooks, known: Map<string, LedgerPaper>): Finding[] {
  return linesOf(books, 'hand-over').flatMap(({ key, reference }) => {
    const links = standing(known.get(`${key} ${reference}`))
    if (links.some(({ from, to }) => from.kind === 'window' && to.kind === 'carrier')) return []
    return [
      {
        sentence: `A window handed ${reference} of ${key} to the post and reported it, but its chain does not say so`,
        about: [key],
      },
    ]
  })
}

/** What the post delivered, and the gateway has heard of, is by its chain with whom it was for. */
function deliveredByPost(
  books: CityBooks,
  { parcels }: LedgerView,
  known: Map<string, LedgerPaper>,
): Finding[] {
  const delivered = new Set(
    linesOf(books, 'parcel')
      .filter(({ state }) => state === 'delivered')
      .flatMap(({ key, reference }) => [key, reference]),
  )
  return parcels
    .filter(({ state }) => state === 'delivered')
    .filter(({ id, reference }) => delivered.has(id) || (reference !== null && delivered.has(reference)))
    .flatMap(({ id, caseId, direction, materials }) => {
      const names = direction === 'collect' ? materials : [null]
      return names.flatMap((material) => {
        const last = standing(known.get(`${caseId} ${material}`)).at(-1)
        if (last?.parcel === id && last.to.kind === (material === null ? 'applicant' : 'department'))
          return []
        const paper = material ?? 'the result'
        return [
          {
            sentence: `Parcel ${id} of ${caseId} was delivered, but the chain of ${paper} ends with ${last?.to.kind ?? 'nobody'}`,
            about: [id, caseId],
          },
        ]
      })
    })
}

/** In this city nobody skips a hand-over. */
function gaps(papers: readonly LedgerPaper[]): Finding[] {
  return papers
    .filter((paper) => standing(paper).some(({ gap }) => gap))
    .map(({ caseId, material }) => ({
      sentence: `The chain of ${material ?? 'the result'} of ${caseId} has a gap`,
      about: [caseId],
    }))
}

const standing = (paper: LedgerPaper | undefined): LedgerPaper['links'] =>
  (paper?.links ?? []).filter(({ takenBack }) => !takenBack)

const linesOf = (books: CityBooks, kind: string): BookLine[] =>
  Object.values(books).flatMap(({ effects }) => effects.filter((line) => line.kind === kind))
