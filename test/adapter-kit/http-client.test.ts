import { Readable } from 'node:stream'
import t from 'tap'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { createHttpClient } from '../../src/adapter-kit/http.ts'
import { failureOf, rawServer, startSystem } from './pretended-system.ts'

const unrecognised = { name: 'AdapterFailure', kind: 'unrecognised' }

t.test('a relative address is appended to the base address and its query is encoded', async (t) => {
  const { server, client, request } = await startSystem(t, answering([{ body: { ok: 1 } }]), {
    path: '/health/',
  })
  const asked = { url: '/a?b=1', query: { name: '张 三', none: undefined, n: 2 } }
  const answer = await request(asked)
  t.same(answer.json(), { ok: 1 })
  t.equal(server.received[0]?.target, '/health/a?b=1&name=%E5%BC%A0%20%E4%B8%89&n=2')
  t.equal(client.forAttempt(new AbortController().signal).target(asked), server.received[0]?.target)
})

t.test('text, bytes, streams and forms are sent as they are', async (t) => {
  const { server, request } = await startSystem(t, answering([{ body: {} }]))
  const form = new FormData()
  form.append('name', '平面图')
  form.append('file', new Blob(['abc']), '图.pdf')
  for (const body of [
    '文',
    Buffer.from('bytes'),
    Readable.from([Buffer.from('st'), Buffer.from('ream')]),
    form,
  ]) {
    await request({ body })
  }
  const bodies = server.received.map(({ body }) => body.toString())
  t.same(bodies.slice(0, 3), ['文', 'bytes', 'stream'])
  t.match(bodies[3], /name="file"; filename="图.pdf"[\s\S]*abc/)
  t.match(server.received[3]?.headers['content-type'], /^multipart\/form-data; boundary=/)
})

t.test('statuses are named by what happens next', async (t) => {
  const table: [number, string][] = [
    [302, 'unrecognised'],
    [400, 'rejected'],
    [401, 'unauthorised'],
    [403, 'unauthorised'],
    [404, 'rejected'],
    [408, 'uncertain'],
    [409, 'rejected'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [502, 'uncertain'],
    [503, 'unavailable'],
    [504, 'uncertain'],
    [507, 'unavailable'],
  ]
  for (const [status, kind] of table) {
    const { request } = await startSystem(t, answering([{ status, body: 'secret words' }]))
    const failure = await failureOf(request({ url: '/do?idNumber=41020419850307' }))
    t.same([failure.kind, failure.status, failure.sent], [kind, status, true], String(status))
    t.equal(failure.message, `POST /do answered ${status}`, 'neither query nor body is told')
  }
})

t.test('a status that the adapter accepts is an answer', async (t) => {
  const { request } = await startSystem(t, answering([{ status: 409, body: { code: 'dup' } }]))
  t.same((await request({ accept: [404, 409] })).json(), { code: 'dup' })
})

t.test('Retry-After is understood in seconds and as a date, for 429 and 503', async (t) => {
  const date = 'Mon, 23 Nov 2026 01:30:00 GMT'
  const dated = { date, 'retry-after': 'Mon, 23 Nov 2026 01:30:20 GMT' }
  const cases: [number, Record<string, string>, number | undefined][] = [
    [429, { 'retry-after': '12' }, 12_000],
    [503, { 'retry-after': '3' }, 3_000],
    [429, dated, 20_000],
    [429, { date, 'retry-after': 'Mon, 23 Nov 2026 01:00:00 GMT' }, 0],
    [429, { 'retry-after': 'soon' }, undefined],
    [500, { 'retry-after': '12' }, undefined],
  ]
  for (const [status, headers, wait] of cases) {
    const { request } = await startSystem(t, answering([{ status, headers }]))
    t.equal((await failureOf(request())).retryAfterMs, wait, `${status} ${JSON.stringify(headers)}`)
  }
})

t.test('text is decoded by its charset, and a wrong charset is never mended', async (t) => {
  const body = '{"name":"王𬀩"}'
  const good = await startSystem(
    t,
    answering([
      { body, charset: 'gb18030' },
      { body, charset: 'utf-8' },
    ]),
  )
  t.equal((await good.request()).text(), body)
  t.equal((await good.request()).text(), body)

  const bytes = Buffer.from([0x22, 0xb3, 0xc9, 0xb9, 0xa6, 0x22]).toString('base64')
  const silent = await startSystem(
    t,
    answering([{ bodyBase64: bytes, headers: { 'content-type': 'application/json' } }]),
  )
  t.equal(
    (await silent.request({ charset: 'gbk' })).json(),
    '成功',
    'the adapter knows what the header does not say',
  )
  const wrong = await silent.request()
  t.throws(() => wrong.json(), unrecognised)

  const odd = await startSystem(
    t,
    answering([{ body: '{}', headers: { 'content-type': 'application/json; charset=big5' } }]),
  )
  const answer = await odd.request()
  t.throws(() => answer.text(), unrecognised)
})

t.test('what is not JSON is unrecognised only when it is read as JSON', async (t) => {
  const { request } = await startSystem(
    t,
    answering([{ body: '<xml/>' }, { body: '{}', headers: { 'content-encoding': 'gzip' } }]),
  )
  const xml = await request()
  t.equal(xml.text(), '<xml/>')
  t.throws(() => xml.json(), unrecognised)
  const packed = await request()
  t.throws(() => packed.json(), unrecognised, 'nothing is decompressed')
})

t.test('an answer is read only as far as the request allows', async (t) => {
  const { request } = await startSystem(t, answering([{ body: 'x'.repeat(2_000_000) }]))
  t.equal((await failureOf(request())).kind, 'unrecognised', 'one MiB when nothing is said')
  t.equal((await request({ maxBytes: 3_000_000 })).body.length, 2_000_000)
})

t.test(
  'the attempt’s signal ends a request that waits for its answer, which is then uncertain',
  async (t) => {
    const { request } = await startSystem(t, () => {})
    const began = performance.now()
    const failure = await failureOf(request({}, AbortSignal.timeout(60)))
    t.same([failure.kind, failure.sent], ['uncertain', true])
    t.ok(performance.now() - began < 1_000)
  },
)

t.test('a request that never left because the signal came first is surely not sent', async (t) => {
  const { server, request } = await startSystem(t, answering([{}]))
  const before = await failureOf(request({}, AbortSignal.abort()))
  t.same([before.kind, before.sent], ['unavailable', false])

  const { request: ask, server: busy } = await startSystem(t, () => {})
  const held = [ask({}, AbortSignal.timeout(400)), ask({}, AbortSignal.timeout(400))].map(failureOf)
  const queued = await failureOf(ask({}, AbortSignal.timeout(50)))
  t.same([queued.kind, queued.sent], ['unavailable', false], 'behind requests that hold both connections')
  await Promise.all(held)
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.same([server.received.length, busy.received.length], [0, 2], 'nor is it sent afterwards')
})

t.test('silence longer than the time limit is uncertain', async (t) => {
  const { request } = await startSystem(t, () => {}, { timeoutMs: 80 })
  t.equal((await failureOf(request())).kind, 'uncertain')
})

t.test('a status that was told outweighs a body that breaks off', async (t) => {
  const { request } = await startSystem(t, (response) => {
    response.writeHead(401, { 'content-length': 100 })
    response.write('x')
    setImmediate(() => response.destroy())
  })
  t.equal((await failureOf(request())).kind, 'unauthorised')
})

t.test('what is not HTTP is unrecognised, a cut answer is uncertain', async (t) => {
  const table: [string, string][] = [
    ['SSH-2.0-OpenSSH_9.9\r\n', 'unrecognised'],
    ['HTTP/1.1 200 OK\r\nContent-Le', 'uncertain'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 'uncertain'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', 'uncertain'],
    [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 'unrecognised'],
    ['', 'uncertain'],
  ]
  for (const [bytes, kind] of table) {
    const baseUrl = await rawServer(t, (socket) => socket.end(bytes))
    const client = createHttpClient({ baseUrl, timeoutMs: 2_000, connections: 1 })
    t.teardown(client.close)
    const failure = await failureOf(
      client.forAttempt(new AbortController().signal).request({ method: 'POST', url: '/', body: 'x' }),
    )
    t.equal(failure.kind, kind, JSON.stringify(bytes.slice(0, 50)))
  }
})

t.test('an interim answer is passed over', async (t) => {
  const baseUrl = await rawServer(t, (socket) =>
    socket.end(
      'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}',
    ),
  )
  const client = createHttpClient({ baseUrl, timeoutMs: 2_000, connections: 1 })
  t.teardown(client.close)
  t.same(
    (await client.forAttempt(new AbortController().signal).request({ method: 'GET', url: '/' })).json(),
    {},
  )
})

t.test('so is 100 Continue that nobody asked for, at once or a while before the answer', async (t) => {
  const [interim, answer] = [
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}',
  ]
  const baseUrl = await rawServer(t, (socket) => {
    socket.write(interim + interim + answer)
    socket.on('data', () => {
      socket.write('HTTP/1.1 100 Continue\r\nServer: old\r\n\r\n')
      setTimeout(() => socket.write(answer), 30)
    })
  })
  const client = createHttpClient({ baseUrl, timeoutMs: 2_000, connections: 1 })
  t.teardown(client.close)
  for (const body of ['first', 'second', 'third']) {
    const asked = client.forAttempt(new AbortController().signal)
    t.same((await asked.request({ method: 'POST', url: '/', body })).json(), {}, body)
  }
})

t.test('nobody there, no such name, no TLS: surely not sent', async (t) => {
  const { server } = await startSystem(t, answering([{}]))
  const gone = await startServer(answering([{}]))
  await gone.close()
  const secure = server.origin.replace('http:', 'https:')
  for (const baseUrl of [gone.origin, 'http://no-such-host.invalid', secure]) {
    const client = createHttpClient({ baseUrl, timeoutMs: 2_000, connections: 1 })
    t.teardown(client.close)
    const failure = await failureOf(
      client.forAttempt(new AbortController().signal).request({ method: 'GET', url: '/' }),
    )
    t.same([failure.kind, failure.sent], ['unavailable', false], `${baseUrl}: ${failure.message}`)
  }
})
