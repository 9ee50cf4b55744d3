// Small moves on an aggregate, each returning a new one and sharing what did not change: the ledger writes
// exactly the parts whose identity differs. No rule of the domain lives here.

import {
  type Aggregate,
  type Case,
  type Entry,
  type Material,
  type Operation,
  type Parcel,
  partId,
  type Transfer,
  type TransferSubject,
} from './submission.ts'

/** An aggregate on its way through one event, with the entries made so far. */
export interface Draft {
  aggregate: Aggregate
  entries: readonly Entry[]
  /** ISO time at which the gateway learns of the event. */
  now: string
  /** The event came late: facts were kept, no state moved. */
  noted?: boolean
}

/** What one event leads to: a changed draft, a refusal with its reason, or nothing new. */
export type Step = Draft | Refusal | 'duplicate'
/** unknown: it is about something that is not there. contradicts: about something that has become, or is, otherwise. */
export type Why = 'unknown' | 'contradicts'
export interface Refusal {
  refused: { zh: string; en: string }
  why: Why
}
export const refuse = (en: string, zh: string): Refusal => ({ refused: { zh, en }, why: 'contradicts' })
export const noSuchCase: Refusal = { refused: { zh: '没有这个办件', en: 'no such case' }, why: 'unknown' }
export const noSuchParcel: Refusal = { refused: { zh: '没有这个邮件', en: 'no such parcel' }, why: 'unknown' }

export const findCase = (draft: Draft, id: string): Case | undefined =>
  draft.aggregate.cases.find((one) => one.id === id)
export const findParcel = (draft: Draft, id: string): Parcel | undefined =>
  draft.aggregate.parcels.find((one) => one.id === id)
export const findMaterial = (draft: Draft, code: string): Material | undefined =>
  draft.aggregate.materials.find((one) => one.code === code)
export const findTransfer = (draft: Draft, id: string): Transfer | undefined =>
  draft.aggregate.transfers.find((one) => one.id === id)

export const changeCase = (draft: Draft, id: string, change: Partial<Case>): Draft =>
  put(draft, { cases: edit(draft.aggregate.cases, (one) => one.id === id, change) })
/** As it is given: what it no longer has is gone. */
export const replaceCase = (draft: Draft, one: Case): Draft =>
  put(draft, { cases: draft.aggregate.cases.map((other) => (other.id === one.id ? one : other)) })
export const changeMaterial = (draft: Draft, code: string, change: Partial<Material>): Draft =>
  put(draft, { materials: edit(draft.aggregate.materials, (one) => one.code === code, change) })
/** As it is given, as with a case. */
export const replaceMaterial = (draft: Draft, one: Material): Draft =>
  put(draft, { materials: draft.aggregate.materials.map((other) => (other.code === one.code ? one : other)) })
export const changeParcel = (draft: Draft, id: string, change: Partial<Parcel>): Draft =>
  put(draft, { parcels: edit(draft.aggregate.parcels, (one) => one.id === id, change) })
export const changeTransfer = (draft: Draft, id: string, change: Partial<Transfer>): Draft =>
  put(draft, { transfers: edit(draft.aggregate.transfers, (one) => one.id === id, change) })

function edit<T>(list: readonly T[], match: (one: T) => boolean, change: Partial<T>): readonly T[] {
  return list.map((one) => (match(one) ? { ...one, ...change } : one))
}

function put(draft: Draft, part: Partial<Aggregate>): Draft {
  return { ...draft, aggregate: { ...draft.aggregate, ...part } }
}

/** Adds an entry; its number is the order of everything that happened to the submission. */
export function enter(
  draft: Draft,
  type: string,
  caseId: string | null,
  at: string,
  data: Record<string, unknown>,
): Draft {
  const { submission } = draft.aggregate
  const number = submission.counts.entries + 1
  const entry: Entry = { id: partId('evt', submission.id, number), number, type, caseId, at, data }
  const counted = put(draft, {
    submission: { ...submission, counts: { ...submission.counts, entries: number } },
  })
  return { ...counted, entries: [...draft.entries, entry] }
}

/** Adds a transfer, held while an earlier one of its lane is open. */
export function transfer(
  draft: Draft,
  wanted: {
    operation: Operation
    system: string
    caseId: string | null
    lane: string
    about: TransferSubject
    dead?: string
  },
): Draft {
  const { submission, transfers } = draft.aggregate
  const sequence = submission.counts.transfers + 1
  const waits = transfers.some((one) => one.lane === wanted.lane && isOpen(one))
  const made: Transfer = {
    id: partId('trf', submission.id, sequence),
    caseId: wanted.caseId,
    system: wanted.system,
    operation: wanted.operation,
    lane: wanted.lane,
    sequence,
    state: wanted.dead ? 'dead' : waits ? 'held' : 'due',
    about: wanted.about,
    ...(wanted.dead ? { reason: wanted.dead } : {}),
  }
  return put(draft, {
    submission: { ...submission, counts: { ...submission.counts, transfers: sequence } },
    transfers: [...transfers, made],
  })
}

/** Ends a transfer and frees the next of its lane. */
export function settle(
  draft: Draft,
  settled: Transfer,
  state: 'delivered' | 'refused' | 'cancelled',
  reason?: string,
): Draft {
  const ended = changeTransfer(draft, settled.id, { state, ...(reason ? { reason } : {}) })
  return release(ended, settled.lane)
}

function release(draft: Draft, lane: string): Draft {
  const open = draft.aggregate.transfers.filter((one) => one.lane === lane && isOpen(one))
  const head = open.reduce<Transfer | undefined>(
    (first, one) => (!first || one.sequence < first.sequence ? one : first),
    undefined,
  )
  return head?.state === 'held' ? changeTransfer(draft, head.id, { state: 'due' }) : draft
}

export const isOpen = (one: Transfer): boolean =>
  one.state === 'held' || one.state === 'due' || one.state === 'dead'

export function addCase(draft: Draft, one: Case): Draft {
  return put(draft, { cases: [...draft.aggregate.cases, one] })
}

export function addMaterial(draft: Draft, one: Material): Draft {
  return put(draft, { materials: [...draft.aggregate.materials, one] })
}

export function addParcel(draft: Draft, wanted: Omit<Parcel, 'id'>): { draft: Draft; parcel: Parcel } {
  const { submission } = draft.aggregate
  const number = submission.counts.parcels + 1
  const parcel = { id: partId('par', submission.id, number), ...wanted }
  const counted = put(draft, {
    submission: { ...submission, counts: { ...submission.counts, parcels: number } },
  })
  return { draft: put(counted, { parcels: [...draft.aggregate.parcels, parcel] }), parcel }
}

export function changeSubmission(draft: Draft, change: Partial<Aggregate['submission']>): Draft {
  return put(draft, { submission: { ...draft.aggregate.submission, ...change } })
}
