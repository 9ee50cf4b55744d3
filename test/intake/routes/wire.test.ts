// The wire itself: unknown paths and methods, headers without end, bodies that crawl, HTTP that is none. Each gets an
// answer that says what is wrong, and the gateway goes on.

import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { type ProblemCode, problemCodes } from '../../../src/http/problem-codes.ts'
import { newborn, platformAt, rawExchange, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const platform = platformAt(running.url)
const raw = (text: string, ms?: number) => rawExchange(running.port, text.replaceAll('\n', '\r\n'), ms)
/** An answer written to the socket is the document that any other refusal is. */
function isProblem(t: Test, answer: string, code: ProblemCode): void {
  const [head, body] = answer.split('\r\n\r\n') as [string, string]
  t.match(head, new RegExp(`^HTTP/1\\.1 ${problemCodes[code].status} `))
  t.match(head, /content-type: application\/problem\+json/)
  t.match(JSON.parse(body), { code, status: problemCodes[code].status, titleZh: /./, detailZh: /./ })
}

const authorization = `authorization: Bearer ${tokens.kaifeng}`

t.test('a path that is not there is a problem in both languages, for any method', async (t) => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const ask = method === 'GET' ? {} : { body: {} }
    refused(t, await platform.call(method, '/v1/nothing', ask), 'not-found')
    refused(t, await platform.call(method, '/', ask), 'not-found')
  }
  for (const path of [
    '/v1/submissions/',
    '/v1//submissions',
    '/V1/themes',
    '/v1/cases/x/y/z',
    '/.env',
    '/v1/%2e%2e/ops',
  ])
    refused(t, await platform.get(path), 'not-found')
})

t.test(
  'a method that a path does not have is refused, without a stack or a hint of the machine',
  async (t) => {
    for (const [method, path] of [
      ['PUT', '/v1/submissions'],
      ['DELETE', '/v1/submissions/sub_1'],
      ['PATCH', '/v1/materials'],
      ['GET', '/v1/materials'],
      ['OPTIONS', '/v1/submissions'],
    ] as const) {
      const answer = await platform.call(method, path)
      refused(t, answer, 'method-not-allowed')
      t.match(answer.headers.get('allow') ?? '', path.includes('sub_1') ? 'GET, HEAD' : 'POST')
      t.notMatch(answer.body.toString(), /at .*\.ts|node_modules|file:\/\//)
    }
  },
)

t.test('the wrong path and the wrong method are said first, whatever the body is', async (t) => {
  const bodies = [
    { body: '{', type: 'application/json' },
    { body: 'x', type: 'image/tiff' },
    { body: '{"a":1,"a":2}', type: 'application/json; charset=gbk' },
  ]
  for (const ask of bodies) {
    refused(t, await platform.call('PUT', '/v1/themes', ask), 'method-not-allowed')
    refused(t, await platform.call('DELETE', '/v1/systems/health/events', ask), 'method-not-allowed')
    refused(t, await platform.call('POST', '/v1/nothing', ask), 'not-found')
  }
  const query = await raw('QUERY /v1/themes HTTP/1.1\nhost: x\nconnection: close\n\n')
  isProblem(t, query, 'method-not-allowed')
})

t.test('HEAD answers as GET would, without a body', async (t) => {
  for (const path of ['/v1/themes', '/healthz', '/v1/themes/newborn']) {
    const head = await platform.call('HEAD', path, { key: null })
    const get = await platform.get(path)
    t.equal(head.status, get.status, path)
    t.equal(head.body.length, 0)
    t.equal(head.headers.get('etag'), get.headers.get('etag'))
  }
  t.equal((await platform.call('HEAD', '/v1/nothing')).status, 404)
  const fetched = '/v1/systems/health/inbox'
  t.equal((await platform.call('HEAD', fetched)).status, 405, 'to fetch an inbox is more than to look at it')
})

t.test('a path that cannot be decoded is a problem like any other', async (t) => {
  for (const path of ['/v1/themes/%', '/v1/themes/%E0%A4%A', '/v1/themes/%FF'])
    refused(t, await platform.get(path), 'invalid-request')
})

t.test('a path that cannot be decoded or is far too long is refused', async (t) => {
  for (const path of ['/v1/themes/%', '/v1/themes/%FF']) t.equal((await platform.get(path)).status, 400)
  for (const path of [`/v1/themes/${'x'.repeat(5_000)}`, `/v1/submissions/${'a'.repeat(1_000)}`]) {
    refused(t, await platform.get(path), 'invalid-request')
  }
})

t.test('what a query may not hold is refused, not looked up', async (t) => {
  for (const query of [
    'externalId=%00',
    'externalId=a%00b',
    'externalId=%ED%A0%80',
    `externalId=${'x'.repeat(3_000)}`,
  ]) {
    const answer = await platform.get(`/v1/submissions?${query}`)
    t.ok(
      answer.status === 400 || (answer.status === 200 && answer.json().items.length === 0),
      `${query.slice(0, 40)}: ${answer.status}`,
    )
  }
  for (const query of [
    'home=410204&mode=online&situations=%00',
    'home=%00&mode=online',
    'home=410204&mode=__proto__',
    'home=410204&mode=online&situations={"married":"\\u0000"}',
  ])
    refused(t, await platform.get(`/v1/themes/newborn/checklist?${query}`), 'invalid-request')
})

t.test('headers without end are refused with 431', async (t) => {
  const answer = await raw(`GET /v1/themes HTTP/1.1\nhost: x\nx-long: ${'x'.repeat(100_000)}\n\n`)
  t.match(answer, /^HTTP\/1\.1 431/)
  t.match(answer, '"code":"headers-too-large"')
  const many = Array.from({ length: 3_000 }, (_, i) => `x-${i}: 1`).join('\n')
  t.match(
    await raw(`GET /healthz HTTP/1.1\nhost: x\nconnection: close\n${many}\n\n`),
    /^HTTP\/1\.1 (431|200)/,
  )
})

t.test('what is no HTTP is answered with 400 and closed', async (t) => {
  for (const text of ['hello\n\n', 'GET / HTTP/9.9\n\n', `\u0016\u0003\u0001\u0002\n\n`])
    isProblem(t, await raw(text), 'invalid-request')
  isProblem(t, await raw('GET /healthz HTTP/1.1\nconnection: close\n\n'), 'invalid-request')
  t.match(await raw('GET /healthz HTTP/1.0\n\n'), /^HTTP\/1\.1 200/, 'which needs no host')
  const expecting = 'GET /healthz HTTP/1.1\nhost: x\nconnection: close\nexpect: tea\n\n'
  t.match(await raw(expecting), /^HTTP\/1\.1 200/, 'an expectation that nobody knows')
})

t.test('a request that two servers could read differently is refused', async (t) => {
  const both = `POST /v1/submissions HTTP/1.1\nhost: x\n${authorization}\ncontent-length: 4\ntransfer-encoding: chunked\n\n0\n\n`
  isProblem(t, await raw(both), 'invalid-request')
  const twice = `POST /v1/submissions HTTP/1.1\nhost: x\ncontent-length: 4\ncontent-length: 5\n\nabcd`
  isProblem(t, await raw(twice), 'invalid-request')
  const hosts = 'GET /healthz HTTP/1.1\nhost: x\nHost: y\nconnection: close\n\n'
  isProblem(t, await raw(hosts), 'invalid-request')
  const body = 'host: x\ncontent-type: application/json\nconnection: close'
  const chunks = '2\n{}\n0\n\n'
  const coded = (version: string, coding: string) =>
    raw(
      `POST /v1/submissions HTTP/${version}\n${body}\n${authorization}\ntransfer-encoding: ${coding}\n\n${chunks}`,
    )
  for (const [version, coding] of [
    ['1.1', 'gzip, chunked'],
    ['1.0', 'chunked'],
  ] as const)
    isProblem(t, await coded(version, coding), 'invalid-request')
  t.match(await coded('1.1', 'Chunked'), /^HTTP\/1\.1 400[\s\S]*idempotency-key-missing/)
})

t.test('a body that crawls does not hold up anybody else', async (t) => {
  await nothingKept(t, running, async () => {
    const start = `POST /v1/submissions HTTP/1.1\nhost: x\n${authorization}\nidempotency-key: slow\ncontent-type: application/json\ncontent-length: 100\n\n{`
    const crawling = Array.from({ length: 20 }, () => raw(start, 700))
    const began = performance.now()
    t.equal((await platform.get('/v1/themes')).status, 200)
    t.equal((await platform.post('/v1/submissions/check', { body: newborn() })).status, 200)
    t.ok(performance.now() - began < 600)
    await Promise.all(crawling)
  })
})

t.test(
  'who sends too much learns it though he sends all of it first, and his connection goes on',
  async (t) => {
    const bytes = 6_000_000
    for (const path of ['/v1/submissions', '/v1/submissions/check', '/v1/systems/human-resources/events']) {
      const head = `POST ${path} HTTP/1.1\r\nhost: x\r\n${authorization}\r\nidempotency-key: much\r\ncontent-type: application/json\r\n`
      const announced = [`${head}content-length: ${bytes}\r\n\r\n`, 'x'.repeat(bytes)]
      const chunked = [
        `${head}transfer-encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n`,
        'x'.repeat(bytes),
        '\r\n0\r\n\r\n',
      ]
      for (const pieces of [announced, chunked]) {
        const next = 'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
        const heard = await rawExchange(running.port, pieces.join('') + next)
        t.match(heard, /^HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 /, path)
      }
    }
  },
)

t.test(
  'a proxy that keeps no connection is still sending when its caller is refused, and hears why',
  async (t) => {
    const bytes = 6_000_000
    for (const [version, connection] of [
      ['1.0', ''],
      ['1.1', 'connection: close\r\n'],
    ])
      for (const [status, path, allowed] of [
        [401, '/v1/materials', ''],
        [413, '/v1/submissions/check', `${authorization}\r\n`],
      ] as const) {
        const head = `POST ${path} HTTP/${version}\r\nhost: x\r\n${allowed}${connection}content-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`
        const socket = connect(running.port, '127.0.0.1').setEncoding('latin1')
        let heard = ''
        socket.on('data', (text) => (heard += text))
        socket.write(`${head}x`)
        await new Promise((go) => setTimeout(go, 100))
        const whole = await new Promise((go) => socket.once('error', go).write('x'.repeat(bytes - 1), go))
        t.notOk(whole, 'nobody hangs up on him')
        if (!socket.closed) await new Promise((go) => socket.once('close', go))
        t.match(heard, new RegExp(`^HTTP/1\\.1 ${status} `), `${version} ${path}`)
      }
  },
)

t.test('who asks for another protocol and is refused while it sends gets the next answer too', async (t) => {
  const upgrade = 'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAA\r\n'
  const next = `GET /healthz HTTP/1.1\r\nhost: x\r\n${upgrade}\r\n`
  const socket = connect(running.port, '127.0.0.1').setEncoding('latin1')
  t.teardown(() => socket.destroy())
  let heard = ''
  socket.on('data', (text) => (heard += text))
  const hears = async (pattern: RegExp, ms: number) => {
    for (let waited = 0; waited < ms && !pattern.test(heard); waited += 20)
      await new Promise((go) => setTimeout(go, 20))
    return pattern.test(heard)
  }
  socket.write(`POST /v1/materials HTTP/1.1\r\nhost: x\r\n${upgrade}content-length: 9000\r\n\r\nx`)
  const early = await hears(/401/, 200)
  socket.write('x'.repeat(8_999) + (early ? next : ''))
  if (!early && (await hears(/401/, 2_000))) socket.write(next)
  t.ok(await hears(/^HTTP\/1\.1 401 [\s\S]*HTTP\/1\.1 200 /, 2_000), heard)
})

t.test('more bytes than announced are not taken for the body', async (t) => {
  const body = JSON.stringify(newborn())
  const request = `POST /v1/submissions/check HTTP/1.1\nhost: x\n${authorization}\nconnection: close\ncontent-type: application/json\ncontent-length: 5\n\n`
  t.match(await raw(request + body), /^HTTP\/1\.1 400/)
})

t.test('two answers come in order on one connection', async (t) => {
  const ask = (path: string, more = '') => `GET ${path} HTTP/1.1\nhost: x\n${authorization}\n${more}\n`
  const heard = await raw(ask('/v1/themes/newborn') + ask('/v1/nothing', 'connection: close\n'))
  t.ok(heard.indexOf('HTTP/1.1 200') < heard.indexOf('HTTP/1.1 404'))
})

t.test('a request that is refused and turns out to be broken is answered once', async (t) => {
  const coded = `POST /v1/submissions HTTP/1.1\nhost: x\n${authorization}\ntransfer-encoding: xchunked\n\n2\n{}\n0\n\n`
  const heard = await raw(coded)
  isProblem(t, heard, 'invalid-request')
  t.equal(heard.split('HTTP/1.1 4').length - 1, 1)
})

t.test('what was asked before garbage is answered, and then the connection ends', async (t) => {
  const body = JSON.stringify(newborn())
  const request = `POST /v1/submissions/check HTTP/1.1\nhost: x\n${authorization}\ncontent-type: application/json\ncontent-length: ${Buffer.byteLength(body)}\n\n`
  const heard = await raw(`${request}${body}\0\0`)
  t.match(heard, /^HTTP\/1\.1 200 /)
  t.notMatch(heard, /HTTP\/1\.1 400/)
})
