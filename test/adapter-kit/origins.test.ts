import t from 'tap'
import { answering } from '../../src/adapter-kit/conformance/server.ts'
import { createHttpClient } from '../../src/adapter-kit/http.ts'
import { originOf, originsIn } from '../../src/adapter-kit/origins.ts'
import { failureOf, startSystem } from './pretended-system.ts'

const unrecognised = { name: 'AdapterFailure', kind: 'unrecognised' }

t.test('every address of the settings is a registered origin, and nothing else', async (t) => {
  const uri = { type: 'string', format: 'uri' }
  const schema = {
    properties: {
      baseUrl: uri,
      note: { type: 'string' },
      mirrors: { type: 'array', items: uri },
      api: { type: 'object', properties: { tokenUrl: uri } },
      byName: { type: 'object', additionalProperties: uri },
    },
  }
  const settings = {
    baseUrl: 'https://a.example/api',
    note: 'https://note.example',
    mirrors: ['http://b.example:8080/x', 'https://a.example/other'],
    api: { tokenUrl: 'https://c.example/token' },
    byName: { east: 'https://d.example' },
  }
  t.same(originsIn(schema, settings), [
    'https://a.example',
    'http://b.example:8080',
    'https://c.example',
    'https://d.example',
  ])
})

t.test('only http and https are addresses', async (t) => {
  for (const url of ['', '/x', 'ftp://a.example', 'file:///etc', 'javascript:1', 'http:']) {
    t.throws(() => originOf(url), unrecognised, url)
  }
})

t.test('only registered origins are called, and redirects are never followed', async (t) => {
  const other = await startSystem(t, answering([{ body: {} }]))
  const { server, request } = await startSystem(
    t,
    answering([{ status: 307, headers: { location: `${other.server.origin}/` } }]),
  )
  const foreign = await failureOf(request({ url: `${other.server.origin}/do` }))
  t.same([foreign.kind, foreign.sent], ['unrecognised', false])
  for (const url of [
    'do',
    '//127.0.0.1/x',
    'file:///etc/passwd',
    `${server.origin}@evil.example/`,
    'http://[::1]:1/',
  ]) {
    t.equal((await failureOf(request({ url }))).kind, 'unrecognised', url)
  }
  t.equal((await failureOf(request())).kind, 'unrecognised')
  t.equal(other.server.received.length, 0)
})

t.test('link-local and metadata addresses are never dialled, other networks only as allowed', async (t) => {
  for (const host of [
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '[fe80::1]',
    '[::ffff:169.254.169.254]',
    '2852039166',
  ]) {
    t.throws(
      () => createHttpClient({ baseUrl: `http://${host}/`, timeoutMs: 100, connections: 1 }),
      unrecognised,
      host,
    )
  }
  const { server } = await startSystem(t, answering([{ body: {} }]))
  const port = new URL(server.origin).port
  const narrow = createHttpClient({
    baseUrl: `http://localhost:${port}`,
    timeoutMs: 500,
    connections: 1,
    allowedNetworks: ['10.0.0.0/8'],
  })
  t.teardown(narrow.close)
  const failure = await failureOf(
    narrow.forAttempt(new AbortController().signal).request({ method: 'GET', url: '/' }),
  )
  t.same([failure.kind, failure.sent], ['unavailable', false], 'a name is checked when it is dialled')
  t.equal(server.received.length, 0)
})
