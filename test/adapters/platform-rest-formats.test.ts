// Foreign formats of platform-rest by configuration: presets are settings, XML and JSON are read strictly, and what
// goes out says every character and every code, or nothing.

import t from 'tap'
import { createPlatformRest } from '../../adapters/platform-rest/adapter.ts'
import { receiptReader } from '../../adapters/platform-rest/answers.ts'
import { dropAbsent, unwrap, wrap } from '../../adapters/platform-rest/embedded.ts'
import { compileFields } from '../../adapters/platform-rest/field-map.ts'
import manifest from '../../adapters/platform-rest/manifest.ts'
import { valueAt } from '../../adapters/platform-rest/members.ts'
import { presets } from '../../adapters/platform-rest/presets.ts'
import { renderer } from '../../adapters/platform-rest/render.ts'
import exchange from '../../adapters/platform-rest/samples/notify-exchange-xml.json' with { type: 'json' }
import { settingsSchema } from '../../adapters/platform-rest/settings-schema.ts'
import { writeTime } from '../../adapters/platform-rest/times.ts'
import { xmlReader } from '../../adapters/platform-rest/xml-read.ts'
import { decode, encode } from '../../src/adapter-kit/charset.ts'
import { rulesOfFailure } from '../../src/adapter-kit/conformance/ask-questions.ts'
import type { Sample } from '../../src/adapter-kit/conformance/sample.ts'
import type { Attempt, NotifyContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { Charset, HttpRequest, HttpResponse } from '../../src/adapter-kit/http.ts'
import { parseStrictJson } from '../../src/adapter-kit/strict-json.ts'
import { caseEvents } from '../../src/domain/case-states.ts'
import { compileSchema } from '../../src/settings/schemas.ts'

const url = 'https://platform.example/exchange'
const county = { sqbh: 'QX1', blfs: '2', sqrxm: '张𠮷祥', clqd: [{ clbm: 'M01', clly: '4', fjbh: 'mat_1' }] }

for (const [name, { incoming, callbacks }] of Object.entries(presets)) {
  t.test(`${name} is a mapping that any system’s settings could say`, async (t) => {
    const check = compileSchema(settingsSchema)
    t.same(
      check({
        ...(incoming ? { incoming } : {}),
        ...(callbacks ? { callbacks: { url, ...callbacks } } : {}),
      }),
      [],
    )
  })
}

t.test('a preset and the same mapping written into the settings read the same', async (t) => {
  const message = messageOf(JSON.stringify(county))
  const byPreset = createPlatformRest({ incoming: { preset: 'county-pinyin' } }).incoming!
  const bySettings = createPlatformRest({ incoming: presets['county-pinyin'].incoming! }).incoming!
  const read = await byPreset.read(message)
  t.match(read, { submission: { externalId: 'QX1', mode: 'agent', applicant: { name: '张𠮷祥' } } })
  t.same(await bySettings.read(message), read)
  const taken = { ok: true, duplicate: false, answer: { submissionId: 'sub_1' } } as const
  t.same(bySettings.acknowledge(taken, message), byPreset.acknowledge(taken, message))
})

t.test('a system’s own settings are laid over its preset', async (t) => {
  const { incoming } = createPlatformRest({
    incoming: {
      preset: 'guangdong-sb',
      fields: { theme: { default: 'newborn' } },
      acknowledge: { accepted: 'OK' },
    },
  })
  const body = '<ExInfo><standardInfo><Field FieldName="SBLSH">1</Field></standardInfo></ExInfo>'
  t.match(await incoming!.read(messageOf(body)), { submission: { externalId: '1', theme: 'newborn' } })
  t.equal(incoming!.acknowledge({ ok: true, duplicate: false }, messageOf(body)).body.toString(), 'OK')
})

t.test('every case event has a step in the exchange, and an unknown event has none', async (t) => {
  for (const type of [...caseEvents, 'submission.received']) {
    const { sent } = await notified({ preset: 'guangdong-sb' }, { ...note, type })
    t.match(sent[0]?.body?.toString(), /process="EX_GDBS_[A-Z]+"/, type)
  }
  t.match(await notified({ preset: 'guangdong-sb' }, { ...note, type: 'parcel.delivered' }).catch((e) => e), {
    kind: 'unrecognised',
    sent: false,
  })
})

t.test('a correction tells what is missing, as JSON text within its field', async (t) => {
  const data = {
    ...note.data,
    reason: '缺<页> & 章',
    materials: [{ code: 'M01', reason: '模糊' }],
    limitDays: 5,
  }
  const { sent } = await notified(
    { preset: 'guangdong-sb' },
    { ...note, type: 'case.correction-requested', data },
  )
  const read = xmlReader(presets['guangdong-sb'].incoming!.xml!)(String(sent[0]?.body))
  const info = valueAt(read, ['ExInfo', 'standardInfo']) as Record<string, string>
  t.match(info, {
    '@process': 'EX_GDBS_BJGZ',
    BJGZYY: '缺<页> & 章',
    BZSX: '5',
    BJGZSJ: '2026-11-23 09:30:00',
  })
  t.same(JSON.parse(info.BJCLQD!), [{ CLBM: 'M01', YY: '模糊' }])
  t.same(JSON.parse(info.XXNR!), data)
})

t.test('the same event makes the same bytes on every attempt', async (t) => {
  const [first, second] = [
    await notified({ preset: 'guangdong-sb' }),
    await notified({ preset: 'guangdong-sb' }),
  ]
  t.same(second.sent[0], first.sent[0])
})

t.test(
  'an own form is signed only where there are secrets, and repeated only where that does no harm',
  async (t) => {
    const secrets = [`whsec_${Buffer.from('a-secret-of-thirty-two-bytes-yes').toString('base64')}`]
    t.equal((await notified({ preset: 'guangdong-sb' })).sent[0]?.headers?.['webhook-signature'], undefined)
    t.ok((await notified({ preset: 'guangdong-sb', secrets })).sent[0]?.headers?.['webhook-signature'])
    const counting = createPlatformRest({ callbacks: { url, preset: 'guangdong-sb', repeatable: false } })
    t.equal(counting.outgoing.notify!.honoursKey, false)
  },
)

t.test('hostile or ambiguous XML is refused within limits, and nothing of it is told', async (t) => {
  const read = xmlReader({ named: [{ at: 'a.b', element: 'F', by: 'N' }] })
  const canary = '13800138000'
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "&l${i};&l${i};">`).join('')
  for (const xml of [
    '',
    canary,
    `<a>${canary}`,
    `<a>${canary}</a><b/>`,
    `<a>${canary}</a><a/>`,
    `<a b="1" b="${canary}"/>`,
    `<!DOCTYPE a><a>${canary}</a>`,
    `<!doctype a [${laughs}]><a>&l9;</a>`,
    `<a><!ELEMENT b ANY>${canary}</a>`,
    `<a>&${canary};</a>`,
    `<a>&nbsp;${canary}</a>`,
    `<a>&amp ${canary}</a>`,
    `<a x="&#0;">${canary}</a>`,
    `<a>&#xD800;</a>`,
    `<a>&#x110000;</a>`,
    `<a>\0${canary}</a>`,
    `<a>\ud800</a>`,
    `<a><__proto__>${canary}</__proto__></a>`,
    `<a><b><F N="__proto__">${canary}</F></b></a>`,
    `<a><b><F N="x">1</F><F N="x">${canary}</F></b></a>`,
    `<a><b><F>${canary}</F></b></a>`,
    '<a>'.repeat(40) + '</a>'.repeat(40),
    `<a>${'<b/>'.repeat(110_000)}</a>`,
    `<a>${'x'.repeat(8 * 1024 * 1024)}</a>`,
  ]) {
    const started = Date.now()
    const failure = failureOf(() => read(xml))
    t.equal(failure?.kind, 'unrecognised', xml.slice(0, 60))
    t.notOk(failure?.message.includes(canary))
    t.ok(Date.now() - started < 2_000)
  }
  t.equal(({} as Record<string, unknown>).polluted, undefined)
})

t.test(
  'XML is read as it stands: entities once, CDATA not at all, numbers as text, prefixes dropped',
  async (t) => {
    const read = xmlReader({ lists: ['a.m'] })
    t.same(read('<n:a xmlns:n="u"><n:x>007</n:x></n:a>'), { a: { x: '007' } })
    t.match(read('<a><x>&amp;lt;&#20013;&#x20BB7;</x><y><![CDATA[&amp;<b>]]></y><z p="&lt;">1</z></a>'), {
      a: { x: '&lt;中𠮷', y: '&amp;<b>', z: { '@p': '<', '#text': '1' } },
    })
    t.same(read('<a><m>1</m></a>'), { a: { m: ['1'] } })
  },
)

t.test(
  'the charset is that of Content-Type, else of the XML declaration, else of the settings',
  async (t) => {
    const { incoming } = createPlatformRest({
      incoming: { format: 'xml', charset: 'gb18030', fields: { n: 'a' } },
    })
    for (const [type, declaration, charset] of [
      ['text/xml; charset=gbk', '<?xml version="1.0" encoding="UTF-8"?>', 'gbk'],
      ['text/xml', '<?xml version="1.0" encoding="GB2312"?>', 'gbk'],
      ['text/xml', '', 'gb18030'],
    ] as const) {
      const message = {
        ...messageOf(''),
        headers: { 'content-type': type },
        body: encode(`${declaration}<a>李明</a>`, charset),
      }
      t.same(await incoming!.read(message), { submission: { n: '李明' } }, charset)
    }
    const strange = messageOf('<?xml version="1.0" encoding="Big5"?><a>x</a>')
    t.match(await failureOfRead(() => incoming!.read(strange)), { kind: 'unrecognised' })
  },
)

t.test('JSON that readers disagree on is refused, and nothing of it is told', async (t) => {
  t.same(parseStrictJson('{"a":[{"b":"\\u4e2d:{"}],"c":1.5}'), { a: [{ b: '中:{' }], c: 1.5 })
  t.same(parseStrictJson('{"a":{"x":1},"b":{"x":1}}'), { a: { x: 1 }, b: { x: 1 } })
  const canary = '13800138000'
  for (const text of [
    `{"a":"${canary}","a":1}`,
    `{"a":{"b":"${canary}","\\u0062":2}}`,
    `{"__proto__":"${canary}"}`,
    `{"a":"\\u0000${canary}"}`,
    `{"a":"\\ud800${canary}"}`,
    `{"a":"${canary}\ud800"}`,
    `{"a":${canary}${canary}}`,
    '{"a":1e999}',
    `{"a":"${canary}"`,
    '['.repeat(40) + ']'.repeat(40),
    '['.repeat(5_000_000),
    '',
  ]) {
    const failure = failureOf(() => parseStrictJson(text))
    t.equal(failure?.kind, 'unrecognised', text.slice(0, 60))
    t.notOk(failure?.message.includes(canary))
  }
})

t.test('JSON within JSON is read to its depth, and written again', async (t) => {
  const inner = { x: '中' }
  const members = { a: JSON.stringify({ b: JSON.stringify(inner) }), c: '', d: { e: 'not listed' } }
  unwrap(members, ['a', 'a.b', 'c', 'd.none'])
  t.same(members, { a: { b: inner }, c: '', d: { e: 'not listed' } })
  wrap(members, ['a', 'a.b'])
  t.same(members.a, JSON.stringify({ b: JSON.stringify(inner) }))
  t.equal(failureOf(() => unwrap({ a: '{"x":1,"x":2}' }, ['a']))?.kind, 'unrecognised')
})

t.test('a text that stands for nothing is left out wherever it is', async (t) => {
  const members = { a: ' 1753-1-1 ', b: { c: ['x', { d: '1753-1-1', e: '1753-1-10' }] } }
  dropAbsent(members, new Set(['1753-1-1']))
  t.same(members, { b: { c: ['x', { e: '1753-1-10' }] } })
})

t.test(
  'a field map splits and joins lists, maps their codes, writes times and minds conditions',
  async (t) => {
    const map = compileFields({
      list: { from: 'l', split: ',', values: { '1': 'one', '2': 'two' } },
      text: { from: 'm', join: ';', values: { one: 'A' } },
      at: { from: 't', time: 'yyyyMMddHHmmss' },
      only: { from: 'l', when: { k: ['yes'] } },
    })
    t.same(map({ l: '1, 2,,3', m: ['one', 'x'], t: '2026-12-31T17:00:00Z', k: 'no' }), {
      list: ['one', 'two', '3'],
      text: 'A;x',
      at: '20270101010000',
    })
    t.same(map({ l: '1', k: 'yes' }), { list: ['one'], only: '1' })
    t.equal(failureOf(() => map({ t: 'tomorrow' }))?.kind, 'unrecognised')
    t.equal(writeTime('2026-11-23T09:30:00+08:00', 'yyyy年MM月dd日 HH:mm'), '2026年11月23日 09:30')
  },
)

t.test('a field map never writes into a prototype', async (t) => {
  const made = compileFields({ 'constructor.x': 'a', 'toString.y': 'a' })({ a: 1 })
  t.same(Object.keys(made), ['constructor', 'toString'])
  t.equal((Object as unknown as Record<string, unknown>).x, undefined)
})

t.test('a character that GBK lacks is written by number, never as a question mark', async (t) => {
  const value = { a: { '@n': '䶮', b: '张𠮷祥' } }
  const xml = renderer({ form: 'xml', charset: 'gbk' })(value).body
  t.same(xmlReader({})(decode(xml, 'gbk')!), { a: { '@n': '䶮', b: '张𠮷祥' } })
  const form = (text: string, charset: Charset) =>
    renderer({ form: 'form', charset })({ n: text }).body.toString()
  t.equal(form('珺1', 'gbk'), 'n=%AC%421', 'no byte of a character is left as a letter or a digit')
  t.equal(form('张𬀩1', 'gb18030'), 'n=%D5%C5%99%31%87%391')
  t.equal(form('珺1', 'utf-8'), 'n=%E7%8F%BA1')
  const json = renderer({ form: 'json', charset: 'gbk' })(value).body
  t.same(JSON.parse(decode(json, 'gbk')!), value)
})

t.test('what XML cannot hold is left out, and the rest is escaped', async (t) => {
  const { body, contentType } = renderer({ form: 'xml', charset: 'utf-8' })({
    a: { b: 'x\u0001<&>"\ud800', c: null },
  })
  t.equal(contentType, 'application/xml; charset=utf-8')
  t.equal(
    body.toString(),
    '<?xml version="1.0" encoding="UTF-8"?><a><b>x&lt;&amp;&gt;&quot;\ufffd</b><c></c></a>',
  )
})

t.test('the code of an answer is found in XML too; a page is no answer', async (t) => {
  const read = receiptReader({ format: 'xml', field: 'R.code', ok: ['1'], duplicate: ['2'] })
  t.same(read(answerOf('<R><code>1</code></R>')), {})
  t.same(read(answerOf('<R><code>2</code></R>')), { duplicate: true })
  for (const body of ['<R><code>3</code></R>', '<R/>', '<html>', '<!DOCTYPE R><R><code>1</code></R>'])
    t.equal(failureOf(() => read(answerOf(body)))?.kind, 'unrecognised', body)
  t.equal(failureOf(() => read(answerOf('<R><code>1</code></R>', 'text/html')))?.kind, 'unrecognised')
})

t.test('a platform with a form of its own that misbehaves is named as any other', async (t) => {
  const { settings, ...sample } = exchange as unknown as Sample
  for (const { name, check } of rulesOfFailure(manifest, sample, settings)) await t.test(name, check)
})

t.test('settings of a foreign format with a mistake are refused', async (t) => {
  const check = compileSchema(settingsSchema)
  const message = { format: 'json', fields: { a: 'type' } }
  t.same(check({ callbacks: { url, message } }), [])
  for (const wrong of [
    { callbacks: { url } },
    { callbacks: { url, message: { format: 'json' } } },
    { callbacks: { url, message: { ...message, format: 'yaml' } } },
    { callbacks: { url, message, answer: { ok: ['0'] } } },
    { callbacks: { url, message, answer: { ok: ['0'], format: 'text', pattern: '(' } } },
    { callbacks: { url, preset: 'county-pinyin' } },
    { incoming: { format: 'xml', xml: { named: [{ at: 'a' }] } } },
    { incoming: { absent: '1753-1-1' } },
    { incoming: { fields: { a: { from: 'b', time: 'HH:mm' } } } },
  ])
    t.not(check(wrong).length, 0, JSON.stringify(wrong))
})

const note = givens.notification as NotifyContent

async function notified(callbacks: object, content: NotifyContent = note) {
  const sent: HttpRequest[] = []
  const request = async (one: HttpRequest) => {
    sent.push(one)
    return answerOf('编码：0,原因：成功')
  }
  const attempt = {
    http: { request, target: () => '' },
    key: 'trf_1',
    now: () => GIVEN_NOW,
  } as unknown as Attempt
  const receipt = await createPlatformRest({ callbacks: { url, ...callbacks } }).outgoing.notify!.send(
    content,
    attempt,
  )
  return { receipt, sent }
}

function answerOf(body: string, type = 'text/plain'): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': type },
    body: Buffer.from(body),
    text: () => body,
    json: () => JSON.parse(body),
  }
}

function messageOf(body: string) {
  return { method: 'POST', path: '/', query: {}, headers: {}, body: Buffer.from(body), receivedAt: GIVEN_NOW }
}

function failureOf(act: () => unknown): AdapterFailure | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof AdapterFailure) return error
    throw error
  }
}

async function failureOfRead(read: () => unknown): Promise<unknown> {
  try {
    return await read()
  } catch (error) {
    return error
  }
}

t.test(
  'days and numbers that are texts are read by their rules; what is not so written is passed on',
  async (t) => {
    const map = compileFields({
      day: { from: 'a', date: 'yyyyMMdd' },
      at: { from: 'b', date: 'yyyy年MM月dd日 HH:mm' },
      days: { from: 'c', split: '|', date: 'yyyy.MM.dd' },
      amount: { from: 'd', number: true },
      counts: { from: 'e', number: true },
    })
    const read = {
      a: '19660315',
      b: '2026年11月23日 09:30',
      c: '2026.11.23|2026.02.30',
      d: ' 5000000 ',
      e: ['1', '-2.50', 3],
    }
    t.same(map(read), {
      day: '1966-03-15',
      at: '2026-11-23T09:30:00+08:00',
      days: ['2026-11-23', '2026.02.30'],
      amount: 5_000_000,
      counts: [1, -2.5, 3],
    })
    const other = { a: '1966-03-15', b: '不详', c: '', d: '五百', e: '186234567890123456' }
    t.same(map(other), { day: '1966-03-15', at: '不详', amount: '五百', counts: '186234567890123456' })
  },
)
