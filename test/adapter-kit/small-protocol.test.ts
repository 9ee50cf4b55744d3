// What small JSON protocols share: answers read by a table of codes, statuses by another, reports that are answered.

import t from 'tap'
import { type AnswerCodes, readAnswer, refuseAbsent, textOf } from '../../src/adapter-kit/answer-codes.ts'
import { checkedBy } from '../../src/adapter-kit/check.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { instantOf, jsonReports } from '../../src/adapter-kit/json-reports.ts'
import { statusOf, statusTable } from '../../src/adapter-kit/status-table.ts'

const answers: AnswerCodes = {
  who: 'water',
  codes: { '0': 'done', '1001': 'duplicate', '1404': 'absent', '2001': 'rejected' },
}
const content = givens['case-online']
const unrecognised = { kind: 'unrecognised', message: /\(/ }

t.test('a code says what became of it, written as a number or as a text', async (t) => {
  const data = { reference: 'S1' }
  t.strictSame(readAnswer({ code: 0, data }, answers, content), { means: 'done', code: '0', data })
  t.match(readAnswer({ code: '1001', data }, answers, content), { means: 'duplicate', data })
  t.strictSame(readAnswer({ code: '1404', data: null }, answers, content).data, {})
  const renamed = { ...answers, members: { code: 'ret', data: 'body' } }
  t.match(readAnswer({ ret: '0', body: data }, renamed, content), { means: 'done', data })
})

t.test('a code without a row is never guessed at', async (t) => {
  for (const code of ['9', 'toString', '__proto__', '', {}, undefined])
    t.throws(() => readAnswer({ code }, answers, content), unrecognised, String(code))
  for (const answer of [null, 'ok', [], 0]) t.throws(() => readAnswer(answer, answers, content), unrecognised)
})

t.test('a refusal quotes the system, without the persons it repeats', async (t) => {
  const message = `${content.applicant.name} ${content.applicant.idNumber} is not known`
  try {
    readAnswer({ code: '2001', message }, answers, content)
    t.fail('it was not refused')
  } catch (error) {
    t.match(error, { kind: 'rejected', code: '2001', message: /water .*2001: .*is not known/ })
    t.notMatch((error as Error).message, content.applicant.name)
    t.notMatch((error as Error).message, content.applicant.idNumber)
  }
})

t.test('what is absent, or a member that is missing, is told by its name', async (t) => {
  const said = readAnswer({ code: '1404' }, answers, content)
  t.match(refuseAbsent(said, { zh: '没有', en: 'none' }), {
    kind: 'rejected',
    code: '1404',
    message: '没有 (none)',
  })
  t.throws(() => textOf({ no: '' }, 'no'), { kind: 'unrecognised', message: /no is missing/ })
})

t.test('a status is a row of the table, or waits for a person', async (t) => {
  const table = statusTable<'case.accepted'>(
    ['10', 'case.accepted', '已受理', 'accepted'],
    ['11', null, '分派', 'assigned'],
  )
  t.strictSame(table[0], { code: '10', word: 'case.accepted', meaning: { zh: '已受理', en: 'accepted' } })
  t.equal(statusOf(table, '11').word, null)
  t.throws(() => statusOf(table, '12'), { kind: 'unrecognised', code: '12' })
})

const message = (body: string): InboundMessage => ({
  method: 'POST',
  path: '/',
  query: {},
  headers: {},
  body: Buffer.from(body),
  receivedAt: new Date(),
})

t.test('a report is verified before a byte of it is read', async (t) => {
  const read: unknown[] = []
  const refusing = jsonReports({
    verify: () => {
      throw new AdapterFailure('unauthorised', 'forged')
    },
    read: (report) => {
      read.push(report)
      return {}
    },
    answer: (outcome) => outcome,
  })
  t.throws(() => refusing.read(message('{"a":1}')), { kind: 'unauthorised', message: 'forged' })
  t.strictSame(read, [])
})

t.test(
  'a report that is no JSON object is refused by name, and every outcome is answered in JSON',
  async (t) => {
    const reports = jsonReports({
      verify: () => undefined,
      read: () => ({ events: [] }),
      answer: ({ ok }) => ({ ok }),
    })
    t.strictSame(reports.read(message('{}')), { events: [] })
    for (const body of ['', '[]', '<a/>', 'null', '{'])
      t.throws(() => reports.read(message(body)), { kind: 'unrecognised', message: /not a JSON object/ })
    t.throws(() => reports.read(message('{"a":1,"a":2}')), {
      kind: 'unrecognised',
      message: /same key twice/,
    })
    t.match(reports.acknowledge({ ok: true, duplicate: false }, message('')), {
      status: 200,
      body: '{"ok":true}',
    })
    const refused = { ok: false, status: 422, code: 'x', detail: '' } as const
    t.match(reports.acknowledge(refused, message('')), { status: 422, body: '{"ok":false}' })
  },
)

t.test('a time without an offset is not guessed at', async (t) => {
  t.equal(instantOf('2026-11-23T09:30:00+08:00'), '2026-11-23T09:30:00+08:00')
  for (const text of ['2026-11-23 09:30:00', '2026-13-01T00:00:00Z', 'soon'])
    t.throws(() => instantOf(text), unrecognised)
})

t.test('a check that fails says why; a fault of ours is not hidden', async (t) => {
  t.match(await checkedBy(async () => 'pong'), { ok: true, summary: /accepted/ })
  const refused = new AdapterFailure('unauthorised', 'no')
  t.strictSame(await checkedBy(() => Promise.reject(refused)), { ok: false, summary: 'no' })
  await t.rejects(
    checkedBy(() => Promise.reject(new TypeError('ours'))),
    /ours/,
  )
})
