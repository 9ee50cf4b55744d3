// The watch over limits, on a real ledger: who is due is found by the day, shown a card once, and left alone after.

import t from 'tap'
import { type Warnings, watchDeadlines } from '../../src/supervision/deadlines.ts'
import { matter, rulesWith } from '../domain/life.ts'
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
  await watch.round()
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

t.test('an appointment that nobody reported on is a warning of its own; a reminder is none', async (t) => {
  const appointment = { days: 15, unit: 'G' as const }
  const limited = rulesWith({ limits: () => ({ appointment, warnShare: 0.8 }), subscribes: () => true })
  const books = await openBooks(t, { rules: limited })
  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString()
  const take = (startsAt: string) => {
    const how = { mode: 'appointment', waitsForAttendance: true, slot: '窗口 3', startsAt } as const
    return books.take({ cases: [matter('licence', how)] })
  }
  await take('2020-01-06T09:00:00+08:00')
  const { aggregate } = await take(tomorrow)
  const { id, appointment: booking } = aggregate!.cases[0]!
  // It was booked long ago.
  const due = { ...booking, next: { step: 'remind', on: '2020-01-01' } }
  await books.query(
    `update cases set rings_on = '2020-01-01', data = jsonb_set(data::jsonb, '{appointment}', $2)::json where id = $1`,
    [id, due],
  )
  const later = await openBooks(t, { url: books.url, rules: limited })
  // Its own round may be as quick as ours.
  const warnings: Warnings[] = []
  const watch = watchDeadlines({
    ledger: later.ledger,
    observer: { warned: (facts) => warnings.push(facts), fault: (message) => void t.fail(message) },
  })
  t.teardown(() => watch.close())
  warnings.push(await watch.round())
  await watch.close()
  t.strictSame(
    warnings.filter(({ cards, unreported }) => cards + unreported > 0),
    [{ cards: 0, unreported: 1 }],
  )
  const told = await books.query<{ type: string }>(
    "select type from entries where type like 'appointment.%' order by type",
  )
  t.strictSame(
    told.map(({ type }) => type),
    ['appointment.reminded', 'appointment.unreported'],
  )
})
