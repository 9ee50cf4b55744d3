// A ledger on a fresh database, with a stand-in for delivery that notes what it is handed. Closed after the test.

import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Rules } from '../../src/domain/decide.ts'
import type { DomainEvent, SubmissionReceived } from '../../src/domain/events.ts'
import { newId } from '../../src/identifiers.ts'
import type { AttemptRecord, Change, Due, Leased, Message, Recorded } from '../../src/ledger/changes.ts'
import { type Ledger, type LedgerOptions, openLedger } from '../../src/ledger/ledger.ts'
import { rulesWith, submission } from '../domain/life.ts'
import { createDatabase, type Teardown } from '../support/database.ts'

export interface Books {
  url: string
  ledger: Ledger
  /** What delivery was handed so far. */
  leased: Leased[]
  due: Due[]
  /** Reservations not given back. */
  reserved(): number
  /** Records a new submission; the body defaults to its external id. */
  take(change?: Partial<SubmissionReceived>, message?: Partial<Message>): Promise<Recorded>
  /** Records one event, by default without a message. */
  tell(submissionId: string, event: DomainEvent, more?: Partial<Change>): Promise<Recorded>
  query<T = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>
}

interface BooksOptions {
  /** Another ledger on the same database. */
  url?: string
  rules?: Rules
  learn?: NonNullable<LedgerOptions['learn']>
  /** How many first attempts delivery has room for. Default: none. */
  room?: number
  leaseMs?: number
}

export async function openBooks(t: Teardown, options: BooksOptions = {}): Promise<Books> {
  const { rules = rulesWith(), leaseMs = 60_000 } = options
  const url = options.url ?? (await createDatabase(t)).url
  let [room, reserved] = [options.room ?? 0, 0]
  const leased: Leased[] = []
  const due: Due[] = []
  const first = {
    reserve() {
      if (room-- <= 0) return null
      reserved++
      return leaseMs
    },
    release: () => void reserved--,
    attempt: (list: Leased[]) => void leased.push(...list),
    wake: (list: Due[]) => void due.push(...list),
  }
  const learn = options.learn ? { learn: options.learn } : {}
  const ledger = await openLedger({ url, rules, ...learn, roles: 'test', first: () => first })
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  t.teardown(async () => {
    await ledger.close()
    await client.end()
  })
  return {
    url,
    ledger,
    leased,
    due,
    reserved: () => reserved,
    take: (change, message) => ledger.record(received(change, message)),
    tell: (submissionId, event, more = {}) => ledger.record({ submissionId, event, ...more }),
    query: async (sql, values) => (await client.query(sql, values)).rows,
  }
}

/** A submission with the message it came in, as intake hands it over. */
export function received(change: Partial<SubmissionReceived> = {}, message: Partial<Message> = {}): Change {
  const submissionId = change.submissionId ?? newId('sub')
  const event = submission({ externalId: submissionId, ...change, submissionId })
  const told = messageOf(event.externalId, { key: event.externalId, ...message })
  return {
    submissionId,
    event,
    message: told,
    document: { applicant: { name: '张三' } },
  }
}

export function messageOf(text: string, change: Partial<Message> = {}): Message {
  const body = Buffer.from(text)
  const sha256 = createHash('sha256').update(body).digest('hex')
  return { source: 'client:platform', key: text, mediaType: 'application/json', sha256, body, ...change }
}

/** The department of the only case reports, with a message of its own. */
export function report(
  submissionId: string,
  event: (DomainEvent & { type: 'case.reported' })['event'],
  key: string,
  change: Partial<DomainEvent & { type: 'case.reported' }> = {},
): Change {
  const caseId = `case_${submissionId.slice(4)}01`
  return {
    submissionId,
    event: {
      type: 'case.reported',
      caseId,
      event,
      at: new Date().toISOString(),
      system: 'licence',
      detail: {},
      ...change,
    },
    message: messageOf(key, { source: 'system:licence' }),
  }
}

export const delivered = (transferId: string, reference = 'D-1'): DomainEvent => ({
  type: 'transfer.delivered',
  transferId,
  receipt: { reference },
})

export const attemptOf = (
  transferId: string,
  outcome: string,
  summary: string | null = null,
): AttemptRecord => ({
  transferId,
  number: 1,
  startedAt: new Date().toISOString(),
  durationMs: 12.5,
  outcome,
  summary,
})

/** The transfers of a submission in their order. */
export const transfersOf = (books: Books, submissionId: string) =>
  books.query<{ id: string; operation: string; state: string; epoch: number; system: string }>(
    'select id, operation, state, epoch, system from transfers where submission_id = $1 order by sequence',
    [submissionId],
  )
