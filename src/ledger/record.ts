// ledger.record: one batch of events, decided and written in one commit with the states they lead to and the transfers
// they cause. The first attempt of a transfer is leased to this process in the same commit when its system has room.
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

import type { Rules } from '../domain/decide.ts'
import type { Aggregates, Remembered } from './aggregates.ts'
import type { Change, FirstAttempts, Recorded } from './changes.ts'
import { type Client, notAnswering, type Pool } from './database.ts'
import { handOver, lease, noLeases } from './first-attempts.ts'
import { load } from './load.ts'
import type { Presence } from './presence.ts'
import { type Known, resolve, type Touched, type Work } from './resolve.ts'
import { offerAgain } from './reusable.ts'
import type { Rows } from './rows.ts'
import { statements } from './statements.ts'
import { writeStatement } from './write-statement.ts'

export interface RecordDeps {
  writers: Pool
  rules: Rules
  presence: Pick<Presence, 'owner' | 'session'>
  now(): Date
  aggregates: Aggregates
  first(): FirstAttempts
  /**
   * Whether PostgreSQL is known to answer: those who waited for a commit that it did not answer need not wait
   * for another.
   */
  answers(): boolean
  /**
   * Brings into memory what the rules need to know of these submissions; null when it is there, as it nearly
   * always is.
   */
  learn?(submissions: Iterable<Remembered>): Promise<void> | null
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

/** The new epochs of transfers that were there before. */
async function write(client: Client, rows: Rows, owner: number): Promise<Map<string, number>> {
  const result = await client.query<{ id: string | null; epoch: number }>(writeStatement(rows, owner))
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
    if (transfers.length === 0 && (!one.before || one.aggregate.submission.state !== 'open')) {
      deps.aggregates.forget(id)
      continue
    }
    const version = (one.before?.version ?? 0) + 1
    deps.aggregates.put(id, {
      version,
      aggregate: { ...one.aggregate, transfers },
      ...(one.document ? { document: one.document } : {}),
    })
  }
}

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
