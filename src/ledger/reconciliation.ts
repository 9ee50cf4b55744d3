// Our books of one day with one system against what the system says it has, compared by PostgreSQL in temporary
// tables of a session of its own: a day of a hundred thousand cases needs no memory here. The books are only read.

import type pg from 'pg'
import type { ListedItem } from '../adapter-kit/contract.ts'
import { startOf } from '../domain/calendar.ts'
import { caseEvents, caseStates, interruptions, leadsTo } from '../domain/case-states.ts'
import { parcelEvents } from '../domain/events.ts'
import type { Aggregate, Operation, Transfer } from '../domain/submission.ts'
import { connectPatiently } from './database.ts'
import { load } from './load.ts'
import { comparison } from './reconciliation/statements.ts'

/** A transfer that we say was delivered, with what its content is put together from. */
export interface DeliveredTransfer {
  transfer: Transfer
  aggregate: Aggregate
  document: Record<string, unknown>
}

const findingKinds = ['only-ours', 'only-theirs', 'state', 'reference', 'doubled'] as const
export type FindingKind = (typeof findingKinds)[number]

export interface Finding {
  kind: FindingKind
  /** Our case or parcel; theirs when we know none. */
  id: string | null
  /** Our transfer. */
  transfer: string | null
  /** What each side says: its number and state. */
  ours: { reference: string | null; state: string | null } | null
  theirs: { reference: string | null; state: string | null; times: number } | null
  /**
   * Only theirs: what we know of it nevertheless (`dead`, `leased`, `delivered 2026-10-09`); empty when we
   * know nothing.
   */
  known: string | null
}

export interface Counts {
  ours: number
  theirs: number
  agreed: number
  onlyOurs: number
  onlyTheirs: number
  /** Another state or another number. */
  different: number
  doubled: number
  /** Listed by them for this day, delivered by our books on another that is near. */
  otherDay: number
}

export interface Comparison {
  /** How many of our transfers there are to compare. */
  ours: number
  /** Our delivered transfers, page by page, oldest submission first. */
  pages(size: number): AsyncGenerator<DeliveredTransfer[]>
  /** Takes down what the system lists. `neighbour`: from the list of the day before or after. */
  listed(items: readonly ListedItem[], neighbour?: boolean): Promise<void>
  /** Takes down that the system has this transfer, under this number. */
  found(transfer: string, reference: string | undefined): Promise<void>
  /** Whether something that the list lacks was delivered so near to midnight that it may be in the next day's list. */
  missesNear(edge: 'start' | 'end'): Promise<boolean>
  /** Brings both sides together; call when everything is taken down. */
  compare(): Promise<Counts>
  findings(): AsyncGenerator<Finding>
  /** Now, by the database's clock. */
  now(): Date
  close(): Promise<void>
}

interface ComparisonOptions {
  url: string
  system: string
  /** yyyy-MM-dd in China's time. */
  day: string
  operations: readonly Operation[]
  /** ms; default: ten minutes. */
  answersWithinMs?: number
}

const PAGE = 1_000
/** Longer than its longest step takes with millions of transfers. Of a line that was forgotten nobody tells us. */
const ANSWERS_WITHIN_MS = 10 * 60_000

export async function openComparison(options: ComparisonOptions): Promise<Comparison> {
  const client = await connectPatiently(options.url, 'tongban-reconcile', {
    query_timeout: options.answersWithinMs ?? ANSWERS_WITHIN_MS,
  })
  try {
    const skewMs = await prepare(client, options)
    const { rows } = await client.query<{ n: number }>('select count(*)::integer as n from ours')
    return comparing(client, options, rows[0]!.n, skewMs)
  } catch (error) {
    await client.end()
    throw error
  }
}

async function prepare(client: pg.Client, { system, day, operations }: ComparisonOptions): Promise<number> {
  const { rows } = await client.query<{ ms: string }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms',
  )
  await client.query(comparison.tables)
  await client.query(comparison.ours(operations.includes('notify')), [system, startOf(day), operations])
  await client.query(comparison.oursIndexes)
  const fits = fittingStates()
  await client.query('insert into fits select * from unnest($1::text[], $2::text[])', [
    fits.map(([theirs]) => theirs),
    fits.map(([, ours]) => ours),
  ])
  return Number(rows[0]!.ms) - Date.now()
}

function comparing(
  client: pg.Client,
  { system, day }: ComparisonOptions,
  ours: number,
  skewMs: number,
): Comparison {
  return {
    ours,
    pages: (size) => pagesOf(client, size),
    async listed(items, neighbour = false) {
      await client.query(comparison.listed, [
        items.map((one) => one.id ?? null),
        items.map((one) => one.reference ?? null),
        items.map((one) => one.state ?? null),
        neighbour,
      ])
    },
    found: async (transfer, reference) =>
      void (await client.query(comparison.found, [transfer, reference ?? null])),
    async missesNear(edge) {
      await client.query(comparison.match)
      const { rows } = await client.query<{ misses: boolean }>(comparison.misses, [edge])
      return rows[0]!.misses
    },
    async compare() {
      await client.query(comparison.match)
      await client.query(comparison.elsewhere, [system, startOf(day)])
      await client.query(comparison.findings)
      const { rows } = await client.query<Counts>(comparison.counts)
      return rows[0]!
    },
    findings: () => findingsOf(client),
    now: () => new Date(Date.now() + skewMs),
    close: () => client.end(),
  }
}

async function* findingsOf(client: pg.Client): AsyncGenerator<Finding> {
  for (let after = 0; ; ) {
    const { rows } = await client.query<Finding & { n: number }>(comparison.page, [after, PAGE])
    for (const { n, ...finding } of rows) {
      after = n
      yield finding
    }
    if (rows.length < PAGE) return
  }
}

interface OursRow {
  id: string
  submission_id: string
  case_id: string | null
  system: string
  operation: Operation
  lane: string
  sequence: number
  about: Transfer['about']
}

async function* pagesOf(client: pg.Client, size: number): AsyncGenerator<DeliveredTransfer[]> {
  for (let after = ''; ; ) {
    const { rows } = await client.query<OursRow>(comparison.transfers, [after, size])
    if (rows.length === 0) return
    after = rows.at(-1)!.id
    yield await withSubmissions(client, rows)
  }
}

async function withSubmissions(client: pg.Client, rows: readonly OursRow[]): Promise<DeliveredTransfer[]> {
  const ids = [...new Set(rows.map((row) => row.submission_id))]
  const aggregates = new Map(
    (await load(client, ids)).map(({ aggregate }) => [aggregate.submission.id, aggregate]),
  )
  const documents = new Map(
    (
      await client.query<{ id: string; document: Record<string, unknown> | null }>(comparison.documents, [
        ids,
      ])
    ).rows.map((row) => [row.id, row.document]),
  )
  return rows.map(({ id, submission_id, case_id, system, operation, lane, sequence, about }) => ({
    transfer: { id, caseId: case_id, system, operation, lane, sequence, state: 'delivered', about },
    aggregate: aggregates.get(submission_id)!,
    document: documents.get(submission_id) ?? {},
  }))
}

/** Which of our states agrees with the last event that a system tells: where the event leads, and closed after an end. */
function fittingStates(): [theirs: string, ours: string][] {
  const cases = caseEvents.flatMap((event) =>
    caseStates.filter((state) => leads(event, state)).map((state): [string, string] => [event, state]),
  )
  const parcels = parcelEvents.map((event): [string, string] => [event, event.slice('parcel.'.length)])
  // That papers have come in says nothing of how the case stands.
  const papers = caseStates.map((state): [string, string] => ['material.received', state])
  return [...cases, ...parcels, ...papers]
}

const ends = new Set(['rejected', 'denied', 'issued', 'withdrawn', 'terminated'])

function leads(event: (typeof caseEvents)[number], state: (typeof caseStates)[number]): boolean {
  const to = leadsTo[event]
  if (to === 'resume') return !interruptions.has(state)
  return to === state || (state === 'closed' && ends.has(to))
}
