import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import type { DepartmentSettings, RequestSettings } from '../../adapters/department-rest/settings.ts'
import { decode, encode } from '../../src/adapter-kit/charset.ts'
import { answering } from '../../src/adapter-kit/conformance/server.ts'
import type { CaseContent } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { createHttpClient } from '../../src/adapter-kit/http.ts'
import { startDepartment, type Tap, withFiles } from './department-rest-stage.ts'

const content = givens['case-online']
const unrecognised = { name: 'AdapterFailure', kind: 'unrecognised' }

const submitting = (
  send: Omit<RequestSettings, 'method' | 'path'>,
  more: Partial<DepartmentSettings> = {},
): Partial<DepartmentSettings> => ({
  ...more,
  operations: { submitCase: { send: { method: 'POST', path: '/cases', ...send } } },
})

async function sent(t: Tap, settings: Partial<DepartmentSettings>, given: CaseContent = content) {
  const { adapter, attempt, server } = await startDepartment(t, settings)
  const receipt = await adapter.outgoing.submitCase?.send(given, attempt())
  const [request] = server.received
  if (!request) throw new Error('nothing was received')
  return { receipt, ...request }
}

t.test('a form repeats lists, writes objects as JSON and leaves out what is not said', async (t) => {
  const body = {
    no: '=caseId',
    name: '=applicant.name',
    tag: ['a b', 'c+d'],
    form: '=form',
    none: '=nowhere',
  }
  const { headers, body: bytes } = await sent(t, submitting({ as: 'form', body }))
  t.equal(headers['content-type'], 'application/x-www-form-urlencoded; charset=utf-8')
  const fields = new URLSearchParams(bytes.toString())
  t.same(fields.getAll('tag'), ['a b', 'c+d'])
  t.equal(fields.get('name'), content.applicant.name)
  t.same(JSON.parse(fields.get('form') ?? ''), content.form)
  t.notOk(fields.has('none'))
})

t.test('a form in GBK escapes the bytes of GBK', async (t) => {
  const { body } = await sent(t, submitting({ as: 'form', body: { 'a b': '开封 &=%' } }, { charset: 'gbk' }))
  t.equal(body.toString(), 'a+b=%BF%AA%B7%E2+%26%3D%25')
})

t.test('XML escapes whatever a citizen may type, and repeats lists', async (t) => {
  const nasty = `<!--"'&]]>\n</Case><x>\t𬀩`
  const body = {
    Case: { '@no': '=caseId', Name: '=form.shopName', Items: { Item: '=[1, 2]' }, Empty: '', N: '=nowhere' },
  }
  const given = { ...content, form: { shopName: nasty } }
  const { headers, body: bytes } = await sent(t, submitting({ as: 'xml', body }), given)
  t.equal(headers['content-type'], 'application/xml; charset=utf-8')
  t.equal(
    bytes.toString(),
    `<?xml version="1.0" encoding="UTF-8"?>\n<Case no="${content.caseId}"><Name>&lt;!--&quot;&apos;&amp;]]&gt;&#10;&lt;/Case&gt;&lt;x&gt;&#9;𬀩</Name><Items><Item>1</Item><Item>2</Item></Items><Empty></Empty></Case>`,
  )
})

t.test('XML in GBK keeps rare characters as references', async (t) => {
  const settings = submitting({ as: 'xml', body: { n: '=applicant.name' } }, { charset: 'gbk' })
  const { body } = await sent(t, settings)
  t.equal(decode(body, 'gbk'), '<?xml version="1.0" encoding="GBK"?>\n<n>张晓&#x2c029;</n>')
})

t.test('what a form, XML, a path or a header cannot hold is not sent at all', async (t) => {
  const { adapter: _, ...probe } = await startDepartment(t, {})
  t.ok(probe)
  const cases: [Omit<RequestSettings, 'method' | 'path'> & { path?: string }, Record<string, unknown>][] = [
    [{ as: 'xml', body: { a: '=form.v' } }, { v: 'bell \u0007' }],
    [{ as: 'xml', body: { a: 1, b: 2 } }, {}],
    [{ as: 'xml', body: '{ form.v: 1 }' }, { v: 'a><b' }],
    [{ as: 'xml', body: '{ "a": { form.v: 1 } }' }, { v: '@x="1" y' }],
    [{ as: 'form', body: '[1]' }, {}],
    [{ as: 'form', body: { a: '=form.v' } }, { v: '\ud800' }],
    [{ as: 'text', body: '{ "a": 1 }' }, {}],
    [{ as: 'multipart', body: { f: { sha256: 'not of this case' } } }, {}],
    [{ path: '/cases/{form.v}/x', body: {} }, { v: '..' }],
    [{ path: '/cases/{caseID}' }, {}],
    [{ path: '=form.v' }, { v: '//elsewhere.example/x' }],
    [{ path: '=form.v' }, { v: 'http://elsewhere.example/x' }],
    [{ path: '=form.v' }, { v: '/a b' }],
    [{ path: '=form.v' }, { v: '/a#b' }],
    [{ headers: { 'X-Name': '{form.v}' } }, { v: 'a\r\nX-Evil: 1' }],
    [{ headers: { 'X-Name': '=form.v' } }, { v: '张' }],
    [{ body: { a: "=$code('t', form.v)" } }, { v: 'unknown' }],
    [{ body: { a: "=$code('t', form.v)" } }, { v: '__proto__' }],
    [{ body: { a: '=$code(form.v, 1)' } }, { v: 'nowhere' }],
  ]
  for (const [send, form] of cases) {
    const settings = submitting(send, { tables: { t: { known: 1 } } })
    const { adapter, attempt, server } = await startDepartment(t, settings)
    const failing = async () => adapter.outgoing.submitCase?.send({ ...content, form }, attempt())
    await t.rejects(failing, { ...unrecognised, sent: false }, JSON.stringify([send, form]))
    t.equal(server.received.length, 0)
  }
})

t.test('path, query and headers by template or JSONata, with empty parameters left out', async (t) => {
  const settings = submitting({
    query: { area: '{homeDivision}', name: '=applicant.name', none: '{nowhere}' },
    headers: { 'X-Key': '{key}', 'X-Kind': '=$uppercase(mode)' },
  })
  settings.operations = {
    submitCase: {
      send: { ...settings.operations?.submitCase?.send, method: 'PUT', path: "='/cases/' & caseId & '?v=2'" },
    },
  }
  const { target, headers, method } = await sent(t, settings)
  t.equal(method, 'PUT')
  t.equal(
    target,
    `/rest/cases/${content.caseId}?v=2&area=410221&name=${encodeURIComponent(content.applicant.name)}`,
  )
  t.match(headers, { 'x-kind': 'ONLINE', 'x-key': /^trf_/ })
})

t.test('multipart carries text, JSON and files, with its length told beforehand', async (t) => {
  const body = { no: '=caseId', 'form "x"': '=form', file: '=materials.files', tag: ['a', 'b'] }
  const { headers, body: bytes } = await sent(t, submitting({ as: 'multipart', body }))
  t.equal(headers['content-length'], String(bytes.length))
  t.equal(headers['transfer-encoding'], undefined)
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  }).formData()
  t.equal(form.get('no'), content.caseId)
  t.same(form.getAll('tag'), ['a', 'b'])
  const file = form.get('file') as File
  t.same([file.name, file.type], ['平面图.pdf', 'application/pdf'])
  t.match(await file.text(), /开封市餐饮店平面图/)
  t.ok([...form.keys()].some((name) => name.includes('form')))
})

t.test('large files are streamed, never held', async (t) => {
  const [piece, count] = [Buffer.alloc(256 * 1024, 0x41), 800]
  const size = piece.length * count
  const big = { sha256: 'b'.repeat(64), size, mediaType: 'application/pdf', fileName: 'big.pdf' }
  const given = {
    ...content,
    materials: [{ code: 'M', name: '大', source: 'upload' as const, files: [big] }],
  }
  const { adapter, attempt } = await startDepartment(t, {
    ...submitting({ as: 'multipart', body: { file: '=materials.files' } }),
  })
  const receiver = await startSlowReceiver(t)
  let pulled = 0
  const files = {
    async open() {
      pulled = 0
      return Readable.from(
        (async function* () {
          for (; pulled < size; pulled += piece.length) yield piece
        })(),
      )
    },
  }
  const { signal } = new AbortController()
  const one = { ...withFiles(attempt(), files), http: receiver.http.forAttempt(signal) }
  const sending = adapter.outgoing.submitCase?.send(given, one)
  await receiver.asked
  await settles(() => pulled)
  t.ok(pulled < 32 * 1024 * 1024, `${pulled} bytes read while nobody takes them`)
  const received = receiver.goOn()
  await sending
  t.equal(pulled, size)
  t.ok((await received) > size, 'all of it arrived')
})

/** A department that answers the head of a request by taking nothing of its body until it is told to go on. */
async function startSlowReceiver(t: Tap) {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const http = createHttpClient({
    baseUrl: `http://127.0.0.1:${port}/rest`,
    timeoutMs: 20_000,
    connections: 1,
  })
  t.teardown(async () => {
    await http.close()
    server.close()
  })
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  async function goOn(): Promise<number> {
    const [request, response] = await asked
    let received = 0
    for await (const chunk of request) received += (chunk as Buffer).length
    response.end('{"code":0}')
    return received
  }
  return { http, asked, goOn }
}

/** Waits until `value` has stayed the same for a while. */
async function settles(value: () => number): Promise<void> {
  for (let last = -1; last !== value(); await delay(250)) last = value()
}

t.test('a signature over a streamed body covers what is streamed', async (t) => {
  const { createHash } = await import('node:crypto')
  const signing = {
    scheme: 'hmac' as const,
    key: 'k',
    secret: 's',
    algorithm: 'hash' as const,
    canonical: '{bodyHash}',
  }
  const settings = submitting({ as: 'multipart', body: { file: '=materials.files' } }, { signing })
  const { headers, body } = await sent(t, settings)
  const hex = createHash('sha256').update(body).digest('hex')
  t.equal(headers['x-signature'], createHash('sha256').update(hex).digest('hex'))
})

t.test('files as a list of links that the department fetches by itself', async (t) => {
  const body = { links: '=[$files.{ "of": material, "href": url, "sum": sha256 }]' }
  const { body: bytes } = await sent(t, submitting({ body }))
  t.match(JSON.parse(bytes.toString()), {
    links: [{ of: 'M01', href: /^https:\/\/gateway\.example\/v1\/files\// }],
  })
})

t.test('files too large for Base64 are refused before anything is read', async (t) => {
  const { adapter, attempt } = await startDepartment(t, submitting({ body: '$' }, { files: 'inline' }))
  const file = {
    sha256: 'c'.repeat(64),
    size: 33 * 1024 * 1024,
    mediaType: 'application/pdf',
    fileName: 'x.pdf',
  }
  const given = {
    ...content,
    materials: [{ code: 'M', name: 'x', source: 'upload' as const, files: [file] }],
  }
  await t.rejects(async () => adapter.outgoing.submitCase?.send(given, attempt()), {
    ...unrecognised,
    sent: false,
  })
})

t.test('answers are read as XML and as text, and statuses beside 2xx where they are answers', async (t) => {
  const xml =
    '<?xml version="1.0"?><s:R xmlns:s="urn:x"><s:code k="v">0</s:code><no><![CDATA[A&amp;<1>]]></no><m>好&#x4e00;&lt;</m></s:R>'
  const asXml = { answer: { as: 'xml' as const, code: 'R.code."#text"', reference: 'R.no', message: 'R.m' } }
  const asText = {
    answer: { as: 'text' as const, code: "$split($, '|')[0]", reference: "$split($, '|')[1]" },
  }
  const headed = {
    answer: {
      accept: [409],
      code: '$string($status)',
      reference: '$match($headers.location, /\\d+$/).match',
    },
    codes: { '409': 'duplicate' as const, '201': 'ok' as const },
  }
  const cases: [Partial<DepartmentSettings>, Parameters<typeof answering>[0], unknown][] = [
    [asXml, [{ body: xml, headers: { 'content-type': 'application/xml' } }], { reference: 'A&amp;<1>' }],
    [asText, [{ body: '0|N-7' }], { reference: 'N-7' }],
    [headed, [{ status: 201, headers: { location: '/cases/81' } }], { reference: '81' }],
    [
      headed,
      [{ status: 409, headers: { location: '/cases/81' }, body: {} }],
      { reference: '81', duplicate: true },
    ],
  ]
  for (const [settings, answers, wanted] of cases) {
    const { adapter, attempt } = await startDepartment(
      t,
      { ...submitting({}), ...settings },
      answering(answers),
    )
    t.same(await adapter.outgoing.submitCase?.send(content, attempt()), wanted)
  }
})

const entities = '<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
const hostile: Record<string, string> = {
  'billion laughs': `<!DOCTYPE r [${entities}]><r>&b;</r>`,
  'external entity': '<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:9/c">]><r>&x;</r>',
  'undeclared entity': '<r>&nbsp;</r>',
  'NUL by reference': '<r>&#0;</r>',
  HTML: '<!DOCTYPE html><html><body>维护</body></html>',
  'HTML without doctype': '<html><body><p>x</p></body></html>',
  cut: '<r><code>0</code>',
  deep: `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`,
  wide: `<r>${'<a/>'.repeat(450_000)}</r>`,
  'no XML': 'code=0',
}

t.test('hostile XML is unrecognised, whatever it tries', async (t) => {
  const answer = { as: 'xml' as const, code: 'r.code' }
  for (const [name, body] of Object.entries(hostile)) {
    const behaviour = answering([{ body, headers: { 'content-type': 'text/xml' } }])
    const { adapter, attempt } = await startDepartment(t, { ...submitting({}), answer }, behaviour)
    await t.rejects(async () => adapter.outgoing.submitCase?.send(content, attempt()), unrecognised, name)
  }
})

t.test('messages come as form and XML too, and those of no proof need it said', async (t) => {
  const fields = { caseId: 'no', status: 'st', time: 'at' }
  const { adapter } = await startDepartment(t, {
    statuses: { '30': 'case.accepted' },
    incoming: { as: 'form', verify: false, ...fields },
  })
  const message = (body: Buffer) => ({
    method: 'POST',
    path: '/',
    query: {},
    headers: {},
    body,
    receivedAt: new Date(),
  })
  const reading = await adapter.incoming?.read(
    message(Buffer.from('no=case_1&st=30&at=2026-11-23+09%3A00%3A00')),
  )
  t.match(reading?.events, [{ type: 'case.accepted', caseId: 'case_1' }])
  const gbk = encode('no=%BF%AA&st=30&at=x', 'gbk')
  await t.rejects(async () => adapter.incoming?.read(message(gbk)), unrecognised)
  await t.rejects(startDepartment(t, { incoming: fields }), unrecognised)
})
