// From decisions to rows: exactly those parts of an aggregate are written whose identity changed.

import { isUtf8 } from 'node:buffer'
import type { Decision } from '../domain/decide.ts'
import { ringsOn } from '../domain/ringing.ts'
import type { Aggregate, Case, Material, Parcel, Transfer } from '../domain/submission.ts'
import type { Change, Message, Recorded } from './changes.ts'
import type { ListName } from './columns.ts'
import { reusableRow } from './reusable.ts'

export interface Rows extends Record<ListName, object[]> {
  newTransfers: TransferRow[]
  transfers: TransferRow[]
  /** Not of sql/write.sql: written by a statement of its own, where there are any. */
  reusable: object[]
}

export interface TransferRow {
  id: string
  state: string
  system: string
  lease_ms?: number
  /** Sent before, perhaps: not for a first attempt from memory. */
  revived?: boolean
  attempted?: number
  [column: string]: unknown
}

export const noRows = (): Rows => ({
  newSubmissions: [],
  messages: [],
  submissions: [],
  newCases: [],
  cases: [],
  materials: [],
  parcels: [],
  entries: [],
  attempts: [],
  newTransfers: [],
  transfers: [],
  reusable: [],
})

/** Adds what one change needs written. `before` is null for a new submission; `answer` is kept with the message. */
export function collect(
  rows: Rows,
  before: Aggregate | null,
  change: Change,
  decision: Decision,
  answer?: Recorded['answer'],
): void {
  const id = change.submissionId
  const after = decision.aggregate
  if (!before) rows.newSubmissions.push(newSubmissionRow(after, change.message!))
  if (change.message) rows.messages.push(messageRow(change, change.message, decision.outcome, answer))
  if (change.attempt) rows.attempts.push(attemptRow(change))
  if (before === after) return
  each(before?.cases, after.cases, (one, isNew) =>
    (isNew ? rows.newCases : rows.cases).push(caseRow(one, id)),
  )
  each(before?.materials, after.materials, (one) => {
    rows.materials.push(materialRow(one, id))
    if (one.reusable) rows.reusable.push(reusableRow(one, one.reusable, after.submission))
  })
  each(before?.parcels, after.parcels, (one) => rows.parcels.push(parcelRow(one, id)))
  each(before?.transfers, after.transfers, (one, isNew) => {
    if (isNew) rows.newTransfers.push(newTransferRow(one, id))
    else rows.transfers.push(transferRow(one, change))
  })
  for (const entry of decision.entries) {
    rows.entries.push({
      id: entry.id,
      submission_id: id,
      case_id: entry.caseId,
      number: entry.number,
      type: entry.type,
      at: entry.at,
      data: entry.data,
    })
  }
}

/** Several events of one batch may touch one submission: only the last state of each row is written. */
export function lastOnly(rows: Rows): Rows {
  const last = <T extends object>(list: T[], key: (one: T) => string): T[] =>
    list.length < 2 ? list : [...new Map(list.map((one) => [key(one), one])).values()]
  const byId = (one: object): string => (one as { id: string }).id
  rows.cases = last(rows.cases, byId)
  rows.parcels = last(rows.parcels, byId)
  rows.reusable = last(rows.reusable, byId)
  rows.materials = last(
    rows.materials,
    (one) => `${(one as { submission_id: string }).submission_id} ${(one as { code: string }).code}`,
  )
  rows.transfers = mergeTransfers(rows)
  rows.cases = foldIntoNew(rows.newCases, rows.cases, byId)
  rows.submissions = foldIntoNew(rows.newSubmissions, rows.submissions, byId)
  return rows
}

function mergeTransfers(rows: Rows): TransferRow[] {
  if (rows.transfers.length === 0) return rows.transfers
  const merged = new Map<string, TransferRow>()
  for (const one of rows.transfers) merged.set(one.id, { ...merged.get(one.id), ...one })
  return foldIntoNew(rows.newTransfers, [...merged.values()], (one) => one.id)
}

function foldIntoNew<T extends object>(fresh: T[], moved: T[], key: (one: T) => string): T[] {
  if (fresh.length === 0 || moved.length === 0) return moved
  const places = new Map(fresh.map((one, i) => [key(one), i]))
  return moved.filter((one) => {
    const place = places.get(key(one))
    if (place === undefined) return true
    fresh[place] = { ...fresh[place]!, ...one }
    return false
  })
}

function each<T>(
  before: readonly T[] | undefined,
  after: readonly T[],
  write: (one: T, isNew: boolean) => void,
): void {
  if (before === after) return
  const known = before?.length ?? 0
  after.forEach((one, i) => {
    if (one !== before?.[i]) write(one, i >= known)
  })
}

/**
 * A submission's own row changes with every event: its counts are what makes ids and order; the rest hardly ever.
 * `before`: what was decided on; absent when the submission is as new as the event.
 */
export function submissionRow(
  { submission }: Aggregate,
  before: { version: number; aggregate: Aggregate } | undefined,
): object {
  const { id, state, counts } = submission
  const moved = { id, version: before?.version ?? 0, state, counts }
  if (submission.redoneBy === before?.aggregate.submission.redoneBy) return moved
  return { ...moved, data: submissionData(submission) }
}

const submissionData = without<Aggregate['submission']>(
  'id',
  'externalId',
  'platform',
  'client',
  'theme',
  'division',
  'homeDivision',
  'state',
  'counts',
)

function newSubmissionRow({ submission }: Aggregate, message: Message): object {
  const { id, externalId, platform, client, theme, division, homeDivision, state, counts } = submission
  return {
    id,
    platform,
    external_id: externalId,
    client,
    theme,
    division,
    home_division: homeDivision,
    state,
    source: message.source,
    message_key: message.key,
    counts,
    data: submissionData(submission),
  }
}

function messageRow(change: Change, message: Message, outcome: string, answer: Recorded['answer']): object {
  // PostgreSQL's text takes any UTF-8 but NUL.
  const exact = message.text !== undefined || (isUtf8(message.body) && !message.body.includes(0))
  return {
    source: message.source,
    // Refused bytes are evidence, once, but must not make a later repeat look as if it had been taken.
    key: outcome === 'refused' ? `refused:${message.sha256}:${message.key}` : message.key,
    submission_id: change.submissionId,
    sha256: message.sha256,
    media_type: message.mediaType,
    outcome,
    encoding: exact ? 'utf8' : 'base64',
    body: message.text ?? message.body.toString(exact ? 'utf8' : 'base64'),
    document: change.document ?? null,
    answer: answer ?? null,
  }
}

function attemptRow({ attempt }: Change): object {
  const { transferId, number, startedAt, durationMs, outcome, summary } = attempt!
  return { transfer_id: transferId, number, started_at: startedAt, duration_ms: durationMs, outcome, summary }
}

const caseData = without<Case>('id', 'system', 'state', 'reference')

function caseRow(one: Case, submissionId: string): object {
  const { id, system, state, reference, matter } = one
  return {
    id,
    submission_id: submissionId,
    matter: matter.code,
    system,
    state,
    reference: reference ?? null,
    rings_on: ringsOn(one),
    data: caseData(one),
  }
}

const materialRow = (one: Material, submissionId: string): object => ({
  submission_id: submissionId,
  code: one.code,
  data: one,
})
const parcelRow = (one: Parcel, submissionId: string): object => ({
  id: one.id,
  submission_id: submissionId,
  system: one.system,
  state: one.state,
  reference: one.reference ?? null,
  data: one,
})

function newTransferRow(one: Transfer, submissionId: string): TransferRow {
  return {
    id: one.id,
    submission_id: submissionId,
    case_id: one.caseId,
    system: one.system,
    operation: one.operation,
    lane: one.lane,
    sequence: one.sequence,
    state: one.state,
    reason: one.reason ?? null,
    about: one.about,
  }
}

function transferRow(one: Transfer, change: Change): TransferRow {
  const ended = change.attempt?.transferId === one.id
  return {
    id: one.id,
    system: one.system,
    state: one.state,
    reason: one.reason ?? null,
    ...(change.event.type === 'transfer.revived' ? { revived: true } : {}),
    ...(ended ? { attempted: 1 } : {}),
    ...(ended && change.receipt !== undefined ? { receipt: change.receipt } : {}),
    ...(ended && change.failure !== undefined ? { failure: change.failure } : {}),
    ...(ended && change.look ? { look: true } : {}),
  }
}

/** All of it but what has columns of its own: a loop, for `...rest` in a pattern takes three times as long. */
function without<T extends object>(...columns: (keyof T & string)[]): (whole: T) => Partial<T> {
  const left = new Set<string>(columns)
  return (whole) => {
    const rest: Partial<T> = {}
    for (const member in whole) if (!left.has(member)) rest[member] = whole[member]
    return rest
  }
}
