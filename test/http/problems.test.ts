// Every refusal on the wire is an RFC 9457 problem document, whoever made it, and tells nothing it should not.

import multipart from '@fastify/multipart'
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import t from 'tap'
import problemSchema from '../../schemas/problem.schema.json' with { type: 'json' }
import {
  isProblem,
  notFoundHandler,
  type ProblemCode,
  problem,
  problemCodes,
  problemDocument,
  problemHandler,
} from '../../src/http/problems.ts'
import { compileSchema } from '../../src/settings/schemas.ts'

const check = compileSchema(problemSchema)

function gateway(throws: unknown = new Error('unused')): FastifyInstance {
  const app = Fastify({ bodyLimit: 1000 })
  app.setErrorHandler(problemHandler)
  app.setNotFoundHandler(notFoundHandler)
  app.post('/', async () => ({ ok: true }))
  app.get('/throws', async () => {
    throw throws
  })
  app.get(
    '/number',
    { schema: { querystring: { type: 'object', properties: { n: { type: 'integer' } } } } },
    async () => 'ok',
  )
  return app
}

async function refusal(app: FastifyInstance, request: InjectOptions) {
  const answer = await app.inject(request)
  const body = answer.json() as { status: number; code: string; instance: string; errors?: unknown[] }
  return { answer, body }
}

t.test('every code of the table makes a document that the schema allows', async (t) => {
  for (const code of Object.keys(problemCodes) as ProblemCode[]) {
    const { answer, body } = await refusal(gateway(problem(code, { detail: 'd', detailZh: '详' })), {
      url: '/throws?secret=1',
    })
    t.equal(answer.statusCode, problemCodes[code].status, code)
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    t.match(body, {
      type: `/problems/${code}`,
      code,
      status: answer.statusCode,
      instance: '/throws',
      detail: 'd',
    })
    t.same(check(body), [], `${code} fits schemas/problem.schema.json`)
  }
})

t.test('titles are in both languages', async (t) => {
  for (const row of Object.values(problemCodes)) {
    t.match(row.title, /^[A-Z][^\u4e00-\u9fff]+$/)
    t.match(row.titleZh, /[\u4e00-\u9fff]/)
  }
})

t.test('all field errors are given at once', async (t) => {
  const errors = [
    { pointer: '/a', code: 'required' as const, message: 'a is missing', messageZh: '缺少 a' },
    { pointer: '/b', code: 'required' as const, message: 'b is missing', messageZh: '缺少 b' },
  ]
  const { body } = await refusal(gateway(problem('invalid-submission', { errors })), { url: '/throws' })
  t.same(body.errors, errors)
  t.same(check(body), [])
})

t.test('unavailable asks to come back, and a place may say when', async (t) => {
  const usual = await refusal(gateway(problem('unavailable')), { url: '/throws' })
  t.match(usual.answer.headers, { 'retry-after': /^\d+$/ })
  const told = await refusal(gateway(problem('unavailable', { headers: { 'retry-after': '17' } })), {
    url: '/throws',
  })
  t.equal(told.answer.headers['retry-after'], '17')
})

t.test('401 names the scheme', async (t) => {
  const { answer } = await refusal(gateway(problem('unauthenticated')), { url: '/throws' })
  t.match(answer.headers['www-authenticate'], /^Bearer/)
})

t.test('an unknown error is internal and leaks nothing', async (t) => {
  for (const error of [
    new Error('password=hunter2'),
    new TypeError('x.y'),
    Object.assign(new Error('SELECT'), { code: '42P01' }),
  ]) {
    const { answer, body } = await refusal(gateway(error), { url: '/throws' })
    t.equal(answer.statusCode, 500)
    t.equal(body.code, 'internal')
    t.notMatch(answer.body, /hunter2|x\.y|SELECT|42P01|node_modules/)
  }
})

t.test('a disk that is full, a database that is away and a cut upload have their own codes', async (t) => {
  for (const [code, expected] of [
    ['ENOSPC', 'storage-full'],
    ['EDQUOT', 'storage-full'],
    ['ECONNREFUSED', 'unavailable'],
    ['57P01', 'unavailable'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'truncated-upload'],
    ['ERR_ENCODING_INVALID_ENCODED_DATA', 'invalid-encoding'],
  ]) {
    const { body } = await refusal(gateway(Object.assign(new Error('x'), { code })), { url: '/throws' })
    t.equal(body.code, expected)
  }
})

const requests: readonly (readonly [rule: string, request: InjectOptions, code: ProblemCode])[] = [
  [
    'malformed JSON',
    { method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, payload: '{"a":' },
    'malformed-json',
  ],
  [
    'an empty JSON body',
    { method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, payload: '' },
    'malformed-json',
  ],
  [
    'a poisoned prototype',
    {
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/json' },
      payload: '{"__proto__":{}}',
    },
    'malformed-json',
  ],
  [
    'a body that is too large',
    {
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/json' },
      payload: `"${'x'.repeat(2000)}"`,
    },
    'too-large',
  ],
  [
    'an unknown media type',
    { method: 'POST', url: '/', headers: { 'content-type': 'image/tiff' }, payload: 'x' },
    'unsupported-media-type',
  ],
  ['an unknown path', { url: '/nowhere/a/b?x=1' }, 'not-found'],
  ['an unknown method', { method: 'DELETE', url: '/' }, 'not-found'],
  ['a query of the wrong type', { url: '/number?n=x' }, 'invalid-request'],
]
for (const [rule, request, code] of requests) {
  t.test(`${rule} is a problem`, async (t) => {
    const { answer, body } = await refusal(gateway(), request)
    t.equal(body.code, code)
    t.equal(answer.statusCode, problemCodes[code].status)
    t.notMatch(body.instance, /\?/)
    t.same(check(body), [])
  })
}

t.test('multipart with too many parts or too large a file is a problem', async (t) => {
  const app = gateway()
  await app.register(multipart, { limits: { parts: 2, fileSize: 10 } })
  app.post('/parts', async (request) => {
    for await (const part of request.parts()) if (part.type === 'file') await part.toBuffer()
    return 'ok'
  })
  const part = (name: string, size: number) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n${'x'.repeat(size)}\r\n`
  const post = (payload: string) =>
    refusal(app, {
      method: 'POST',
      url: '/parts',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      payload: `${payload}--b--\r\n`,
    })
  t.equal((await post(part('a', 1) + part('b', 1) + part('c', 1))).body.code, 'too-many-parts')
  t.equal((await post(part('a', 99))).body.code, 'too-large')
  const other = await refusal(app, {
    method: 'POST',
    url: '/parts',
    headers: { 'content-type': 'application/json' },
    payload: '{}',
  })
  t.equal(other.body.code, 'unsupported-media-type')
})

t.test('a problem is an ordinary Error that Fastify understands', async (t) => {
  const it = problem('not-found', { detail: 'No case of this id', detailZh: '没有此办件' })
  t.ok(isProblem(it) && it instanceof Error)
  t.equal(Object.getPrototypeOf(it), Error.prototype)
  t.equal(it.statusCode, 404)
  t.equal(it.message, 'No case of this id')
  t.notOk(isProblem(new Error('x')))
  t.match(problemDocument(it, '/x'), { code: 'not-found', instance: '/x', detail: 'No case of this id' })
})
