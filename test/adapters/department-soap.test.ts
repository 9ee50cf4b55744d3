import { setTimeout as sleep } from 'node:timers/promises'
import iconv from 'iconv-lite'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import type { ExGdbsSettings, SoapSettings } from '../../adapters/department-soap/settings.ts'
import { xmlWriter } from '../../adapters/department-soap/xml/text.ts'
import { answering, type Behaviour, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { readXml } from '../../src/adapter-kit/xml.ts'

const key = 'key-of-the-tests-01'
const exGdbs: ExGdbsSettings = { deptCode: 'D1', identifyKey: key }
const settings: SoapSettings = {
  baseUrl: 'http://department.example/focus',
  profile: 'ex-gdbs',
  namespace: 'http://focus.example.gov.cn',
  exGdbs,
}
const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/'

async function startDepartment(t: Test, behaviour: Behaviour, change: Partial<SoapSettings> = {}) {
  const server = await startServer(behaviour)
  const stage = setStage(manifest, { ...settings, ...change }, server.origin)
  t.teardown(async () => {
    await stage.close()
    await server.close()
  })
  const submit = async () => stage.adapter.outgoing.submitCase?.send(givens['case-online'], stage.attempt())
  return { server, submit, ...stage }
}

const envelope = (body: string, header = '') =>
  `<s:Envelope xmlns:s="${soap11}">${header}<s:Body>${body}</s:Body></s:Envelope>`
const answer = (text: string) =>
  envelope(
    `<f:setDataXmlToFocusResponse xmlns:f="u"><f:return>${text}</f:return></f:setDataXmlToFocusResponse>`,
  )
const xml = { 'content-type': 'text/xml; charset=utf-8' }

const step = (inner: string, given = key) =>
  envelope(
    `<setDataXmlToFocus xmlns="u"><deptCode>D1</deptCode><xml><![CDATA[${inner}]]></xml><identifyKey>${given}</identifyKey></setDataXmlToFocus>`,
  )
const info = (process: string, fields: Record<string, string>) =>
  `<ExInfo><standardInfo process="EX_GDBS_${process}">${Object.entries(fields)
    .map(([name, value]) => `<Field FieldName="${name}">${value}</Field>`)
    .join('')}</standardInfo></ExInfo>`

function message(body: string | Buffer, change: Partial<InboundMessage> = {}): InboundMessage {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body)
  const path = '/v1/systems/d/events'
  return { method: 'POST', path, query: {}, headers: xml, body: bytes, receivedAt: GIVEN_NOW, ...change }
}

async function failureOf(action: () => unknown): Promise<AdapterFailure | undefined> {
  try {
    await action()
    return undefined
  } catch (error) {
    if (error instanceof AdapterFailure) return error
    throw error
  }
}

const billionLaughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">${Array.from(
  { length: 9 },
  (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? '' : i - 1};`.repeat(10)}">`,
).join('')}]><l>&a8;</l>`
const good = answer('编码：0,原因：成功')
const gbkUnderUtf8 = iconv.encode(good, 'gbk')

const hostile: readonly (readonly [string, string | Buffer])[] = [
  ['a billion laughs', billionLaughs],
  ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['an external entity within an envelope', `<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x">${good}`],
  ['an entity that nobody declared', answer('&nbsp;编码：0,原因：成功')],
  ['a cut document', good.slice(0, -20)],
  ['a document with a second one behind it', good + good],
  ['text behind the document', `${good}junk`],
  ['text behind the document, hidden by a comment', `${good}junk<!-- -->`],
  ['1,000 levels', '<a>'.repeat(1000) + '</a>'.repeat(1000)],
  ['100,000 levels, never closed', '<a>'.repeat(100_000)],
  ['100,000 elements', answer('<a/>'.repeat(100_000))],
  ['100,000 attributes', `<a ${Array.from({ length: 100_000 }, (_, i) => `b${i}=""`).join(' ')}/>`],
  ['GBK under a UTF-8 label', gbkUnderUtf8],
  ['a NUL', answer('编码：0,原因：\u0000')],
  ['a reference to NUL', answer('编码：0,原因：&#0;')],
  ['a reference to a surrogate', answer('编码：0,原因：&#xD800;')],
  ['a processing instruction', good.replace('<s:Body>', '<?php echo 1 ?><s:Body>')],
  ['an undeclared prefix', good.replace('<f:return>', '<q:return>').replace('</f:return>', '</q:return>')],
  ['a reserved name', '<__proto__><constructor/></__proto__>'],
  ['an envelope of no SOAP', good.replace(soap11, 'urn:none')],
  ['two bodies', good.replace('</s:Body>', '</s:Body><s:Body/>')],
  ['two answers in one body', good.replace(/(<f:.*<\/f:setDataXmlToFocusResponse>)/, '$1$1')],
  ['the answer of another operation', good.replaceAll('setDataXmlToFocusResponse', 'getDataXmlResponse')],
  ['two texts in one answer', good.replace(/(<f:return>.*<\/f:return>)/, '$1$1')],
  ['a sentence behind another text', answer('错误：编码：0,原因：成功')],
  ['success in other words', answer('成功')],
  ['a code with a sign', answer('编码：-0,原因：成功')],
]

for (const [what, body] of hostile) {
  t.test(`${what} is refused as an answer, at once`, async (t) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body)
    const { submit } = await startDepartment(
      t,
      answering([{ headers: xml, bodyBase64: bytes.toString('base64') }]),
    )
    const began = process.cpuUsage()
    const failure = await failureOf(submit)
    t.equal(failure?.kind, 'unrecognised', failure?.message ?? 'no failure')
    // Of the processor: what else runs on the machine does not count.
    const { user, system } = process.cpuUsage(began)
    t.ok((user + system) / 1000 < 2_000)
  })
  t.test(`${what} is refused as a message, and answered with a fault or a refusal`, async (t) => {
    const { incoming } = manifest.create(settings)
    const failure = await failureOf(() => incoming?.read(message(body)))
    t.ok(failure && ['unrecognised', 'unauthorised'].includes(failure.kind), failure?.message ?? 'no failure')
    const refused = { ok: false, status: 422, code: 'unrecognised', detail: failure?.message ?? '' } as const
    const told = incoming?.acknowledge(refused, message(body))
    t.match(told?.body.toString(), /<soap:Fault>|编码：4/)
    t.doesNotThrow(() => readXml(told?.body.toString() ?? ''))
  })
}

t.test('a hostile inner document is refused as well', async (t) => {
  const { incoming } = manifest.create(settings)
  const inner = [
    billionLaughs,
    '<ExInfo',
    '<a/>',
    '<ExInfo><a/></ExInfo>',
    '<ExInfo><standardInfo/></ExInfo>',
    info('SL', { SBLSH: 'c', SLZTDM: '1', SLSJ: '2026-11-23 09:00:00' }).replace(
      '</standardInfo>',
      '<Field FieldName="SLZTDM">2</Field></standardInfo>',
    ),
    info('SL', { SLZTDM: '1', SLSJ: '2026-11-23 09:00:00' }),
    info('SL', { SBLSH: 'c', SLZTDM: '1' }),
    info('SL', { SBLSH: 'c', SLZTDM: '', SLSJ: '2026-11-23 09:00:00' }),
    info('toString', { SBLSH: 'c' }),
    info('BJGZ', { SBLSH: 'c', XH: '1', BJGZSJ: '2026-11-23 09:00:00', BZSX: '五天' }),
    info('BJGZ', { SBLSH: 'c', XH: '1', BJGZSJ: '2026-11-23 09:00:00', BJCLQD: '|无编码' }),
    info('BJ', { SBLSH: 'c', BJJGDM: '6', BJSJ: '2026-02-30 09:00:00' }),
    info('BJ', { SBLSH: 'c', BJJGDM: '6', BJSJ: '2026-02-30T09:00:00+08:00' }),
    info('BJ', { SBLSH: 'c', BJJGDM: '6', BJSJ: '0001-01-01T00:00:00+08:00' }),
    info('BJ', { SBLSH: 'c', BJJGDM: '6', BJSJ: '1900-01-01 00:00:00' }),
    info('TBCXSQ', { SBLSH: 'c', TBCXKSRQ: '2026-11-23', TBCXSX: '5', TBCXSXDW: 'X' }),
  ]
  for (const one of inner) {
    const failure = await failureOf(() => incoming?.read(message(step(one))))
    t.equal(failure?.kind, 'unrecognised', one.slice(0, 80))
  }
})

t.test('the key is checked before the step is read, and a rotated key still opens', async (t) => {
  const { incoming } = manifest.create({ ...settings, incoming: { previousPassword: 'old-key-of-tests' } })
  const failure = await failureOf(() => incoming?.read(message(step('<broken', 'wrong-key'))))
  t.equal(failure?.kind, 'unauthorised')
  const reading = await incoming?.read(message(step('<ExInfo/>', 'old-key-of-tests')))
  t.same(reading?.events, [])
  const none = step('<ExInfo/>').replace(/<identifyKey>.*<\/identifyKey>/, '')
  t.equal((await failureOf(() => incoming?.read(message(none))))?.kind, 'unauthorised')
})

t.test('the same step told twice is the same event; with other words it is another', async (t) => {
  const { incoming } = manifest.create(settings)
  const idOf = async (fields: Record<string, string>) => {
    const all = { SBLSH: 'case_1', BJJGDM: '0', BJSJ: '2026-11-23 09:00:00', ...fields }
    return (await incoming?.read(message(step(info('BJ', all)))))?.events?.map(({ id }) => id) ?? []
  }
  const first = await idOf({ ZJBH: '1' })
  t.equal(new Set(first).size, 2, 'issued and closed')
  t.same(await idOf({ ZJBH: '1' }), first)
  t.notSame(await idOf({ ZJBH: '2' }), first)
})

t.test('a GBK message is read by its label, or by its own declaration', async (t) => {
  const { incoming } = manifest.create(settings)
  const fields = { SBLSH: 'case_1', SLZTDM: '2', BSLYY: '材料不齐', SLSJ: '2026年11月23日 09:00' }
  const text = step(info('SL', fields))
  const labelled = message(iconv.encode(text, 'gbk'), { headers: { 'content-type': 'text/xml;charset=GBK' } })
  const declared = message(iconv.encode(`<?xml version="1.0" encoding="gb2312"?>${text}`, 'gbk'), {
    headers: { 'content-type': 'text/xml' },
  })
  for (const one of [labelled, declared])
    t.match((await incoming?.read(one))?.events, [{ type: 'case.rejected', detail: { reason: '材料不齐' } }])
  t.equal((await failureOf(() => incoming?.read(message(iconv.encode(text, 'gbk')))))?.kind, 'unrecognised')
})

t.test('natural days are not told as working days', async (t) => {
  const { incoming } = manifest.create(settings)
  const fields = { SBLSH: 'c', XH: '1', TBCXKSRQ: '2026-11-20', TBCXSX: '15', TBCXSXDW: 'Z' }
  const [event] = (await incoming?.read(message(step(info('TBCXSQ', fields)))))?.events ?? []
  t.match(event, { at: '2026-11-20T23:59:59+08:00', detail: { limitDays: 15, limitUnit: 'Z' } })
})

t.test('the outcome of a decision is read by the settings when the department names one', async (t) => {
  const { incoming } = manifest.create({
    ...settings,
    exGdbs: { ...exGdbs, approvals: { '1': 'case.approved', '2': 'case.denied' } },
  })
  const typeOf = async (outcome: string) => {
    const fields = { SBLSH: 'c', SPHJDM: '3', SPHJZTDM: outcome, SPYJ: '意见', SPSJ: '2026-11-23 09:00:00' }
    return (await incoming?.read(message(step(info('SPCL', fields)))))?.events?.[0]
  }
  t.match(await typeOf('2'), { type: 'case.denied', detail: { reason: '意见' } })
  t.equal((await typeOf('1'))?.detail.reason, undefined, 'an approval has no reason')
})

t.test('refusals are told in the agreed sentence; what patience can mend keeps its status', async (t) => {
  const { incoming } = manifest.create(settings)
  const told = (status: number) => {
    const outcome = { ok: false, status, code: 'c', detail: 'why <&>' } as const
    const { status: given, body } = incoming?.acknowledge(outcome, message(step('<ExInfo/>'))) ?? {}
    return [given, /编码：\d,原因：[^<]*/.exec(String(body))?.[0]]
  }
  t.same(told(404), [200, '编码：4,原因：why &lt;&amp;&gt;'])
  t.same(told(409), [200, '编码：4,原因：why &lt;&amp;&gt;'])
  t.same(told(401), [401, '编码：1,原因：why &lt;&amp;&gt;'])
  t.same(told(503), [503, '编码：3,原因：why &lt;&amp;&gt;'])
})

t.test('whatever text is written comes back as it was, in every charset and either wrapping', async (t) => {
  const text = `]]>&<>"'\t\n 张晓𬀩€ &#x41; é`
  for (const charset of ['utf-8', 'gbk', 'gb18030'] as const) {
    const writer = xmlWriter(charset)
    const inner = writer.element('a', writer.text(text), { b: text })
    for (const wrapped of [writer.cdata(inner), writer.text(inner)]) {
      const bytes = iconv.encode(`<x>${wrapped}</x>`, charset)
      const read = readXml(readXml(iconv.decode(bytes, charset)).text)
      t.same([read.text, read.attributes.b], [text, text], charset)
    }
  }
})

t.test('what XML cannot carry is not sent at all', async (t) => {
  const { server, adapter, attempt } = await startDepartment(t, answering([{ headers: xml, body: good }]))
  const content = { ...givens.withdrawal, caseId: 'case\u0001' }
  const outgoing = manifest.create({ ...settings, exGdbs: { ...exGdbs, steps: { withdraw: 'EX_GDBS_CX' } } })
  t.notOk(adapter.outgoing.withdrawCase, 'no step, no operation')
  const failure = await failureOf(() => outgoing.outgoing.withdrawCase?.send(content, attempt()))
  t.match(failure, { kind: 'unrecognised', sent: false })
  t.equal(server.received.length, 0)
})

t.test('files that are more than a message may hold are refused before they are read', async (t) => {
  const { server, submit } = await startDepartment(t, answering([{ headers: xml, body: good }]), {
    files: 'inline',
    maxInlineBytes: 10,
  })
  t.match(await failureOf(submit), { kind: 'rejected', sent: false })
  t.equal(server.received.length, 0)
})

t.test('500 with a page instead of a fault is its own fault, however large the page is', async (t) => {
  for (const body of ['<html>502</html>', 'x'.repeat(2 * 1024 * 1024), good]) {
    const { submit } = await startDepartment(t, answering([{ status: 500, headers: xml, body }]))
    t.match(await failureOf(submit), { kind: 'unavailable', status: 500, sent: true })
  }
  const { submit } = await startDepartment(t, answering([{ status: 400, headers: xml, body: 'no' }]))
  t.match(await failureOf(submit), { kind: 'rejected', status: 400 })
})

t.test('a fault under 200 is a fault, and never repeats our secrets', async (t) => {
  const fault = `<s:Fault><faultcode>s:Client.Authentication</faultcode><faultstring>key ${key} of 张晓𬀩</faultstring></s:Fault>`
  const { submit } = await startDepartment(t, answering([{ headers: xml, body: envelope(fault) }]))
  const failure = await failureOf(submit)
  t.match(failure, { kind: 'unauthorised', code: 'Client.Authentication' })
  t.notMatch(failure?.message, key)
  t.notMatch(failure?.message, '张晓𬀩')
})

t.test('every key of the account proves itself by HTTP when the settings say so', async (t) => {
  const security = { scheme: 'basic', username: 'u', password: 'secret-of-basic' } as const
  const { server, submit } = await startDepartment(t, answering([{ headers: xml, body: good }]), { security })
  await submit()
  t.equal(server.received[0]?.headers.authorization, `Basic ${btoa('u:secret-of-basic')}`)
  const incoming = { verify: 'basic', username: 'd', password: 'p1', previousPassword: 'p2' } as const
  const reader = manifest.create({ ...settings, incoming }).incoming
  for (const [given, kind] of [
    ['d:p1', undefined],
    ['d:p2', undefined],
    ['d:p3', 'unauthorised'],
  ]) {
    const headers = { ...xml, authorization: `Basic ${btoa(given ?? '')}` }
    const failure = await failureOf(() => reader?.read(message(step('<ExInfo/>'), { headers })))
    t.equal(failure?.kind, kind, given ?? '')
  }
})

t.test('a repeated digest is new each time, an old one is refused', async (t) => {
  const security = { scheme: 'username-digest', username: 'u', password: 'secret-of-digest' } as const
  const { server, submit } = await startDepartment(t, answering([{ headers: xml, body: good }]), { security })
  await submit()
  await submit()
  const [first, second] = server.received.map(({ body }) => body.toString())
  t.not(first, second)
  const header = /<soap:Header>.*<\/soap:Header>/.exec(first ?? '')?.[0] ?? ''
  const ours = step('<ExInfo/>').replace('<s:Body>', `${header.replaceAll('soap:', 's:')}<s:Body>`)
  const { incoming } = manifest.create({
    ...settings,
    incoming: { verify: 'username-token', username: 'u', password: 'secret-of-digest' },
  })
  t.same((await incoming?.read(message(ours)))?.events, [])
  const late = new Date(GIVEN_NOW.getTime() + 301_000)
  t.equal((await failureOf(() => incoming?.read(message(ours, { receivedAt: late }))))?.kind, 'unauthorised')
})

t.test('settings that make no sense are refused when the system is created, with their place', async (t) => {
  const cases: [Partial<SoapSettings>, RegExp][] = [
    [{ profile: 'plain' }, /plain/],
    [{ security: { scheme: 'username-text', username: 'u' } }, /security\.password/],
    [{ incoming: { verify: 'username-token', username: 'u' } }, /incoming\.password/],
    [{ exGdbs: { ...exGdbs, answers: [{ code: '1', reason: '(', means: 'duplicate' }] } }, /exGdbs\.answers/],
    [{ exGdbs: { ...exGdbs, fields: { A: '(((' } } }, /exGdbs\.fields\.A/],
    [{ profile: 'plain', plain: { incoming: { status: '(((' } } }, /plain\.incoming\.status/],
  ]
  for (const [change, where] of cases)
    t.throws(() => manifest.create({ ...settings, ...change }), { kind: 'unrecognised', message: where })
})

t.test('a simple department that refuses is told by a fault when no words are agreed', async (t) => {
  const plain = { statuses: {}, incoming: { status: 's', caseId: 'c', time: 't' } }
  const { incoming } = manifest.create({
    ...settings,
    profile: 'plain',
    plain,
    incoming: { verify: 'none', operation: 'report' },
  })
  const call = message(envelope('<report><s>9</s><c>case_1</c><t>2026-11-23 09:00:00</t></report>'))
  t.match(await failureOf(() => incoming?.read(call)), { kind: 'unrecognised', code: '9' })
  const refused = { ok: false, status: 422, code: '9', detail: '未知状态' } as const
  const told = incoming?.acknowledge(refused, call)
  t.equal(told?.status, 500)
  t.match(told?.body.toString(), /<faultcode>soap:Client<\/faultcode><faultstring>未知状态/)
})

t.test('the signal ends a call that nobody answers', async (t) => {
  const { adapter, attempt } = await startDepartment(t, () => undefined)
  const stopping = new AbortController()
  const asked = failureOf(() =>
    adapter.outgoing.submitCase?.send(givens['case-online'], attempt({ signal: stopping.signal })),
  )
  await sleep(50)
  stopping.abort()
  t.equal((await asked)?.kind, 'uncertain')
})

t.test('a system that publishes no WSDL is known by its answer to a question', async (t) => {
  const query = answer('编码：1,原因：查无此办件').replaceAll('setDataXmlToFocus', 'getDataXml')
  const asked: ExGdbsSettings = {
    ...exGdbs,
    query: {},
    answers: [{ code: '1', reason: '查无此办件', means: 'absent' }],
  }
  const checked = async (rest: Parameters<typeof answering>[0], change: Partial<SoapSettings>) => {
    const { adapter, attempt } = await startDepartment(t, answering([{ status: 404 }, ...rest]), change)
    return adapter.check?.(attempt())
  }
  t.match(await checked([{ headers: xml, body: query }], { exGdbs: asked }), {
    ok: true,
    summary: /未公开 WSDL.*凭证有效/,
  })
  t.match(await checked([{ status: 404 }], { exGdbs: asked }), {
    ok: false,
    summary: /查询被拒.*see that baseUrl/,
  })
  t.match(await checked([], {}), { ok: false, summary: /未配置查询.*see that baseUrl/ })
  const promised = await checked([], { exGdbs: asked, wsdl: 'http://department.example/focus.wsdl' })
  t.match(promised, { ok: false, summary: /404/ }, 'where its place is given, it must be there')
})
