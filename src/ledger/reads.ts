// What the API shows of a submission, straight from the rows. Bounded lists; keys only.

import type { FailureKind } from '../adapter-kit/failures.ts'
import type { ReceiptFacts } from '../domain/events.ts'
import type { Operation, Transfer } from '../domain/submission.ts'
import type { Pool } from './database.ts'

export interface TransferView {
  id: string
  caseId: string | null
  system: string
  operation: Operation
  state: Transfer['state']
  sequence: number
  attempts: number
  nextAttemptAt: Date | null
  createdAt: Date
  settledAt: Date | null
  failure: { kind: FailureKind | 'bug'; summary: string; code?: string } | null
  receipt: Omit<ReceiptFacts, 'files'> | null
}

export interface EntryView {
  id: string
  caseId: string | null
  number: number
  type: string
  occurredAt: Date
  recordedAt: Date
  data: Record<string, unknown>
}

export async function findByExternalId(
  readers: Pool,
  platform: string,
  externalId: string,
): Promise<string | null> {
  const { rows } = await readers.query<{ id: string }>({
    name: 'by-number',
    text: 'select id from submissions where platform = $1 and external_id = $2',
    values: [platform, externalId],
  })
  return rows[0]?.id ?? null
}

export async function transfersOf(readers: Pool, submissionId: string): Promise<TransferView[]> {
  const { rows } = await readers.query<TransferView>({
    name: 'transfers-of',
    text: `select id, case_id as "caseId", system, operation, case state when 'leased' then 'due' else state end as state, sequence, attempts,
             next_attempt_at as "nextAttemptAt", created_at as "createdAt", settled_at as "settledAt", failure, receipt
           from transfers where id >= $1 and id < $2 order by sequence`,
    values: rangeOf('trf', submissionId),
  })
  return rows
}

interface EntriesAsked {
  /** Of this case alone. */
  caseId?: string | null
  /** The number of the last one that is known. */
  after?: number | null
  limit?: number
}

/** In the order they were recorded. */
export async function entriesOf(
  readers: Pool,
  submissionId: string,
  { caseId = null, after = null, limit = 1_000 }: EntriesAsked = {},
): Promise<EntryView[]> {
  const { rows } = await readers.query<EntryView>({
    name: 'entries-of',
    text: `select id, case_id as "caseId", number, type, occurred_at as "occurredAt", recorded_at as "recordedAt", data
           from entries where submission_id = $1 and number > $2 and ($3::text is null or case_id = $3) order by number limit $4`,
    values: [submissionId, after ?? -1, caseId, limit],
  })
  return rows
}

/** Ids of a submission's parts share its root, so the primary key finds them all. */
const rangeOf = (prefix: string, submissionId: string): [string, string] => [
  `${prefix}_${submissionId.slice(4)}`,
  `${prefix}_${submissionId.slice(4)}~`,
]

export interface DeadLetter {
  id: string
  submissionId: string
  caseId: string | null
  system: string
  operation: Operation
  attempts: number
  reason: string
  createdAt: Date
}

/** By system, and there by id. `after`: the last one that is known. */
export async function deadLetters(
  readers: Pool,
  system: string | null,
  limit: number,
  after: Pick<DeadLetter, 'system' | 'id'> | null = null,
): Promise<DeadLetter[]> {
  const { rows } = await readers.query<DeadLetter>(
    `select id, submission_id as "submissionId", case_id as "caseId", system, operation, attempts, coalesce(nullif(reason, ''), failure ->> 'summary', '') as reason, created_at as "createdAt"
     from transfers where state = 'dead' and ($1::text is null or system = $1) and ($3::text is null or (system, id) > ($3, $4))
     order by system, id limit $2`,
    [system, limit, after?.system ?? null, after?.id ?? null],
  )
  return rows
}

/** What is not settled, by state and system. One question a state, because each state has an index of its own. */
export const openTransfers = ['held', 'due', 'leased', 'dead']
  .map(
    (state) =>
      `select '${state}' as state, system, count(*) as n from transfers where state = '${state}' group by system`,
  )
  .join(' union all ')

export async function backlogOf(readers: Pool): Promise<Map<string, { waiting: number; dead: number }>> {
  const { rows } = await readers.query<{ system: string; waiting: string; dead: string }>(
    `select system, sum(case when state = 'dead' then 0 else n end) as waiting, sum(case when state = 'dead' then n else 0 end) as dead
     from (${openTransfers}) as open group by system`,
  )
  return new Map(rows.map((row) => [row.system, { waiting: Number(row.waiting), dead: Number(row.dead) }]))
}
