// What happened twice though it was asked for once.

import type { CityBooks, Finding, LedgerView } from '../reconcile.ts'

export function doubleFindings(books: CityBooks, ledger: LedgerView): Finding[] {
  return [...repeatedEffects(books), ...repeatedCases(ledger), ...repeatedSubmissions(ledger)]
}

function repeatedEffects(books: CityBooks): Finding[] {
  return Object.entries(books).flatMap(([actor, { effects }]) =>
    effects
      .filter(({ times }) => times > 1)
      .map(({ kind, key, reference, times }) => ({
        sentence: `${actor} did ${kind} ${key} (${reference}) ${times} times`,
        about: [key],
      })),
  )
}

function repeatedCases(ledger: LedgerView): Finding[] {
  return repeated(ledger.cases, ({ submissionId, matter }) => `${submissionId} ${matter}`).map((same) => ({
    sentence: `Submission ${same[0]?.submissionId} has ${same.length} cases for the matter ${same[0]?.matter}`,
    about: same.map(({ id }) => id),
  }))
}

function repeatedSubmissions(ledger: LedgerView): Finding[] {
  const key = ({ platform, externalId }: { platform: string; externalId: string }) =>
    `${platform} ${externalId}`
  return repeated(ledger.submissions, key).map((same) => ({
    sentence: `The ledger has ${same.length} submissions for ${same[0]?.externalId} of ${same[0]?.platform}`,
    about: same.map(({ id }) => id),
  }))
}

function repeated<T>(rows: readonly T[], keyOf: (row: T) => string): T[][] {
  return [...Map.groupBy(rows, keyOf).values()].filter((same) => same.length > 1)
}
