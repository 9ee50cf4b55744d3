// The city's own books against the ledger, line by line. Pure: both sides are given, nothing is asked or mended.
// Meant for when everything has come to rest; while work is under way, what is only late looks stuck.

import type { ActorBooks } from './actor.ts'
import { custodyFindings } from './reconciliation/custody.ts'
import { doubleFindings } from './reconciliation/double.ts'
import { lostFindings } from './reconciliation/lost.ts'
import { ratingFindings } from './reconciliation/ratings.ts'
import { deadFindings, stuckFindings } from './reconciliation/stuck.ts'

/** As GET /books answers: by institution. Platforms also tell the event types they got per case. */
export type CityBooks = Readonly<Record<string, ActorBooks & { cases?: PlatformCases }>>
type PlatformCases = Readonly<Record<string, { submissionId: string; types: readonly string[] }>>

export interface LedgerView {
  submissions: readonly { id: string; externalId: string; platform: string; state: string }[]
  cases: readonly LedgerCase[]
  transfers: readonly LedgerTransfer[]
  parcels: readonly LedgerParcel[]
  papers: readonly LedgerPaper[]
  /** What rating systems were told of, with every evaluation that was kept. */
  services: readonly { caseId: string; system: string; number: number; satisfactions: readonly number[] }[]
}

interface LedgerParcel {
  id: string
  reference: string | null
  state: string
  caseId: string
  direction: string
  materials: readonly string[]
}

export interface LedgerPaper {
  caseId: string
  /** null: the result of the case. */
  material: string | null
  links: readonly {
    from: { kind: string }
    to: { kind: string }
    parcel?: string
    gap?: boolean
    takenBack?: boolean
  }[]
}

export interface LedgerCase {
  id: string
  submissionId: string
  matter: string
  system: string
  state: string
  reference: string | null
}

interface LedgerTransfer {
  id: string
  caseId: string | null
  system: string
  operation: string
  state: string
  attempts: number
  reference: string | null
}

export interface Finding {
  /** What is wrong, for a person. */
  sentence: string
  /** The ids it is about, the nearest first. */
  about: string[]
}

export interface Reconciliation {
  submissions: number
  cases: number
  transfers: number
  /** Transfers that needed more than one attempt. */
  retried: number
  /** Requests and callbacks that came again and had no second effect, by the city's books. */
  duplicatesAbsorbed: number
  lost: Finding[]
  double: Finding[]
  stuck: Finding[]
  /** Transfers that ended as dead letters: neither lost nor stuck, but a person must act. */
  deadLetters: Finding[]
}

export function reconcile(books: CityBooks, ledger: LedgerView): Reconciliation {
  return {
    submissions: ledger.submissions.length,
    cases: ledger.cases.length,
    transfers: ledger.transfers.length,
    retried: ledger.transfers.filter((transfer) => transfer.attempts > 1).length,
    duplicatesAbsorbed: duplicatesIn(books),
    lost: [
      ...lostFindings(books, ledger),
      ...custodyFindings(books, ledger),
      ...ratingFindings(books, ledger),
    ],
    double: doubleFindings(books, ledger),
    stuck: stuckFindings(books, ledger),
    deadLetters: deadFindings(ledger),
  }
}

function duplicatesIn(books: CityBooks): number {
  const counts = Object.values(books).flatMap((own) => Object.entries(own.counts))
  return counts.reduce((sum, [name, count]) => (name.startsWith('duplicate') ? sum + count : sum), 0)
}
