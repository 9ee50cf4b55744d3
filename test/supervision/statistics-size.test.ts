// Statistics over full books: asked for in a moment however many cases there are, for the sums are kept.

import t from 'tap'
import { openReaders } from '../../src/ledger/database.ts'
import { addUp, readStatistics } from '../../src/ledger/statistics.ts'
import { dayCount } from '../../src/supervision/statistics.ts'
import { names } from '../bench/bodies.ts'
import { preloadLedger } from '../bench/preload.ts'
import { matter, rulesWith } from '../domain/life.ts'
import { delivered, openBooks } from '../ledger/books.ts'

/** Six entries each. */
const CASES = 40_000
const ONE_CASE_A_MINUTE = 1_000
t.setTimeout(300_000)
const days = dayCount(new Date().toISOString().slice(0, 10), rulesWith())
const everything = { from: '2020-01-01', to: '2100-01-01' }

async function timed<T>(what: string, action: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const began = performance.now()
  const result = await action()
  const ms = performance.now() - began
  t.comment(`${what}: ${Math.round(ms)} ms`)
  return { result, ms }
}

t.test(
  'a quarter of a million entries are added up once, and then answered for at once',
  { timeout: 300_000 },
  async (t) => {
    const books = await openBooks(t)
    const { submissionId, aggregate } = await books.take({
      theme: names.relayTheme,
      cases: [matter('licence')],
    })
    const { id: caseId, system } = aggregate!.cases[0]!
    await books.tell(submissionId, delivered(aggregate!.transfers[0]!.id))
    for (const event of ['case.accepted', 'case.reviewing', 'case.approved', 'case.closed'] as const)
      await books.tell(submissionId, {
        type: 'case.reported',
        caseId,
        event,
        system,
        at: new Date().toISOString(),
        detail: {},
      })
    await books.query('alter table entries disable trigger entries_append_only')
    await books.query("update entries set recorded_at = recorded_at - interval '10 minutes'")
    await books.query("update submissions set received_at = received_at - interval '10 minutes'")
    await preloadLedger(books.url, CASES)
    const readers = openReaders(books.url, 2)
    t.teardown(() => readers.end())

    const ask = () => readStatistics(readers, 'theme', everything, days)
    const all = await timed('adding all of it up at once', () => addUp(readers, days))
    const { result, ms } = await timed('asking afterwards', ask)
    t.match(result, [{ received: CASES + 1, decided: CASES + 1, onTime: CASES + 1 }])
    t.ok(ms < 2_000, `answered in ${Math.round(ms)} ms`)
    t.ok(all.ms < 120_000)

    await books.query(
      `insert into entries (id, submission_id, case_id, number, type, occurred_at, data)
     select 'evt_n' || id, submission_id, id, 90, 'case.correction-requested', now(), '{}' from cases limit ${ONE_CASE_A_MINUTE * 2}`,
    )
    const minutes = await timed('asking with two minutes of it fresh', ask)
    t.match(minutes.result, [{ corrections: ONE_CASE_A_MINUTE * 2 }])
    t.ok(minutes.ms < 3_000, `answered in ${Math.round(minutes.ms)} ms`)
  },
)
