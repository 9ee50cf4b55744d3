// How a department's own messages are read at the edge, and what it gets back.

import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import { encode } from '../../src/adapter-kit/charset.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW } from '../../src/adapter-kit/givens.ts'
import { plain } from './department-rest-stage.ts'

type Incoming = NonNullable<DepartmentSettings['incoming']>
const fields: Incoming = { verify: false, caseId: 'no', status: 'st', time: 'at' }

const incomingOf = (incoming: Incoming, more: Partial<DepartmentSettings> = {}) => {
  const made = manifest.create({
    ...plain,
    statuses: { '30': 'case.accepted' },
    incoming: { ...fields, ...incoming },
    ...more,
  }).incoming
  if (!made) throw new Error('messages are read')
  return made
}

const message = (body: string | Buffer, type = 'application/json'): InboundMessage => ({
  method: 'POST',
  path: '/v1/systems/bureau/events',
  query: {},
  headers: { 'content-type': type },
  body: Buffer.from(body),
  receivedAt: GIVEN_NOW,
})

const taken = { ok: true, duplicate: false } as const
const refused = { ok: false, status: 422, code: 'invalid', detail: `$& said "no" & <left>, $'` } as const

t.test('members of their message are told back, every time they are named', async (t) => {
  const incoming = incomingOf({
    acknowledge: {
      ok: { no: '{message.data.no}', again: ['{message.data.no}', '{message.missing}'], dup: '{duplicate}' },
      failed: '{"text":"{detail}","both":"{code} {code}","no":"{message.data.no}"}',
      okStatus: 201,
      as: 'json',
    },
  })
  const report = message('{"data":{"no":"A\\"1"}}')
  const good = incoming.acknowledge(taken, report)
  t.equal(good.status, 201)
  t.same(JSON.parse(good.body.toString()), { no: 'A"1', again: ['A"1', ''], dup: 'false' })
  const bad = incoming.acknowledge(refused, report)
  t.equal(bad.status, 422)
  t.same(JSON.parse(bad.body.toString()), { text: refused.detail, both: 'invalid invalid', no: 'A"1' })
  const broken = incoming.acknowledge(refused, message('{'))
  t.equal((JSON.parse(broken.body.toString()) as { no: string }).no, '', 'what cannot be read tells nothing')
})

t.test('a day without a time, and what is counted since 1970, are moments that have been', async (t) => {
  const read = async (incoming: Incoming, at: unknown) => {
    const body = JSON.stringify({ no: 'case_1', st: '30', at })
    return (await incomingOf(incoming).read(message(body))).events?.map((event) => event.at)
  }
  t.same(await read({}, '2026年11月22日'), ['2026-11-22T23:59:59+08:00'])
  t.same(await read({}, '2026-11-23'), ['2026-11-23T09:30:00+08:00'], 'today: when it was told')
  t.same(await read({ time: '$fromMillis(at)' }, GIVEN_NOW.getTime()), ['2026-11-23T01:30:00Z'])
})

t.test('an answer is XML, a form or text, in the charset and type of the department', async (t) => {
  const xml = incomingOf(
    {
      as: 'xml',
      acknowledge: {
        as: 'xml',
        contentType: 'text/xml',
        ok: { Ack: { '@no': '{message.Report.No}', Code: '1' } },
        failed: '<Ack><Text>{detail}</Text></Ack>',
        failedStatus: 200,
      },
    },
    { charset: 'gbk' },
  )
  const report = message(encode('<Report><No>张&lt;1</No></Report>', 'gbk'), 'text/xml')
  const good = xml.acknowledge(taken, report)
  t.equal(good.headers?.['content-type'], 'text/xml; charset=gbk')
  t.same(
    good.body,
    encode('<?xml version="1.0" encoding="GBK"?>\n<Ack no="张&lt;1"><Code>1</Code></Ack>', 'gbk'),
  )
  const bad = xml.acknowledge(refused, report)
  t.equal(bad.status, 200)
  t.equal(
    bad.body.toString(),
    '<Ack><Text>$&amp; said &quot;no&quot; &amp; &lt;left&gt;, $&apos;</Text></Ack>',
  )

  const texts = incomingOf({ as: 'xml', acknowledge: { ok: '<ok/>' } }).acknowledge(taken, report)
  t.equal(
    texts.headers?.['content-type'],
    'application/xml; charset=utf-8',
    'a text is answered as it was asked',
  )
  const text = incomingOf({ acknowledge: { failed: 'FAIL {detail}' } }).acknowledge(refused, report)
  t.equal(text.headers?.['content-type'], 'text/plain; charset=utf-8')
  t.equal(text.body.toString(), `FAIL ${refused.detail}`)
  const form = incomingOf({ acknowledge: { as: 'form', ok: { r: '1', n: '{message.no}' } } })
  t.equal(form.acknowledge(taken, message('{"no":"a&b"}')).body.toString(), 'r=1&n=a%26b')
})

t.test('what no answer can be made of is refused when the system is configured', async (t) => {
  for (const [acknowledge, says] of [
    [{ ok: { no: '{bizNo}' } }, /acknowledge\.ok: .*\{bizNo\}.*\{message/],
    [{ as: 'xml', failed: { a: 1, b: 2 } }, /acknowledge\.(ok|failed): .*XML/],
    [{ as: 'text', ok: { a: 1 } }, /acknowledge\.ok: /],
  ] as const)
    t.throws(() => incomingOf({ acknowledge }), { name: 'AdapterFailure', message: says })
})

t.test('JSON that is ambiguous is refused, not read by the last of its keys', async (t) => {
  const incoming = incomingOf({})
  const at = '"at":"2026-11-23 09:00:00"'
  t.equal((await incoming.read(message(`{"no":"case_1","st":"30",${at}}`))).events?.length, 1)
  for (const body of [
    `{"no":"case_1","st":"30","st":"99",${at}}`,
    `{"no":"case_1","st":"30",${at},"__proto__":{}}`,
    `{"no":12345678901234567890,"st":"30",${at}}`,
  ])
    await t.rejects(
      async () => incoming.read(message(body)),
      { name: 'AdapterFailure', kind: 'unrecognised' },
      body,
    )
})

t.test('forms are read in the charset of their sender', async (t) => {
  const type = 'application/x-www-form-urlencoded'
  const reason = { ...fields, as: 'form', reason: 'why' } as const
  const gbk = 'no=case_1&st=30&at=2026-11-23+09%3A00%3A00&why=%D5%C5+%A3%AD'
  const named = await incomingOf(reason).read(message(gbk, `${type}; charset=GBK`))
  t.match(named.events, [{ caseId: 'case_1', detail: { reason: '张 －' } }])
  const configured = await incomingOf(reason, { charset: 'gbk' }).read(message(gbk, type))
  t.match(configured.events, [{ detail: { reason: '张 －' } }])
  const raw = encode('no=case_1&st=30&at=20261123090000&why=开封', 'gbk')
  t.match((await incomingOf(reason, { charset: 'gbk' }).read(message(raw, type))).events, [
    { detail: { reason: '开封' } },
  ])
  await t.rejects(async () => incomingOf(reason).read(message(gbk, type)), AdapterFailure)
  const repeated = 'no=case_1&st=30&at=20261123090000&why=a&why=b'
  const list = await incomingOf({ ...reason, reason: '$join(why, "+")' }).read(message(repeated, type))
  t.match(list.events, [{ detail: { reason: 'a+b' } }])
})
