// The statements of every commit, and what is read while somebody waits, look rows up by key, however large
// the tables have grown.

import pg from 'pg'
import t from 'tap'
import { releaseUnused } from '../../src/ledger/bookings.ts'
import { type ListName, lists } from '../../src/ledger/columns.ts'
import { overduePapers } from '../../src/ledger/custody.ts'
import { openFinders, openReaders, openWriters, type Pool } from '../../src/ledger/database.ts'
import { locate } from '../../src/ledger/evidence.ts'
import { readFeed } from '../../src/ledger/feed.ts'
import { inboxTransfer } from '../../src/ledger/inbox.ts'
import { openParcels } from '../../src/ledger/open-parcels.ts'
import { backlogOf, deadLetters, entriesOf, findByExternalId, transfersOf } from '../../src/ledger/reads.ts'
import { comparison } from '../../src/ledger/reconciliation/statements.ts'
import { owedComparisons } from '../../src/ledger/reconciliations.ts'
import { wasRestored } from '../../src/ledger/restored.ts'
import { dropExpired, readReusable, reusableOf } from '../../src/ledger/reusable.ts'
import { ringingCases } from '../../src/ledger/ringing.ts'
import { statements } from '../../src/ledger/statements.ts'
import { toldEvents } from '../../src/ledger/told.ts'
import { readUploads } from '../../src/ledger/uploads.ts'
import { unansweredLookUps } from '../../src/ledger/waiting-certificates.ts'
import { ordersWithoutCarrier } from '../../src/ledger/waiting-orders.ts'
import { statementOf } from '../../src/ledger/write-statement.ts'
import { createDatabase } from '../support/database.ts'
import { grow, looksAt, planOf, wholeTables } from './full-tables.ts'

const SUBMISSION = `sub_${'1'.padStart(26, '0')}`
const TRANSFER = `trf_${'1'.padStart(26, '0')}01`

const reads: Record<string, (readers: Pool) => Promise<unknown>> = {
  'a submission by its number': (readers) => findByExternalId(readers, 'p', '1'),
  'its events': (readers) => entriesOf(readers, SUBMISSION),
  'its transfers': (readers) => transfersOf(readers, SUBMISSION),
  'the feed of a system': (readers) => readFeed(readers, 's', { at: '0', id: '' }, 100),
  'dead letters of a system': (readers) => deadLetters(readers, 's', 500),
  'what waits, by system': backlogOf,
  "what a system's number belongs to": (readers) => locate(readers, 's', 'r'),
  'a transfer of an inbox': (readers) => inboxTransfer(readers, 's', TRANSFER),
  'whether it was restored': (readers) => wasRestored(readers),
  uploads: (readers) => readUploads(readers, ['mat_1']),
  'parcels under way': (readers) => openParcels(readers, 's', '', 20),
  'cases whose clock rings': (readers) => ringingCases(readers, '', 200),
  'papers that are overdue': (readers) => overduePapers(readers, '', 200),
  'orders without a carrier': (readers) => ordersWithoutCarrier(readers, '', 200),
  'look-ups without an answer': (readers) =>
    unansweredLookUps(readers, { olderThanMs: 1, sinceMs: 2, after: '', limit: 200 }),
  'what a holder may use again': (readers) => reusableOf(readers, 'h', 'p'),
  'materials that are used again': (readers) => readReusable(readers, ['reu_1']),
  'what may not be used any more': dropExpired,
  'what a system was told since a time': (readers) =>
    toldEvents(readers, { system: 's', since: '2026-11-23T00:00:00Z', types: [] }, 200),
  'when a system was told of an event': (readers) =>
    toldEvents(readers, { system: 's', after: `evt_${'1'.padStart(26, '0')}01`, types: [] }, 200),
  'what is owed of reconciliations': (readers) => owedComparisons(readers, ['s'], ['2026-11-23'], 1),
}

/** The texts of the statements that are made. */
async function textsOf(asking: (pool: Pool) => Promise<unknown>): Promise<string[]> {
  const texts: string[] = []
  const query = async (asked: string | { text: string }) => {
    texts.push(typeof asked === 'string' ? asked : asked.text)
    return { rows: [], rowCount: 0 }
  }
  await asking({ query } as unknown as Pool)
  return texts
}

/** The text of the one statement that a read makes. */
async function textOf(read: (readers: Pool) => Promise<unknown>): Promise<string> {
  const [text, ...more] = await textsOf(read)
  if (text === undefined || more.length > 0) throw new Error(`${more.length} statements more`)
  return text
}

/** By a client without the limits of the gateway's own. */
async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(grow)
  await client.end()
}

t.test('with hundreds of thousands of rows', async (t) => {
  const { url } = await createDatabase(t)
  const writers = openWriters(url, 1)
  const finders = openFinders(url, 1)
  const readers = openReaders(url, 1)
  t.teardown(() => Promise.all([writers.end(), finders.end(), readers.end()]))
  const write = statementOf(Object.keys(lists) as ListName[], 'joined')
  await planOf(writers, write.text)
  await fill(url)

  await t.test('no statement of a commit reads a whole table', async (t) => {
    for (const [name, { text }] of Object.entries({ ...statements, write }))
      t.strictSame(await wholeTables(writers, await planOf(writers, text)), [], name)
  })

  await t.test('nor does what the clock role does to the book of slots every minute', async (t) => {
    for (const text of await textsOf(releaseUnused))
      t.strictSame(await wholeTables(writers, await planOf(writers, text)), [], text)
  })

  await t.test('nor does finding one submission', async (t) => {
    const { load, documents } = statements
    for (const [name, { text }] of Object.entries({ load, documents }))
      t.strictSame(await wholeTables(finders, await planOf(finders, text)), [], name)
  })

  await t.test('nor does a read, whose plans are left to PostgreSQL', async (t) => {
    for (const [name, read] of Object.entries(reads))
      t.strictSame(await wholeTables(readers, await planOf(readers, await textOf(read))), [], name)
  })

  await t.test(
    'parcels under way are looked for among themselves, not among those of all years',
    async (t) => {
      for (const system of ['s', 't', 'nobody']) {
        const asked: Parameters<typeof looksAt>[1][] = []
        const query = async (one: (typeof asked)[number]) => {
          asked.push(one)
          return { rows: [] }
        }
        await openParcels({ query } as unknown as Pool, system, '', 20)
        t.ok((await looksAt(readers, asked[0]!)) <= 40, system)
      }
    },
  )

  await t.test('what is compared of a day is not looked for among all transfers', async (t) => {
    await readers.query(comparison.tables)
    const plan = await planOf(readers, comparison.ours(false))
    t.strictSame(
      (await wholeTables(readers, plan)).filter((one) => one.endsWith('on transfers')),
      [],
    )
  })

  await t.test('a page of dead letters is read in its order, not sorted out of all of them', async (t) => {
    const plan = await planOf(readers, await textOf((readers) => deadLetters(readers, null, 500)))
    t.notOk(plan.find((one) => one['Node Type'].endsWith('Sort')))
  })
})
