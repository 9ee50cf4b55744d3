// The watch over limits, on a real ledger: who is due is found by the day, shown a card once, and left alone after.

import t from 'tap'
import { watchDeadlines } from '../../src/supervision/deadlines.ts'
import { rulesWith } from '../domain/life.ts'
import { openBooks } from '../ledger/books.ts'

const decision = { days: 10, unit: 'G' as const }
const rules = rulesWith({ limits: () => ({ decision, warnShare: 0.8 }), subscribes: () => true })

t.test('a case whose limit has passed is shown its card once, and its subscribers are told', async (t) => {
  const books = await openBooks(t, { rules })
  const { submissionId, aggregate } = await books.take()
  const { id: caseId, system } = aggregate!.cases[0]!
  const accepted = { type: 'case.reported', caseId, event: 'case.accepted', system, detail: {} } as const
  await books.tell(submissionId, { ...accepted, at: '2020-01-06T09:00:00+08:00' })
  const due = await books.query<{ day: string }>('select rings_on::text as day from cases')
  t.strictSame(due, [{ day: '2020-01-16' }], 'the row says when to look')

  const faults: string[] = []
  const observer = { warned: () => undefined, fault: (message: string) => void faults.push(message) }
  const watch = watchDeadlines({ ledger: books.ledger, observer })
  t.teardown(() => watch.close())
  t.match(await watch.round(), { cards: 1, unreported: 0 })
  t.match(await watch.round(), { cards: 0 })
  const told = await books.query<{ type: string; system: string }>(
    `select about -> 'event' ->> 'type' as type, system from transfers
     where operation = 'notify' and about -> 'event' ->> 'type' like 'deadline%' order by system`,
  )
  t.strictSame(
    told.map(({ type }) => type),
    ['deadline.passed', 'deadline.passed'],
  )
  const left = await books.query('select 1 from cases where rings_on is not null')
  t.strictSame(left, [])
  t.strictSame(faults, [])
})
