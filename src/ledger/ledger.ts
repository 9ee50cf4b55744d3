// The ledger's public face: open it, record events, lease transfers, read. Nobody else speaks SQL.

import { hostname } from 'node:os'
import type { Rules } from '../domain/decide.ts'
import type { Aggregate } from '../domain/submission.ts'
import { type Remembered, rememberAggregates } from './aggregates.ts'
import type { Change, FirstAttempts, Message, Recorded } from './changes.ts'
import {
  type Impatient,
  impatient,
  isAway,
  notAnswering,
  openFinders,
  openReaders,
  openWriters,
  POOL_SIZES,
  type Pool,
} from './database.ts'
import { type Finding, openFinding } from './finding.ts'
import { createGatherer } from './gather.ts'
import { type Leases, openLeases } from './leases.ts'
import { pending } from './migrate.ts'
import { announce, type Presence } from './presence.ts'
import { type RecordDeps, recordBatch } from './record.ts'
import { statements } from './statements.ts'

export interface Ledger {
  /**
   * Resolves after commit. Rejects with errors that `isAway` while PostgreSQL is not there or does not
   * answer; nothing is half written. What was on its way then may have been: the same message again is
   * answered as it was recorded.
   */
  record(change: Change): Promise<Recorded>
  /**
   * The first answer to what came in this very message; null when there was none, 'other' when its key was
   * used for something else.
   */
  answered(
    message: Pick<Message, 'source' | 'key' | 'sha256'>,
  ): Promise<Record<string, unknown> | 'other' | null>
  leases: Leases
  presence: Presence
  /** A whole submission with its document, from memory or the database; null when unknown. */
  read(submissionId: string): Promise<Remembered | null>
  /** The same without its document, which only those who hand it over need. */
  find(submissionId: string): Promise<Aggregate | null>
  /** The document alone. */
  document: Finding['document']
  readers: Pool
  /** For the few statements outside the group commit. */
  writers: Pool
  /** Now, by the database's clock. */
  now(): Date
  /** By system, how long its longest due transfer has been due, ms. */
  oldestDue(): Promise<Map<string, number>>
  /** Events waiting for their commit. */
  pending(): number
  /** Throws a sentence when the database cannot be used. */
  check(): Promise<void>
  close(): Promise<void>
}

export interface LedgerOptions {
  url: string
  rules: Rules
  learn?: RecordDeps['learn']
  roles: string
  first(): FirstAttempts
  observeBatch?(size: number, ms: number): void
  onPresenceLost?(): void
  /** Database time minus ours, ms; every second. */
  onSkew?(ms: number): void
  /** Largest batch of one commit. */
  maxBatch?: number
}

const COMMITS_IN_FLIGHT = 2
/** Small enough that the process has something to do while PostgreSQL writes two of them. */
const MAX_BATCH = 64
const REMEMBERED = 5_000

export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const reads: Impatient[] = []
  const presence = await announce(
    options.url,
    { host: hostname(), roles: options.roles },
    {
      lost: options.onPresenceLost ?? (() => undefined),
      skew: options.onSkew,
      silent: () => reads.forEach((one) => void one.giveUp()),
    },
  )
  const given = (pool: Pool): Pool => {
    const one = impatient(pool, presence.answers)
    reads.push(one)
    return one.pool
  }
  const writers = openWriters(options.url, POOL_SIZES.writers)
  const finders = given(openFinders(options.url, POOL_SIZES.finders))
  const readers = given(openReaders(options.url, POOL_SIZES.readers))
  const aggregates = rememberAggregates(REMEMBERED)
  const finding = openFinding(finders, aggregates)
  const now = (): Date => new Date(presence.now())
  const gatherer = createGatherer<Change, Recorded>({
    commit: recordBatch({
      writers,
      rules: options.rules,
      presence,
      now,
      aggregates,
      first: options.first,
      answers: presence.answers,
      ...(options.learn ? { learn: options.learn } : {}),
    }),
    maxBatch: options.maxBatch ?? MAX_BATCH,
    maxInFlight: COMMITS_IN_FLIGHT,
    // Two sources that use the same key only miss one another's batch.
    key: (one) => one.message?.key,
    subject: (one) => (one.event.type === 'submission.received' ? undefined : one.submissionId),
    hopeless: isAway,
    ...(options.observeBatch ? { observe: options.observeBatch } : {}),
  })
  return {
    record: (change) => (presence.answers() ? gatherer.submit(change) : Promise.reject(notAnswering())),
    answered: (message) => answered(readers, message),
    leases: openLeases(writers, presence),
    presence,
    read: (id) => readWhole(finding, id),
    find: async (id) => (await finding.submission(id))?.aggregate ?? null,
    document: finding.document,
    readers,
    writers,
    now,
    async oldestDue() {
      const { rows } = await writers.query<{ system: string; age_ms: string }>(statements.oldestDue)
      return new Map(rows.map((row) => [row.system, Number(row.age_ms)]))
    },
    pending: () => gatherer.pending,
    check: () => check(readers, presence),
    async close() {
      await gatherer.idle()
      await presence.close()
      await Promise.all([writers.end(), finders.end(), readers.end()])
    },
  }
}

async function answered(
  readers: Pool,
  { source, key, sha256 }: Pick<Message, 'source' | 'key' | 'sha256'>,
): Promise<Record<string, unknown> | 'other' | null> {
  const { rows } = await readers.query<{ sha256: string; answer: Record<string, unknown> | null }>({
    ...statements.known,
    values: [[source], [key], [], []],
  })
  const [first] = rows
  if (!first) return null
  return first.sha256 === sha256 ? first.answer : 'other'
}

async function readWhole(finding: Finding, id: string): Promise<Remembered | null> {
  const [document, found] = await Promise.all([finding.document(id), finding.submission(id)])
  return found ? { ...found, ...(document ? { document } : {}) } : null
}

async function check(readers: Pool, presence: Presence): Promise<void> {
  const missing = await pending(readers)
  if (missing.length > 0)
    throw new Error(
      `Migrations are missing: ${missing.map((one) => one.name).join(', ')}. Run "tongban migrate".`,
    )
  if (!presence.alive()) throw new Error('The session that proves this process alive is being made again.')
}
