import { Readable } from 'node:stream'
import t from 'tap'
import { captureHttp, Stopped } from '../../src/adapter-kit/capture.ts'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import type { HttpClient, HttpRequest } from '../../src/adapter-kit/http.ts'
import { guisesOf, secretsIn } from '../../src/adapter-kit/secrets.ts'
import { clientCredentials } from '../../src/adapter-kit/signing.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import { failureOf } from './pretended-system.ts'

const schema = {
  properties: { baseUrl: { type: 'string', format: 'uri' }, other: { type: 'string', format: 'uri' } },
}
const settings = { baseUrl: 'https://one.example/base/', other: 'https://two.example' }
const capture = (answers: Parameters<typeof captureHttp>[2] = []) =>
  captureHttp({ settings: schema }, settings, answers)

t.test('a request is written down as it would have gone, and the attempt stops', async (t) => {
  const { http, requests } = capture()
  const asked = {
    method: 'POST',
    url: '/do',
    query: { a: '汉', b: undefined, c: 1 },
    headers: { x: 'y' },
    body: '{}',
  } as const
  await t.rejects(http.request(asked), Stopped)
  t.match(requests, [
    { method: 'POST', url: 'https://one.example/base/do?a=%E6%B1%89&c=1', headers: { x: 'y' } },
  ])
  t.same(requests[0]?.body, { bytes: Buffer.from('{}'), whole: true })
  t.equal(http.target(asked), '/base/do?a=%E6%B1%89&c=1')
})

t.test('it targets exactly what the real client sends', async (t) => {
  const server = await startServer(answering([{ body: {} }]))
  t.teardown(server.close)
  const local = { baseUrl: `${server.origin}/base/`, other: `${server.origin}` }
  const client = systemHttpClient({ settings: schema }, local, { timeoutMs: 2_000, connections: 1 })
  t.teardown(client.close)
  const real = client.forAttempt(new AbortController().signal)
  const asked: HttpRequest[] = [
    { method: 'GET', url: '/a?b=c', query: { d: 'e f' } },
    { method: 'GET', url: `${server.origin}/x//y?z=%20` },
    { method: 'GET', url: '/' },
  ]
  for (const [index, one] of asked.entries()) {
    const { http, requests } = captureHttp({ settings: schema }, local)
    await t.rejects(http.request(one), Stopped)
    await real.request(one)
    t.equal(requests[0]?.url, server.origin + server.received[index]?.target)
    t.equal(http.target(one), real.target(one))
  }
})

t.test('only registered origins may be called, as in truth', async (t) => {
  const { http, requests } = capture()
  for (const url of ['https://three.example/', 'file:///etc/passwd'])
    t.equal((await failureOf(http.request({ method: 'GET', url }))).kind, 'unrecognised')
  t.same(requests, [])
  await t.rejects(http.request({ method: 'GET', url: 'https://two.example/x' }), Stopped)
})

t.test('given answers are played, so that a whole flow is seen', async (t) => {
  const json = { 'content-type': 'application/json' }
  const both = capture([
    { status: 200, headers: json, body: Buffer.from('{"token":"T"}') },
    { status: 503, headers: {}, body: Buffer.alloc(0) },
  ])
  t.same((await both.http.request({ method: 'POST', url: '/token' })).json(), { token: 'T' })
  t.equal((await failureOf(both.http.request({ method: 'POST', url: '/do' }))).kind, 'unavailable')
  await t.rejects(both.http.request({ method: 'POST', url: '/more' }), Stopped)
  await t.rejects(both.http.request({ method: 'POST', url: '/ignored' }), Stopped)
  t.equal(both.requests.length, 3)
  t.equal(both.stopped, true)
})

t.test('of an endless stream only the beginning is read; forms are told by their parts', async (t) => {
  const { http, requests } = capture([{ status: 200, headers: {}, body: Buffer.alloc(0) }])
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(65_536)
    })(),
  )
  await http.request({ method: 'PUT', url: '/file', body: endless })
  t.match(requests[0]?.body, { whole: false })
  t.equal(endless.destroyed, true)
  const form = new FormData()
  form.append('no', '1')
  form.append('file', new File(['abc'], 'a.pdf'))
  await t.rejects(http.request({ method: 'POST', url: '/form', body: form }), Stopped)
  t.same(requests[1]?.body, {
    parts: [
      { name: 'no', value: '1' },
      { name: 'file', fileName: 'a.pdf', bytes: 3 },
    ],
  })
})

t.test('secrets of settings are found through every kind of schema', async (t) => {
  const secret = { type: 'string', writeOnly: true }
  const root = {
    $defs: { account: { properties: { key: secret } } },
    properties: {
      plain: { type: 'string' },
      one: secret,
      list: { items: secret },
      accounts: { items: { $ref: '#/$defs/account' } },
      named: { additionalProperties: { properties: { pin: secret } } },
      either: { oneOf: [{ properties: { a: secret } }, { properties: { b: {} } }] },
      whole: { writeOnly: true, properties: { x: {} } },
    },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
    allOf: [{ if: {}, then: { properties: { conditional: secret } } }],
  }
  const value = {
    plain: 'shown',
    one: 's1',
    list: ['s2', 's3'],
    accounts: [{ key: 's4' }],
    named: { n: { pin: 's5' } },
    either: { a: 's6', b: 'shown' },
    whole: { x: 's7' },
    conditional: 's8',
  }
  t.same(secretsIn(root, value).sort(), ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'])
  t.same(secretsIn(undefined, value), [])
})

t.test('a secret is known in every guise', async (t) => {
  const guises = guisesOf('p&s "1"/+')
  for (const one of [
    'p&s "1"/+',
    'p%26s%20%221%22%2F%2B',
    'p%26s+%221%22%2F%2B',
    'p&s \\"1\\"/+',
    'p&amp;s "1"/+',
  ])
    t.ok(guises.includes(one), one)
  t.ok(guises.includes(Buffer.from('p&s "1"/+').toString('base64')))
})

const tokenForm = { 'content-type': 'application/x-www-form-urlencoded' }
const tokens = () =>
  clientCredentials({ tokenUrl: 'https://two.example/token', clientId: 'c', clientSecret: 's' })
const attempted = (http: HttpClient) => ({
  http,
  now: () => new Date(),
  signal: new AbortController().signal,
})

t.test('who asks for an OAuth 2.0 token gets one, so that the attempt stops at what it is for', async (t) => {
  const { http, requests } = capture()
  t.same(await tokens().authorise(attempted(http)), { Authorization: 'Bearer pretended-token' })
  await t.rejects(http.request({ method: 'POST', url: '/do', body: '{}' }), Stopped)
  t.match(requests, [
    { url: 'https://two.example/token', forToken: true },
    { url: 'https://one.example/base/do', forToken: undefined },
  ])
})

t.test('given answers are kept for what follows, unless they hold the token', async (t) => {
  const headers = { 'content-type': 'application/json' }
  const told = { status: 200, headers, body: Buffer.from('{"code":"0"}') }
  const token = { status: 200, headers, body: Buffer.from('{"access_token":"T1"}') }
  for (const [answers, header] of [
    [[told], 'Bearer pretended-token'],
    [[token, told], 'Bearer T1'],
  ] as const) {
    const { http, stopped } = capture(answers)
    t.same(await tokens().authorise(attempted(http)), { Authorization: header })
    t.same((await http.request({ method: 'POST', url: '/do' })).json(), { code: '0' })
    t.equal(stopped, false)
  }
})

t.test('only such a form is a request for a token', async (t) => {
  const body = 'grant_type=client_credentials'
  const others: HttpRequest[] = [
    { method: 'POST', url: '/token', body },
    {
      method: 'POST',
      url: '/token',
      headers: { 'content-type': 'application/json' },
      body: `{"a":"${body}"}`,
    },
    { method: 'POST', url: '/token', headers: tokenForm, body: 'grant_type=password' },
    { method: 'POST', url: '/token', headers: tokenForm, body: `a=${body}` },
    { method: 'PUT', url: '/token', headers: tokenForm, body },
  ]
  for (const one of others) await t.rejects(capture().http.request(one), Stopped)
  t.ok(await capture().http.request({ method: 'POST', url: '/token', headers: tokenForm, body }))
})
