// Statistics of a real ledger: what was recorded is counted once, whether it was added up already or not, and
// nobody can be found in what is shown.

import pg from 'pg'
import t, { type Test } from 'tap'
import { dayAfter } from '../../src/domain/calendar.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import { openReaders } from '../../src/ledger/database.ts'
import { addUp } from '../../src/ledger/statistics.ts'
import { addAllUp } from '../../src/supervision/adding-up.ts'
import { dayCount, type Figures, shown, statisticsOf } from '../../src/supervision/statistics.ts'
import { cell, statisticsCsv } from '../../src/supervision/statistics-csv.ts'
import { readStatisticsQuery } from '../../src/supervision/statistics-query.ts'
import { certificate, matter, rulesWith } from '../domain/life.ts'
import { type Books, delivered, openBooks } from '../ledger/books.ts'
import type { Teardown } from '../support/database.ts'

const names = (code: string) => ({ code, name: { zh: code, en: code } })
const matters = ['licence', 'permit'].map(
  (code) => [code, { ...names(code), department: `${code}-office` }] as const,
)
const catalogue = {
  themes: new Map([['open-restaurant', names('开办餐饮店')]]),
  matters: new Map(matters),
  departments: new Map([['licence-office', names('licence-office')]]),
  divisions: new Map([['410221', names('410221')]]),
} as unknown as Catalogue
const calendar = rulesWith()
const rules = rulesWith({ rating: (type) => (type === 'case.closed' ? 'rating' : undefined) })
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
const span = { from: dayAfter(today, -1), to: dayAfter(today) }

interface Office {
  books: Books
  ask(by?: Parameters<typeof statisticsOf>[1], smallestCount?: number): ReturnType<typeof statisticsOf>
  /** Everything so far is made three minutes older, and added up. */
  addUp(): Promise<void>
}

async function openOffice(t: Teardown): Promise<Office> {
  const books = await openBooks(t, { rules })
  const readers = openReaders(books.url, 2)
  t.teardown(() => readers.end())
  return {
    books,
    ask: (by = 'theme', smallestCount = 1) =>
      statisticsOf({ readers, catalogue, calendar, smallestCount, today }, by, span),
    async addUp() {
      await books.query('alter table entries disable trigger entries_append_only')
      for (const [table, column] of [
        ['entries', 'recorded_at'],
        ['submissions', 'received_at'],
        ['statistics_until', 'until'],
      ])
        await books.query(`update ${table} set ${column} = ${column} - interval '3 minutes'`)
      await addAllUp({ readers, calendar, now: () => new Date() })
    },
  }
}

type Reported = (DomainEvent & { type: 'case.reported' })['event']

/**
 * One submission of two matters, handed in elsewhere: one case with a certificate, a correction and a rating,
 * one refused.
 */
async function live({ books }: Office): Promise<void> {
  const { submissionId, aggregate } = await books.take({
    division: '410204',
    cases: [matter('licence', { paperResult: true }), matter('permit')],
    materials: [certificate('id-card', { matters: ['licence', 'permit'] })],
  })
  const [licence, permit] = aggregate!.cases
  const transfers = () =>
    books.query<{ id: string; operation: string }>(
      "select id, operation from transfers where submission_id = $1 and state in ('held', 'due') order by sequence",
      [submissionId],
    )
  const deliver = async (operation: string) => {
    for (const one of await transfers())
      if (one.operation === operation) await books.tell(submissionId, delivered(one.id, operation))
  }
  const report = (one: { id: string; system: string }, event: Reported, days: number, detail = {}) => {
    const at = new Date(Date.now() - days * 86_400_000).toISOString()
    return books.tell(submissionId, {
      type: 'case.reported',
      caseId: one.id,
      event,
      at,
      system: one.system,
      detail,
    })
  }
  await deliver('obtainCertificate')
  await deliver('submitCase')
  await report(licence!, 'case.accepted', 14)
  await report(licence!, 'case.correction-requested', 13, {
    materials: [{ code: 'id-card', reason: 'blurred' }],
  })
  await books.tell(submissionId, {
    type: 'case.supplement-received',
    caseId: licence!.id,
    materials: [{ code: 'id-card', files: [] }],
  })
  await report(licence!, 'case.approved', 0)
  await report(licence!, 'case.issued', 0, { result: { type: 'paper', name: 'licence' } })
  await deliver('createOrder')
  await report(licence!, 'case.closed', 0)
  await report(permit!, 'case.rejected', 0, { reason: 'no' })
  const evaluation = { satisfaction: 4, at: new Date().toISOString() } as const
  const rated = { type: 'case.rated', caseId: licence!.id, system: 'rating', service: 1 } as const
  await books.tell(submissionId, { ...rated, evaluation })
  await books.tell(submissionId, { ...rated, evaluation: { ...evaluation, satisfaction: 1 } })
}

const once: Figures = {
  received: 2,
  crossDivision: 2,
  crossDivisionShare: 1,
  decided: 2,
  onTime: 2,
  onTimeShare: 1,
  meanWorkingDays: 5,
  corrections: 1,
  certificates: 2,
  parcelsCollected: 0,
  parcelsDelivered: 1,
  tripsSaved: 4,
  rated: 1,
  satisfied: 1,
  satisfiedShare: 1,
}

t.test('what happened is counted, each thing once, as its definition says', async (t) => {
  const office = await openOffice(t)
  await live(office)
  const { items, total, definitions } = await office.ask()
  t.match(items, [{ key: 'open-restaurant', name: { zh: '开办餐饮店' }, suppressed: [] }])
  t.strictSame(items[0]!.figures, once)
  t.strictSame(total.figures, once)
  t.strictSame(Object.keys(definitions), Object.keys(once))
})

t.test('adding up changes no number, and what comes afterwards is added to it', async (t) => {
  const office = await openOffice(t)
  await live(office)
  await office.addUp()
  t.strictSame((await office.ask()).total.figures, once)
  await office.addUp()
  await live(office)
  const { figures } = (await office.ask()).total
  t.match(figures, { received: 4, decided: 4, certificates: 4, tripsSaved: 8, rated: 2, meanWorkingDays: 5 })
  await office.addUp()
  t.strictSame((await office.ask()).total.figures, figures)
  const [kept] = await office.books.query<{ n: number }>(
    'select sum(received)::integer as n from statistics_days',
  )
  t.equal(kept?.n, 4)
})

/** Four submissions of four themes in the last hour, each of which takes half a second to add up. */
async function slowHour(t: Teardown) {
  const { books } = await openOffice(t)
  await books.query('alter table entries disable trigger entries_append_only')
  for (const [i, minutes] of [50, 40, 20, 10].entries()) {
    const { submissionId } = await books.take({ theme: `theme-${i}`, cases: [matter('licence')] })
    const back = [submissionId, `${minutes} minutes`]
    await books.query(
      'update entries set recorded_at = recorded_at - $2::interval where submission_id = $1',
      back,
    )
    await books.query('update submissions set received_at = received_at - $2::interval where id = $1', back)
  }
  await books.query(`create function dawdle() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.5); return new; end $$`)
  await books.query(
    'create trigger dawdle before insert on statistics_days for each row execute function dawdle()',
  )
  const counted = async () =>
    (await books.query<{ n: number }>('select count(*)::integer as n from statistics_days'))[0]?.n
  return { books, counted, days: dayCount(today, calendar) }
}

t.test('an hour that holds too much is added up in parts', async (t) => {
  const { books, counted, days } = await slowHour(t)
  const readers = openReaders(books.url, 1)
  t.teardown(() => readers.end())
  const first = await addUp(readers, days, { withinMs: 1_500 })
  t.match(first, { more: true, spanMs: 3_600_000 })
  t.equal(await counted(), 2, 'half an hour')
  t.match(await addUp(readers, days, { ...first, withinMs: 1_500 }), { more: false })
  t.equal(await counted(), 4)
})

t.test(
  'adding up has more time than those who ask, and leaves no transaction open when it fails',
  async (t) => {
    const { books, counted, days } = await slowHour(t)
    const impatient = new pg.Pool({ connectionString: books.url, max: 1, query_timeout: 1_000 })
    t.teardown(() => impatient.end())
    await t.rejects(addUp(impatient, days, { withinMs: 100, spanMs: 1_000 }), { code: '57014' })
    const { rows } = await impatient.query(
      'select pg_current_xact_id_if_assigned() as id, now() = statement_timestamp() as fresh',
    )
    t.match(rows, [{ id: null, fresh: true }])
    t.match(await addUp(impatient, days), { more: false })
    t.equal(await counted(), 4)
  },
)

t.test('a decision is counted when it is first made, though it is confirmed much later', async (t) => {
  const office = await openOffice(t)
  await live(office)
  await office.addUp()
  const [one] = await office.books.query<{ id: string; system: string; submission_id: string }>(
    "select id, system, submission_id from cases where matter = 'permit'",
  )
  const event = {
    type: 'case.reported',
    caseId: one!.id,
    event: 'case.closed',
    system: one!.system,
    detail: {},
  } as const
  await office.books.tell(one!.submission_id, { ...event, at: new Date().toISOString() })
  t.equal((await office.ask()).total.figures.decided, 2)
})

/** Looks at the figures, has everything so far added up, and looks again: where a span ends must make no difference. */
async function figuresNow(t: Test, office: Office): Promise<Figures> {
  const { figures } = (await office.ask()).total
  await office.addUp()
  t.strictSame((await office.ask()).total.figures, figures, 'what is kept agrees with what was counted')
  return figures
}

t.test('a parcel that its carrier takes back and collects again is one parcel and one trip', async (t) => {
  const office = await openOffice(t)
  const { books } = office
  const { submissionId, aggregate } = await books.take({ cases: [matter('licence', { paperResult: true })] })
  const { id: caseId, system } = aggregate!.cases[0]!
  const at = () => new Date().toISOString()
  const issued = {
    type: 'case.reported',
    caseId,
    event: 'case.issued',
    at: at(),
    system,
    detail: {},
  } as const
  const { aggregate: posted } = await books.tell(submissionId, issued)
  const order = posted!.transfers.find(({ operation }) => operation === 'createOrder')!
  await books.tell(submissionId, delivered(order.id))
  t.match(await figuresNow(t, office), { parcelsDelivered: 1, tripsSaved: 2 })
  for (const [eventId, event, detail] of [
    ['203', 'parcel.collected', {}],
    ['207', 'parcel.ordered', { reverses: '203' }],
    ['203 again', 'parcel.collected', {}],
    ['200', 'parcel.ordered', {}],
  ] as const) {
    const report = { type: 'parcel.reported', parcelId: posted!.parcels[0]!.id, eventId, event } as const
    const told = await books.tell(submissionId, { ...report, at: at(), system: 'ems', detail })
    t.equal(told.outcome, 'applied', eventId)
    t.match(await figuresNow(t, office), { parcelsDelivered: 1, tripsSaved: 2 }, eventId)
  }
})

t.test('a material that came by itself after it was asked for has saved the applicant no trip', async (t) => {
  const office = await openOffice(t)
  const { books } = office
  const { submissionId, aggregate } = await books.take({
    cases: [matter('licence')],
    materials: [certificate('id-card', { uploadInstead: true })],
  })
  const { id } = aggregate!.transfers[0]!
  await books.tell(submissionId, { type: 'certificate.overdue', transferId: id })
  await books.tell(submissionId, delivered(id))
  const told = await books.query("select data ->> 'by' as by from entries where type = 'case.supplemented'")
  t.strictSame(told, [{ by: 'gateway' }])
  t.match(await figuresNow(t, office), { certificates: 1, tripsSaved: 1 }, 'the one of handing it in online')
})

t.test('a case that was withdrawn or terminated is not decided by being closed', async (t) => {
  const office = await openOffice(t)
  const { books } = office
  const { submissionId, aggregate } = await books.take({ cases: [matter('licence'), matter('permit')] })
  const [licence, permit] = aggregate!.cases
  const report = (one: typeof licence, event: Reported) => {
    const { id: caseId, system } = one!
    const told = { type: 'case.reported', caseId, event, system, detail: {} } as const
    return books.tell(submissionId, { ...told, at: new Date().toISOString() })
  }
  await books.tell(submissionId, { type: 'case.withdrawal-asked', caseId: licence!.id, reason: '不办了' })
  await report(permit, 'case.terminated')
  await report(licence, 'case.closed')
  t.match(await figuresNow(t, office), { decided: 0, onTime: 0 }, 'in the same span')
  await report(permit, 'case.closed')
  t.match(await figuresNow(t, office), { decided: 0, onTime: 0 }, 'in a later one')
})

t.test('a red card before the decision is late', async (t) => {
  const office = await openOffice(t)
  const { books } = office
  const { submissionId, aggregate } = await books.take()
  const { id, system } = aggregate!.cases[0]!
  await books.query(
    `insert into entries (id, submission_id, case_id, number, type, occurred_at, data) values ('evt_red', $1, $2, 1, 'deadline.passed', now(), '{"clock":"decision"}')`,
    [submissionId, id],
  )
  const event = { type: 'case.reported', caseId: id, event: 'case.approved', system, detail: {} } as const
  await books.tell(submissionId, { ...event, at: new Date().toISOString() })
  t.match((await office.ask()).total.figures, { decided: 1, onTime: 0, onTimeShare: 0 })
})

t.test('rows are of what was asked for', async (t) => {
  const office = await openOffice(t)
  await live(office)
  const keys = async (by: Parameters<typeof statisticsOf>[1]) =>
    (await office.ask(by)).items.map(({ key }) => key)
  t.strictSame(await keys('matter'), ['licence', 'permit'])
  t.strictSame(await keys('department'), ['licence-office', 'permit-office'])
  t.strictSame(await keys('division'), ['410221'])
  t.strictSame(await keys('submitted'), ['410204'])
  t.match(await keys('month'), [/^\d{4}-\d\d$/])
})

t.test('small counts are not shown, and no number of the answer tells them', async (t) => {
  const office = await openOffice(t)
  await live(office)
  const { items, total } = await office.ask('matter', 5)
  for (const { figures, suppressed } of [...items, total]) {
    t.ok(
      Object.values(figures).every((value) => value === null || value === 0),
      JSON.stringify(figures),
    )
    t.ok(suppressed.includes('received') && suppressed.includes('onTimeShare'))
  }
})

t.test('no share is shown that tells a hidden count', async (t) => {
  const row = {
    crossDivision: 0,
    workingDays: 300,
    corrections: 0,
    certificates: 0,
    parcelsCollected: 0,
    parcelsDelivered: 0,
    tripsSaved: 0,
    rated: 0,
    satisfied: 0,
  }
  const { items } = shown(
    [
      { key: 'a', received: 100, decided: 100, onTime: 99, ...row },
      { key: 'b', received: 50, decided: 50, onTime: 20, ...row },
      { key: 'c', received: 80, decided: 80, onTime: 40, ...row },
    ],
    5,
  )
  t.match(items[0], { figures: { decided: 100, onTime: null, onTimeShare: null, meanWorkingDays: 3 } })
})

t.test('the table opens in Excel and runs nothing there', async (t) => {
  const office = await openOffice(t)
  await live(office)
  const csv = statisticsCsv(await office.ask('theme', 5))
  t.ok(csv.startsWith('\ufefftheme,名称 name,收件数 received,'))
  t.match(csv.split('\r\n')[1], /^open-restaurant,开办餐饮店,\*,/)
  t.ok(csv.endsWith('\r\n'))
  t.equal(cell('=1+1'), "'=1+1")
  t.equal(cell('@SUM(A1)'), "'@SUM(A1)")
  t.equal(cell('\t=1'), "'\t=1")
  t.equal(cell('a "b", c'), '"a ""b"", c"')
  t.equal(cell('-1\r\n'), '"\'-1\r\n"')
})

t.test('a question is read whole: every fault at once, months stand for their days', async (t) => {
  const wrong = readStatisticsQuery(
    { from: '2026-02-30', to: 'x', by: 'themes', format: 'xlsx', form: '1' },
    today,
  )
  t.strictSame('errors' in wrong && wrong.errors.map(({ pointer }) => pointer).sort(), [
    '/query/by',
    '/query/form',
    '/query/format',
    '/query/from',
    '/query/to',
  ])
  t.match(readStatisticsQuery({ from: '2026-02', to: '2026-02' }, today), {
    from: '2026-02-01',
    to: '2026-02-28',
    by: 'theme',
    format: 'json',
  })
  t.match(readStatisticsQuery({ from: '2026-03-01', to: '2026-02-01' }, today), {
    errors: [{ pointer: '/query/to' }],
  })
})
