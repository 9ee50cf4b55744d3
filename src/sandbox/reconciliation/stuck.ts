// What has not come to an end though it should have, and what ended with a person.

import type { CityBooks, Finding, LedgerView } from '../reconcile.ts'

const settled: ReadonlySet<string> = new Set(['delivered', 'refused', 'cancelled', 'dead'])
const finalStates: ReadonlySet<string> = new Set(['closed', 'denied', 'rejected', 'withdrawn', 'terminated'])
/** A department has nothing more to say after these. */
const lastWords: ReadonlySet<string> = new Set(['40', '90', '97', '98'])

export function stuckFindings(books: CityBooks, ledger: LedgerView): Finding[] {
  return [...openTransfers(ledger), ...openCases(books, ledger)]
}

export function deadFindings(ledger: LedgerView): Finding[] {
  return ledger.transfers
    .filter(({ state }) => state === 'dead')
    .map(({ id, operation, system, caseId, attempts }) => ({
      sentence: `Transfer ${id} (${operation} to ${system}) became a dead letter after ${attempts} attempts`,
      about: [id, ...(caseId === null ? [] : [caseId])],
    }))
}

function openTransfers(ledger: LedgerView): Finding[] {
  return ledger.transfers
    .filter(({ state }) => !settled.has(state))
    .map(({ id, operation, system, state, attempts }) => ({
      sentence: `Transfer ${id} (${operation} to ${system}) is still ${state} after ${attempts} attempts`,
      about: [id],
    }))
}

function openCases(books: CityBooks, ledger: LedgerView): Finding[] {
  const finished = finishedCases(books)
  return ledger.cases.flatMap(({ id, system, state }) => {
    const status = finished.get(`${system} ${id}`)
    if (status === undefined || finalStates.has(state)) return []
    return [
      { sentence: `Case ${id} is ${state}, but ${system} finished it with status ${status}`, about: [id] },
    ]
  })
}

/** Institution and case to its last status. */
function finishedCases(books: CityBooks): Map<string, string> {
  const finished = new Map<string, string>()
  for (const [actor, { effects }] of Object.entries(books)) {
    for (const { kind, key, state } of effects) {
      if (kind === 'case' && lastWords.has(state)) finished.set(`${actor} ${key}`, state)
    }
  }
  return finished
}
