// ledger.record against a real PostgreSQL: one commit, once, and never a lost update.

import t from 'tap'
import type { DomainEvent } from '../../src/domain/events.ts'
import { callingBack, certificate, matter, rulesWith } from '../domain/life.ts'
import { attemptOf, delivered, openBooks, received, report, transfersOf } from './books.ts'

t.test('a submission with all that it leads to is one commit', async (t) => {
  const books = await openBooks(t, { rules: callingBack })
  const { outcome, submissionId, answer } = await books.take({
    cases: [matter('licence'), matter('food', { after: ['licence'] })],
    materials: [certificate('C1')],
  })
  t.equal(outcome, 'applied')
  t.match(answer, {
    submissionId,
    cases: [1, 2].map((n) => ({ caseId: `case_${submissionId.slice(4)}0${n}` })),
  })
  const tables = ['submissions', 'messages', 'cases', 'materials', 'transfers', 'entries']
  const commits = await books.query(tables.map((name) => `select xmin::text from ${name}`).join(' union '))
  t.equal(commits.length, 1, 'every row was written by the same transaction')
  const [counts] = await books.query(
    `select ${tables.map((name) => `(select count(*)::int from ${name}) as ${name}`).join(', ')}`,
  )
  t.match(counts, {
    submissions: 1,
    messages: 1,
    cases: 2,
    materials: 1,
    transfers: 2,
    entries: 1,
  })
})

t.test('the same key and body again: the first answer, and nothing is written', async (t) => {
  const books = await openBooks(t)
  const first = await books.take({ externalId: 'KF1' })
  const again = await books.take({ externalId: 'KF1' })
  t.match(again, { outcome: 'replayed', submissionId: first.submissionId, answer: first.answer })
  t.strictSame(await books.query('select count(*)::int as n from submissions'), [{ n: 1 }])
})

t.test('the same key with another body is a conflict', async (t) => {
  const books = await openBooks(t)
  const first = await books.take({ externalId: 'KF1' }, { key: 'k' })
  const other = await books.take({ externalId: 'KF2' }, { key: 'k' })
  t.match(other, { outcome: 'conflict', submissionId: first.submissionId })
})

t.test("the platform's own number is a key as well", async (t) => {
  const books = await openBooks(t)
  const first = await books.take({ externalId: 'KF1' }, { key: 'one' })
  t.match(await books.take({ externalId: 'KF1' }, { key: 'two' }), {
    outcome: 'replayed',
    submissionId: first.submissionId,
    answer: first.answer,
  })
  t.match(await books.take({ externalId: 'KF1' }, { key: 'three', sha256: 'f'.repeat(64) }), {
    outcome: 'conflict',
  })
  t.match(await books.take({ externalId: 'KF1', platform: 'other' }, { key: 'four' }), { outcome: 'applied' })
})

t.test('two hundred simultaneous repeats, by one or two processes, make one submission', async (t) => {
  const books = await openBooks(t)
  const other = await openBooks(t, { url: books.url })
  const repeats = (keyed: boolean) =>
    Array.from({ length: 200 }, (_, i) =>
      (i % 2 ? books : other).take(
        { externalId: `KF-${keyed}` },
        keyed ? { key: 'same' } : { key: `own-${i}` },
      ),
    )
  for (const keyed of [true, false]) {
    const recorded = await Promise.all(repeats(keyed))
    t.equal(new Set(recorded.map((one) => one.submissionId)).size, 1)
    t.equal(recorded.filter((one) => one.outcome === 'applied').length, 1)
    t.equal(recorded.filter((one) => one.outcome === 'replayed').length, 199)
    t.equal(new Set(recorded.map((one) => JSON.stringify(one.answer))).size, 1)
  }
})

t.test('two processes that record for one submission lose no update', async (t) => {
  const books = await openBooks(t, { rules: callingBack })
  const other = await openBooks(t, { url: books.url, rules: callingBack })
  const { submissionId } = await books.take()
  await Promise.all(
    Array.from({ length: 120 }, (_, i) => {
      const kind =
        i % 3 === 0 ? 'case.correction-requested' : i % 3 === 1 ? 'case.accepted' : 'case.reviewing'
      const at = new Date(Date.parse('2026-11-23T00:00:00Z') + i * 1000).toISOString()
      return (i % 2 ? books : other).ledger.record(report(submissionId, kind, `event-${i}`, { at }))
    }),
  )
  const messages = await books.query<{ outcome: string }>(
    "select outcome from messages where source = 'system:licence'",
  )
  t.equal(messages.length, 120, 'each message was answered')
  const told = messages.filter((one) => one.outcome === 'applied' || one.outcome === 'noted').length
  const entries = await books.query<{ number: number; id: string }>(
    'select number, id from entries where submission_id = $1 order by number',
    [submissionId],
  )
  t.strictSame(
    entries.map((one) => one.number),
    Array.from({ length: told + 1 }, (_, i) => i + 1),
    'no number twice, none missing',
  )
  const [row] = await books.query('select counts from submissions')
  t.match(row, { counts: { entries: told + 1 } })
  const transfers = await transfersOf(books, submissionId)
  t.equal(new Set(transfers.map((one) => one.id)).size, transfers.length)
  const [mine, theirs] = await Promise.all([books.ledger.read(submissionId), other.ledger.read(submissionId)])
  t.strictSame(mine?.aggregate, theirs?.aggregate)
})

t.test('what was decided on an older state of a submission is decided anew', async (t) => {
  const books = await openBooks(t)
  const other = await openBooks(t, { url: books.url })
  const { submissionId } = await books.take()
  const at = '2026-11-23T00:00:00Z'
  const first = await other.ledger.record(report(submissionId, 'case.accepted', 'event-1', { at }))
  t.equal(first.outcome, 'applied')
  const [repeated, moved] = await Promise.all([
    books.ledger.record(report(submissionId, 'case.accepted', 'event-1', { at })),
    books.ledger.record(report(submissionId, 'case.accepted', 'event-2', { at })),
  ])
  t.equal(repeated.outcome, 'replayed', 'known though this process never saw it')
  t.equal(moved.outcome, 'duplicate', 'decided on what the other process wrote')
  t.strictSame(await books.query('select version from submissions'), [{ version: 2 }])
})

t.test('an event in the batch of its own submission is not lost on others', async (t) => {
  const books = await openBooks(t)
  const change = received()
  const { submissionId } = change
  await Promise.all([
    books.ledger.record(change),
    books.ledger.record(report(submissionId, 'case.accepted', 'one')),
  ])
  const other = await openBooks(t, { url: books.url })
  await other.ledger.record(report(submissionId, 'case.approved', 'two'))
  const numbers = await books.query('select number from entries order by number')
  t.strictSame(numbers, [{ number: 1 }, { number: 2 }, { number: 3 }])
})

t.test('a callback that overtakes the receipt is not undone by it', async (t) => {
  const books = await openBooks(t)
  const { submissionId } = await books.take()
  await books.ledger.record(report(submissionId, 'case.accepted', 'one'))
  const [transfer] = await transfersOf(books, submissionId)
  await books.tell(submissionId, delivered(transfer!.id), {
    receipt: { reference: 'D-1' },
    attempt: attemptOf(transfer!.id, 'delivered'),
  })
  t.match(await books.query('select state, reference from cases'), [{ state: 'accepted', reference: 'D-1' }])
  t.match(await books.query('select state, receipt from transfers'), [
    { state: 'delivered', receipt: { reference: 'D-1' } },
  ])
})

t.test("a department's message happens once, whoever repeats it", async (t) => {
  const books = await openBooks(t)
  const { submissionId } = await books.take()
  const said = await Promise.all(
    Array.from({ length: 20 }, () => books.ledger.record(report(submissionId, 'case.accepted', 'one'))),
  )
  t.equal(said.filter((one) => one.outcome === 'applied').length, 1)
  t.equal(said.filter((one) => one.outcome === 'replayed').length, 19)
  t.strictSame(await books.query("select count(*)::int as n from entries where type = 'case.accepted'"), [
    { n: 1 },
  ])
})

t.test('late and refused messages are kept with what became of them', async (t) => {
  const books = await openBooks(t)
  const { submissionId } = await books.take()
  await books.ledger.record(report(submissionId, 'case.approved', 'one'))
  const late = await books.ledger.record(
    report(submissionId, 'case.accepted', 'two', { at: '2026-01-01T00:00:00Z' }),
  )
  const refused = await books.ledger.record(report(submissionId, 'case.denied', 'three'))
  t.equal(late.outcome, 'noted')
  t.match(refused, { outcome: 'refused', reason: { zh: /approved/ } })
  const kept = "select key, outcome from messages where source = 'system:licence' order by received_at"
  t.match(await books.query(kept), [
    { key: 'one', outcome: 'applied' },
    { key: 'two', outcome: 'noted' },
    { key: /^refused:.*:three$/, outcome: 'refused' },
  ])
})

t.test('a refused message is not remembered: its repeat is judged anew, and kept once', async (t) => {
  const books = await openBooks(t)
  const { submissionId } = await books.take()
  await books.ledger.record(report(submissionId, 'case.approved', 'one'))
  for (let i = 0; i < 2; i++) {
    const again = await books.ledger.record(report(submissionId, 'case.denied', 'two'))
    t.equal(again.outcome, 'refused')
  }
  const kept = "select outcome from messages where source = 'system:licence' order by received_at"
  t.strictSame(await books.query(kept), [{ outcome: 'applied' }, { outcome: 'refused' }])
})

t.test('what belongs to no submission is unknown, and nothing is written', async (t) => {
  const books = await openBooks(t)
  const recorded = await books.ledger.record(report('sub_01kb3v5m8q0000000000000000', 'case.accepted', 'one'))
  t.match(recorded, { outcome: 'unknown' })
  t.strictSame(await books.query('select * from messages'), [])
})

t.test('what belongs to no case or parcel of its submission is unknown, not refused', async (t) => {
  const books = await openBooks(t)
  const { submissionId, aggregate } = await books.take()
  const { id: caseId, system } = aggregate!.cases[0]!
  const told = { at: new Date().toISOString(), system, detail: {} }
  const accepted = { ...told, type: 'case.reported', event: 'case.accepted', caseId } as const
  const collected = { ...told, type: 'parcel.reported', event: 'parcel.collected', eventId: '1' } as const
  const tell = async (event: DomainEvent) => (await books.tell(submissionId, event)).outcome
  t.equal(await tell({ ...accepted, caseId: caseId.replace(/..$/, '99') }), 'unknown')
  t.equal(await tell({ ...collected, parcelId: `par_${submissionId.slice(4)}01` }), 'unknown')
  t.equal(await tell({ ...accepted, system: 'health' }), 'refused', 'it is there, and another office has it')
})

t.test('the exact bytes of a message are kept, whatever they are', async (t) => {
  const books = await openBooks(t)
  const { submissionId } = await books.take()
  const bodies = [Buffer.from('𠮷 text'), Buffer.from([0xb9, 0xab, 0x00, 0xff]), Buffer.alloc(0)]
  for (const [i, body] of bodies.entries()) {
    const change = report(submissionId, 'case.reviewing', `m${i}`)
    await books.ledger.record({ ...change, message: { ...change.message!, body } })
  }
  const rows = await books.query<{ encoding: 'utf8' | 'base64'; body: string }>(
    "select encoding, body from messages where source = 'system:licence' order by key",
  )
  t.strictSame(
    rows.map((one) => Buffer.from(one.body, one.encoding)),
    bodies,
  )
})

t.test('entries are append-only', async (t) => {
  const books = await openBooks(t)
  await books.take()
  await t.rejects(books.query("update entries set type = 'x'"), /append-only/)
  await t.rejects(books.query('delete from entries'), /append-only/)
})

t.test('one that cannot be written fails alone', async (t) => {
  const books = await openBooks(t)
  const taken = Array.from({ length: 12 }, (_, i) =>
    books.take({ externalId: i === 7 ? 'N\0' : `KF${i}` }, { key: `k${i}` }),
  )
  const outcomes = await Promise.allSettled(taken)
  t.strictSame(
    outcomes.flatMap((one, i) => (one.status === 'rejected' ? [i] : [])),
    [7],
  )
  t.strictSame(await books.query('select count(*)::int as n from submissions'), [{ n: 11 }])
})

t.test('reading gives the whole submission with its document, and null for an unknown one', async (t) => {
  const books = await openBooks(t)
  const other = await openBooks(t, { url: books.url })
  const { submissionId, aggregate } = await books.take({ materials: [certificate('C1')] })
  t.match(await other.ledger.read(submissionId), {
    version: 1,
    aggregate,
    document: { applicant: { name: '张三' } },
  })
  t.equal(await books.ledger.read('sub_01kb3v5m8q0000000000000000'), null)
})

t.test('attempts are kept beside the event they led to', async (t) => {
  const books = await openBooks(t)
  const { submissionId } = await books.take()
  const [transfer] = await transfersOf(books, submissionId)
  const attempt = attemptOf(transfer!.id, 'rejected', 'no such matter')
  const buried = { type: 'transfer.buried', transferId: transfer!.id, reason: 'no such matter' } as const
  await books.tell(submissionId, buried, {
    attempt,
    failure: { kind: 'rejected', summary: 'no such matter' },
  })
  t.match(await books.query('select number, outcome, summary, duration_ms from attempts'), [
    { number: 1, outcome: 'rejected', summary: 'no such matter', duration_ms: 12.5 },
  ])
  t.match(await books.query('select state, attempts, failure from transfers'), [
    { state: 'dead', attempts: 1, failure: { kind: 'rejected' } },
  ])
})

t.test('a parcel order that waited for a contract goes to its carrier, in the row as well', async (t) => {
  let contract: { system: string; customerNumber: string } | { missing: string } = { missing: 'none' }
  const books = await openBooks(t, { rules: rulesWith({ postal: () => contract }) })
  const { submissionId } = await books.take({ cases: [matter('licence', { paperResult: true })] })
  await books.ledger.record(report(submissionId, 'case.issued', 'one'))
  const order = (await transfersOf(books, submissionId)).at(-1)!
  t.match(order, { operation: 'createOrder', state: 'dead', system: 'post' })
  contract = { system: 'ems', customerNumber: '9' }
  await books.tell(submissionId, { type: 'transfer.revived', transferId: order.id, by: 'op', reason: '' })
  t.match((await transfersOf(books, submissionId)).at(-1), { state: 'due', system: 'ems' })
  t.match(books.due.at(-1), { id: order.id, system: 'ems' })
})

t.test('a transfer that ends in the commit that makes it has ended then', async (t) => {
  const books = await openBooks(t)
  const { submissionId, aggregate } = await books.take()
  const [submit] = aggregate!.transfers
  await books.tell(submissionId, delivered(submit!.id))
  await books.ledger.record(report(submissionId, 'case.correction-requested', 'one'))
  const caseId = aggregate!.cases[0]!.id
  await Promise.all([
    books.tell(submissionId, {
      type: 'case.supplement-received',
      caseId,
      materials: [{ code: 'M1', files: [] }],
    }),
    books.tell(submissionId, { type: 'case.withdrawal-asked', caseId, reason: '不再办理' }),
  ])
  t.match(
    await books.query(
      `select operation, state, settled_at = created_at as at_once from transfers where operation <> 'submitCase' order by sequence`,
    ),
    [
      { operation: 'supplementCase', state: 'cancelled', at_once: true },
      { operation: 'withdrawCase', state: 'due', at_once: null },
    ],
  )
})

t.test('the same key under another source is another message', async (t) => {
  const books = await openBooks(t)
  await books.take({ externalId: 'KF1' }, { key: 'k', source: 'client:one' })
  const other = await books.take({ externalId: 'KF2' }, { key: 'k', source: 'client:two' })
  t.equal(other.outcome, 'applied')
})
