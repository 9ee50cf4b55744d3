// ledger.record: one batch of events, decided under their submissions' locks and written in one commit with the
// states they lead to and the transfers they cause. The first attempt of a transfer is leased to this process in
// the same commit when its system has room.
//
// Nearly always this process remembers the submissions as they are and no message came before. So a batch is first
// decided on that and written by a single statement, guarded by the submissions' versions and by unique constraints:
//
//   decide on what is remembered -> write
//
// If that is refused, or something is not remembered, or decides to nothing new, the same batch goes the careful way:
//
//   lock the submissions -> read what is not remembered -> seen these messages before? -> decide -> write -> commit
//
// A unique violation there (another process was quicker) makes the gatherer halve the batch until the repeated one is
// found and answered as a repeat.

import { type Decision, decide, type Rules } from '../domain/decide.ts'
import { type Aggregate, type Case, submissionOf, type Transfer } from '../domain/submission.ts'
import type { Aggregates, Remembered } from './aggregates.ts'
import type { Change, Due, FirstAttempts, Leased, Recorded } from './changes.ts'
import { columnsOf } from './columns.ts'
import { type Client, notAnswering, type Pool } from './database.ts'
import { firstAnswer } from './first-answer.ts'
import type { Presence } from './presence.ts'
import { offerAgain } from './reusable.ts'
import { collect, lastOnly, noRows, type Rows, submissionRow, type TransferRow } from './rows.ts'
import { statements } from './statements.ts'

export interface RecordDeps {
  writers: Pool
  rules: Rules
  presence: Pick<Presence, 'owner' | 'session'>
  now(): Date
  aggregates: Aggregates
  first(): FirstAttempts
  /** Whether PostgreSQL is known to answer: those who waited for a commit that it did not answer need not wait for another. */
  answers(): boolean
  /** Brings into memory what the rules need to know of these submissions; null when it is there, as it nearly always is. */
  learn?(submissions: Iterable<Remembered>): Promise<void> | null
}

interface Known {
  submissionId: string
  sha256: string
  answer: Record<string, unknown> | null
}

interface Touched {
  before: Remembered | null
  aggregate: Aggregate
  /** By more than one event of this batch. */
  again?: boolean
  document?: Record<string, unknown>
}

/** The commit function of the gatherer. */
export function recordBatch(deps: RecordDeps): (changes: readonly Change[]) => Promise<Recorded[]> {
  // Refused once, more refusals are likely soon: repeats come in waves, and another process may be at the same cases.
  let careful = 0
  return async (changes) => {
    if (!deps.answers()) throw notAnswering()
    const client = await deps.writers.connect()
    let broken: Error | undefined
    try {
      if (careful > 0) careful--
      else {
        const recorded = await asRemembered(deps, client, changes)
        if (recorded !== 'raced') return recorded
        careful = CAREFUL_AFTER_A_RACE
      }
      return await lockedFirst(deps, client, changes)
    } catch (error) {
      if (changes.length > 1 || !isRace(error)) {
        broken = error as Error
        throw error
      }
      return await lockedFirst(deps, client, changes)
    } finally {
      client.release(broken && !(broken as { severity?: string }).severity ? broken : undefined)
    }
  }
}

/** Batches. */
const CAREFUL_AFTER_A_RACE = 32

/** Unique violation, deadlock, serialisation failure: another process was quicker; once more and we see what it wrote. */
const isRace = (error: unknown): boolean =>
  ['23505', '40P01', '40001'].includes((error as { code?: string }).code ?? '')

const nothingKnown: Map<string, Known> = new Map()

/** Decided on what is remembered, and written if that still holds. */
async function asRemembered(
  deps: RecordDeps,
  client: Client,
  changes: readonly Change[],
): Promise<Recorded[] | 'raced'> {
  const existing = existingOf(changes)
  const remembered = new Map<string, Remembered>()
  for (const id of existing) {
    const one = deps.aggregates.get(id)
    if (!one) return lockedFirst(deps, client, changes)
    remembered.set(id, one)
  }
  const work = resolve(deps, changes, remembered, nothingKnown)
  // What is not written is not guarded by its version either, and two statements need a transaction.
  const unguarded = existing.some((id) => !work.touched.has(id)) || work.rows.reusable.length > 0
  if (unguarded) return lockedFirst(deps, client, changes)
  try {
    return await carryOut(deps, work, existing, (rows) => write(client, rows, deps.presence.owner))
  } catch (error) {
    if (isRace(error)) return 'raced'
    throw error
  }
}

/** Decided under the submissions' locks, with all that was seen before. */
async function lockedFirst(
  deps: RecordDeps,
  client: Client,
  changes: readonly Change[],
): Promise<Recorded[]> {
  const existing = existingOf(changes)
  const inTransaction = existing.length > 0
  try {
    // Statements that do not need one another's answers are sent in one go: the connection is pipelined.
    const [, remembered, known] = await Promise.all([
      inTransaction ? client.query('begin') : null,
      inTransaction ? lock(deps, client, existing) : new Map<string, Remembered>(),
      seenBefore(client, changes),
    ])
    const learning = deps.learn?.(remembered.values())
    if (learning) await learning
    const work = resolve(deps, changes, remembered, known)
    return await carryOut(deps, work, existing, async (rows) => {
      const [epochs] = await Promise.all([
        work.isEmpty ? new Map<string, number>() : write(client, rows, deps.presence.owner),
        rows.reusable.length > 0 ? offerAgain(client, rows.reusable) : null,
        inTransaction ? client.query('commit') : null,
      ])
      return epochs
    })
  } catch (error) {
    if (inTransaction) await client.query('rollback').catch(() => undefined)
    for (const id of existing) deps.aggregates.forget(id)
    throw error
  }
}

/** The submissions that must be there already, in the order in which every process locks them. */
function existingOf(changes: readonly Change[]): string[] {
  const ids = new Set<string>()
  for (const { event, submissionId } of changes)
    if (event.type !== 'submission.received') ids.add(submissionId)
  return [...ids].sort()
}

/** Leases what may go at once, writes, and only when that is durable remembers and hands over. */
async function carryOut(
  deps: RecordDeps,
  work: Work,
  existing: readonly string[],
  write: (rows: Rows) => Promise<Map<string, number>>,
): Promise<Recorded[]> {
  const reserved: string[] = []
  const session = deps.presence.session()
  try {
    const leases = session.aborted ? noLeases : lease(deps, work.rows, reserved)
    const epochs = await write(work.rows)
    remember(deps, work.touched)
    handOver(deps, work, leases, epochs, session)
    return work.recorded
  } catch (error) {
    for (const system of reserved) deps.first().release(system)
    for (const id of existing) deps.aggregates.forget(id)
    throw error
  }
}

async function lock(deps: RecordDeps, client: Client, ids: string[]): Promise<Map<string, Remembered>> {
  const { rows } = await client.query<{ id: string; version: number }>({ ...statements.lock, values: [ids] })
  const found = new Map<string, Remembered>()
  const missing: string[] = []
  for (const { id, version } of rows) {
    const remembered = deps.aggregates.get(id)
    if (remembered?.version === version) found.set(id, remembered)
    else missing.push(id)
  }
  if (missing.length > 0)
    for (const loaded of await load(client, missing)) found.set(loaded.aggregate.submission.id, loaded)
  return found
}

type TransferFacts = Omit<Transfer, 'state' | 'reason'> & {
  state: Transfer['state'] | 'leased'
  reason: string | null
}

type CaseFacts = Pick<Case, 'id' | 'system' | 'state'> & {
  reference: string | null
  data: Omit<Case, 'id' | 'system' | 'state' | 'reference'>
}

const asCase = ({ data, reference, ...facts }: CaseFacts): Case => ({
  ...data,
  ...facts,
  ...(reference ? { reference } : {}),
})

/** Reads whole submissions as the domain sees them. */
export async function load(client: Pick<Client, 'query'>, ids: string[]): Promise<Remembered[]> {
  type Row = {
    version: number
    data: Partial<Aggregate['submission']>
    submission: Aggregate['submission']
    cases: CaseFacts[]
    transfers: TransferFacts[]
  } & Pick<Aggregate, 'materials' | 'parcels'>
  const { rows } = await client.query<Row>({ ...statements.load, values: [ids] })
  return rows.map(({ version, data, submission, cases, materials, parcels, transfers }) => ({
    version,
    aggregate: {
      submission: { ...data, ...submission },
      cases: cases.map(asCase),
      materials,
      parcels,
      transfers: transfers.map(asTransfer),
    },
  }))
}

/** Leases are the ledger's business: to the domain a leased transfer is due. */
const asTransfer = ({ reason, state, ...facts }: TransferFacts): Transfer => ({
  ...facts,
  state: state === 'leased' ? 'due' : state,
  ...(reason ? { reason } : {}),
})

async function seenBefore(client: Client, changes: readonly Change[]): Promise<Map<string, Known>> {
  const messages = changes.flatMap((one) => (one.message ? [one.message] : []))
  const numbers = changes.flatMap((one) => (one.event.type === 'submission.received' ? [one.event] : []))
  const known = new Map<string, Known>()
  if (messages.length === 0 && numbers.length === 0) return known
  const { rows } = await client.query<{
    by: string
    a: string
    b: string
    submission_id: string
    sha256: string
    answer: Record<string, unknown> | null
  }>({
    ...statements.known,
    values: [
      messages.map((m) => m.source),
      messages.map((m) => m.key),
      numbers.map((n) => n.platform),
      numbers.map((n) => n.externalId),
    ],
  })
  for (const row of rows)
    known.set(`${row.by} ${row.a} ${row.b}`, {
      submissionId: row.submission_id,
      sha256: row.sha256,
      answer: row.answer,
    })
  return known
}

interface Work {
  rows: Rows
  isEmpty: boolean
  touched: Map<string, Touched>
  recorded: Recorded[]
}

function resolve(
  deps: RecordDeps,
  changes: readonly Change[],
  remembered: Map<string, Remembered>,
  known: Map<string, Known>,
): Work {
  const rows = noRows()
  const touched = new Map<string, Touched>()
  const now = deps.now().toISOString()
  const recorded = changes.map((change): Recorded => {
    const repeat = repeated(change, known)
    if (repeat) return repeat
    const before = touched.get(change.submissionId) ?? fromMemory(remembered.get(change.submissionId))
    if (!before && change.event.type !== 'submission.received')
      return { outcome: 'unknown', submissionId: change.submissionId }
    const decision = decide(before?.aggregate ?? null, change.event, now, deps.rules)
    const answer = answerTo(change, decision)
    collect(rows, before?.aggregate ?? null, change, decision, answer)
    if (decision.aggregate !== before?.aggregate) {
      const document = change.document ?? before?.document
      touched.set(change.submissionId, {
        before: remembered.get(change.submissionId) ?? null,
        aggregate: decision.aggregate,
        ...(touched.has(change.submissionId) ? { again: true } : {}),
        ...(document ? { document } : {}),
      })
    }
    return {
      outcome: decision.outcome,
      submissionId: change.submissionId,
      aggregate: decision.aggregate,
      ...(decision.reason ? { reason: decision.reason } : {}),
      ...(before ? {} : { answer: firstAnswer(decision.aggregate) }),
      ...(answer ? { answer } : {}),
    }
  })
  for (const [id, one] of touched)
    if (remembered.has(id) || one.again)
      rows.submissions.push(submissionRow(one.aggregate, one.before ?? undefined))
  lastOnly(rows)
  if (rows.submissions.length > 1) rows.submissions.sort(byId)
  return { rows, isEmpty: Object.values(rows).every((list) => list.length === 0), touched, recorded }
}

/** What is kept with the message; a submission's answer is derived, and a refusal may be another one later. */
const answerTo = (change: Change, { outcome, aggregate }: Decision): Recorded['answer'] =>
  outcome === 'refused' ? undefined : change.answer?.(aggregate)

const byId = (a: object, b: object): number => ((a as { id: string }).id < (b as { id: string }).id ? -1 : 1)

const fromMemory = (one: Remembered | undefined): Touched | null =>
  one ? { before: one, aggregate: one.aggregate, ...(one.document ? { document: one.document } : {}) } : null

function repeated(change: Change, known: Map<string, Known>): Recorded | null {
  const { message, event } = change
  const byMessage = message && known.get(`message ${message.source} ${message.key}`)
  const byNumber =
    event.type === 'submission.received'
      ? known.get(`number ${event.platform} ${event.externalId}`)
      : undefined
  const earlier = byMessage ?? byNumber
  if (!earlier) return null
  const outcome = earlier.sha256 === message?.sha256 ? 'replayed' : 'conflict'
  return {
    outcome,
    submissionId: earlier.submissionId,
    ...(earlier.answer ? { answer: earlier.answer } : {}),
  }
}

const noLeases: ReadonlyMap<string, TransferRow> = new Map()

/** Leases what became due to this process, where its system has room. */
function lease(deps: RecordDeps, rows: Rows, reserved: string[]): Map<string, TransferRow> {
  const leased = new Map<string, TransferRow>()
  for (const row of [...rows.newTransfers, ...rows.transfers]) {
    if (row.state !== 'due' || row.revived) continue
    const ms = deps.first().reserve(row.system)
    if (ms === null) continue
    reserved.push(row.system)
    row.state = 'leased'
    row.lease_ms = ms
    leased.set(row.id, row)
  }
  return leased
}

/** The new epochs of transfers that were there before. */
async function write(client: Client, rows: Rows, owner: number): Promise<Map<string, number>> {
  const result = await client.query<{ id: string | null; epoch: number }>({
    ...statements.write,
    values: [owner, rows.submissions.length, ...columnsOf(rows)],
  })
  const epochs = new Map<string, number>()
  for (const { id, epoch } of result.rows) if (id !== null) epochs.set(id, epoch)
  return epochs
}

function remember(deps: RecordDeps, touched: Map<string, Touched>): void {
  for (const [id, one] of touched) {
    const transfers = one.aggregate.transfers.filter(
      (t) => t.state === 'held' || t.state === 'due' || t.state === 'dead',
    )
    // Nothing goes out for it, so nothing comes back soon: kept in memory it would only be moved about by the collector.
    if (!one.before && transfers.length === 0) continue
    const version = (one.before?.version ?? 0) + 1
    deps.aggregates.put(id, {
      version,
      aggregate: { ...one.aggregate, transfers },
      ...(one.document ? { document: one.document } : {}),
    })
  }
}

function handOver(
  deps: RecordDeps,
  work: Work,
  leases: ReadonlyMap<string, TransferRow>,
  epochs: Map<string, number>,
  session: AbortSignal,
): void {
  const leased: Leased[] = []
  const due: Due[] = []
  for (const row of [...work.rows.newTransfers, ...work.rows.transfers]) {
    const epoch = epochs.get(row.id) ?? (row.state === 'leased' ? 1 : 0)
    if (leases.has(row.id)) leased.push({ ...asLeased(row, epoch, work.touched), session })
    else if (row.state === 'due') due.push({ id: row.id, system: row.system, epoch, delayMs: 0 })
  }
  if (leased.length > 0) deps.first().attempt(leased)
  if (due.length > 0) deps.first().wake(due)
}

function asLeased(row: TransferRow, epoch: number, touched: Map<string, Touched>): Leased {
  const submissionId = submissionOf(row.id)!
  const { aggregate, document } = touched.get(submissionId)!
  return {
    transfer: aggregate.transfers.find((one) => one.id === row.id)!,
    epoch,
    attempts: 0,
    look: false,
    claims: 0,
    triedMs: 0,
    submissionId,
    aggregate,
    ...(document ? { document } : {}),
  }
}
