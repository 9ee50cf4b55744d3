// A platform's own books: which submissions the gateway has taken, and what it was told about each case since.
// Filled from answers and callbacks alone.

import type { ActorBooks, BookLine } from '../actor.ts'
import type { MadeMediaType } from '../files/index.ts'

export interface PlatformBooks extends ActorBooks {
  /** By case id: every event type it was told of, in the order of first arrival. */
  cases: Record<string, { submissionId: string; types: string[] }>
  /** The gateway's words when it refused something, the first few. */
  refusals: string[]
}

export interface TakenSubmission {
  externalId: string
  /** More than one is a double. */
  submissionIds: Set<string>
  mode: string
  applicantName: string
  materials: KnownMaterial[]
}

export interface KnownMaterial {
  code: string
  name: string
  scanType: MadeMediaType
}

interface KnownCase {
  submissionId: string
  types: string[]
  lastSequence: string
  /** The last event's type without `case.`, by sequence. */
  state: string
}

export interface PlatformBook {
  submissions: Map<string, TakenSubmission>
  cases: Map<string, KnownCase>
  seenWebhooks: Set<string>
  refusals: string[]
  /** Papers that windows gave to the post, as reported and taken. */
  handOvers: { caseId: string; material: string }[]
  counts: Record<string, number>
}

const finalStates: ReadonlySet<string> = new Set(['closed', 'denied', 'rejected', 'withdrawn', 'terminated'])
const MAX_REFUSALS_KEPT = 30

export function openPlatformBook(): PlatformBook {
  const counts = { accepted: 0, refused: 0, replayed: 0, repeats: 0, uploads: 0, callbacks: 0, duplicates: 0 }
  const more = { badSignatures: 0, outOfOrder: 0, supplements: 0, attendances: 0, multipart: 0 }
  return {
    submissions: new Map(),
    cases: new Map(),
    seenWebhooks: new Set(),
    refusals: [],
    handOvers: [],
    counts: { ...counts, ...more },
  }
}

export function count(book: PlatformBook, what: string): void {
  book.counts[what] = (book.counts[what] ?? 0) + 1
}

export function noteRefusal(book: PlatformBook, what: string, reason: string): void {
  count(book, what)
  if (book.refusals.length < MAX_REFUSALS_KEPT) book.refusals.push(reason)
}

export function caseOf(book: PlatformBook, caseId: string, submissionId: string): KnownCase {
  const known = book.cases.get(caseId)
  if (known) {
    known.submissionId ||= submissionId
    return known
  }
  const fresh = { submissionId, types: [], lastSequence: '', state: 'known' }
  book.cases.set(caseId, fresh)
  return fresh
}

export function isFinal(known: KnownCase): boolean {
  return finalStates.has(known.state)
}

export function booksOf(book: PlatformBook): PlatformBooks {
  const effects: BookLine[] = []
  for (const [externalId, taken] of book.submissions) {
    const [key = ''] = taken.submissionIds
    const times = taken.submissionIds.size
    effects.push({ kind: 'submission', key, reference: externalId, times, state: 'accepted' })
  }
  for (const { caseId, material } of book.handOvers)
    effects.push({ kind: 'hand-over', key: caseId, reference: material, times: 1, state: 'sent' })
  const cases: PlatformBooks['cases'] = {}
  for (const [key, known] of book.cases) {
    effects.push({ kind: 'case', key, reference: known.submissionId, times: 1, state: known.state })
    cases[key] = { submissionId: known.submissionId, types: known.types }
  }
  return { effects, counts: { ...book.counts }, cases, refusals: [...book.refusals] }
}
