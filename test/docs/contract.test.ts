// The OpenAPI document is what the gateway does: whoever makes a client of it gets every answer, and every part of it.

import { createHash } from 'node:crypto'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import t, { type Test } from 'tap'
import { componentName } from '../../src/docs/route-doc.ts'
import { createLinks } from '../../src/materials/links.ts'
import { countySubmission } from '../../src/sandbox/platform/county.ts'
import { createAjv, readSchemas } from '../../src/settings/schemas.ts'
import { asOperator, operatorEnvironment } from '../support/operator.ts'
import { type Answer, newborn, number, platformAt, scan, tokens } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'
import { closed, subschemas } from '../support/strict-schemas.ts'

interface Content {
  content?: Record<string, { schema?: object }>
}
interface Form {
  additionalProperties: object
}
interface Operation {
  requestBody?: Content
  parameters?: { in: string; name: string }[]
  responses: Record<string, Content>
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, { examples?: unknown }> }
}

const running = await runGateway(t, { roles: ['api'], env: await operatorEnvironment() })
const platform = platformAt(running.url)
const county = platformAt(running.url, tokens.county)
const operator = await asOperator(running.url)
const document: OpenApi = (await platform.get('/openapi.json')).json()
const { bytes: file } = scan('application/pdf')
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

t.test('only what has no body is described without one', async (t) => {
  for (const { path, method, operation } of operations)
    for (const [status, { content }] of Object.entries(operation.responses))
      t.equal(content === undefined, status === '304', `${method} ${path} ${status}`)
})

t.test('every part of a path that varies is a parameter with a name', async (t) => {
  for (const { path, method, operation } of operations) {
    const parts = [...path.matchAll(/\{(.*?)\}/g)].map((it) => it[1])
    const named = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name)
    t.strictSame(named.sort(), parts.sort(), `${method} ${path}`)
    t.ok(
      named.every((name) => /^\w+$/.test(name)),
      named.join(),
    )
  }
})

t.test(
  'a form whose parts are named and others says of these no type that contradicts a named one',
  async (t) => {
    const forms = operations.flatMap(({ path, operation }) => {
      const form = operation.requestBody?.content?.['multipart/form-data']?.schema as Form | undefined
      return form ? [{ path, form }] : []
    })
    t.strictSame(forms.map(({ path }) => path).sort(), [
      '/v1/materials',
      '/v1/submissions',
      '/v1/submissions/check',
    ])
    for (const { path, form } of forms) t.notOk('type' in form.additionalProperties, path)
  },
)

t.test('examples are those of schemas/, with every member', async (t) => {
  for (const { name, text } of readSchemas().filter((one) => !one.name.includes('/'))) {
    const shown = document.components.schemas[componentName(name.replace('.schema.json', ''))]
    t.strictSame(shown?.examples, JSON.parse(text).examples, name)
  }
})

const ajv: Ajv2020 = createAjv()
ajv.addVocabulary(Object.keys(document))
ajv.addSchema({ ...(closed(document) as object), $id: 'openapi' })

/** The answer is one that the operation names, whole: status, media type and every member. */
function asDescribed(t: Test, operation: string, status: number, answer: Answer): void {
  const [method = '', path = ''] = operation.toLowerCase().split(' ')
  t.equal(answer.status, status, `${operation}: ${answer.body.toString().slice(0, 300)}`)
  const responses = document.paths[path]?.[method]?.responses ?? {}
  const name = String(status) in responses ? String(status) : 'default'
  t.ok(name !== 'default' || status >= 400, `${operation} names ${status}`)
  const { content } = responses[name] ?? {}
  if (content === undefined) return void t.equal(answer.body.length, 0, operation)
  const sent = (answer.headers.get('content-type') ?? '').split(';')[0]!
  const type = sent in content ? sent : '*/*'
  t.ok(type in content, `${operation} ${status} may be ${sent}`)
  if (!/json$/.test(type)) return
  const at = ['paths', path, method, 'responses', name, 'content', type, 'schema']
  const pointer = at.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')))
  const check = ajv.compile({ $ref: `openapi#/${pointer.join('/')}` })
  check(answer.json())
  const faults = (check.errors ?? []).map(
    (one) => `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`,
  )
  t.strictSame(faults, [], operation)
}

/** It is read as described, and is not sent again to whoever has it. */
async function unchanged(t: Test, operation: string, at: string, asking: typeof operator | object = {}) {
  const answer = await platform.get(at, asking)
  asDescribed(t, operation, 200, answer)
  t.equal(answer.headers.get('cache-control'), 'private, no-cache')
  const headers = {
    ...(asking as { headers?: object }).headers,
    'if-none-match': answer.headers.get('etag') ?? '',
  }
  asDescribed(t, operation, 304, await platform.get(at, { ...asking, headers }))
}

t.test('whatever is read of the gateway has an ETag, unless it is fetched once or is a page', async (t) => {
  const others = operations.filter(({ path, method, operation }) => {
    return method === 'get' && /^.(v1|ops)/.test(path) && !('304' in operation.responses)
  })
  t.strictSame(others.map(({ path }) => path).sort(), [
    '/ops/v1/unreadable/{system}/{sha256}',
    '/v1/submissions/{id}/custody.html',
    '/v1/systems/{system}/events',
    '/v1/systems/{system}/inbox',
  ])
})

t.test('a body is described as it is taken: no further members, no empty texts', async (t) => {
  const forms = operations.flatMap(({ path, operation }) => {
    const form = operation.requestBody?.content?.['application/json']?.schema
    return form === undefined ? [] : [{ path, form }]
  })
  t.ok(forms.length > 15)
  for (const { path, form } of forms)
    for (const [pointer, schema] of subschemas(form))
      if (schema.properties !== undefined) t.ok('additionalProperties' in schema, `${path} ${pointer}`)
  let refused = 0
  for (const { path, form } of forms) {
    const { properties = {} } = form as { properties?: Record<string, { type?: string; minLength?: number }> }
    const texts = Object.entries(properties).filter(([, { type }]) => type === 'string')
    for (const [name, { minLength }] of texts) {
      const asker = path.startsWith('/ops') ? operator : {}
      const at = path.replace('{id}', 'case_0').replace('{system}', 'health')
      const { errors = [] } = (await platform.post(at, { ...asker, body: { [name]: '' } })).json()
      if (!errors.some((fault: { pointer: string }) => fault.pointer === `/${name}`)) continue
      refused++
      t.ok((minLength ?? 0) > 0 || 'format' in properties[name]!, `${path} ${name} may be empty`)
    }
  }
  t.ok(refused > 10, `${refused}`)
})

t.test('what is read is as described, and so is what has not changed', async (t) => {
  for (const [path, at] of [
    ['/v1/themes', '/v1/themes'],
    ['/v1/themes/{code}', '/v1/themes/newborn'],
    ['/v1/themes/{code}/checklist', '/v1/themes/newborn/checklist?home=410204&mode=online'],
    ['/v1/halls/{code}/authorisations', '/v1/halls/410204-01/authorisations'],
    ['/v1/slots', '/v1/slots?matter=birth-certificate'],
    ['/v1/events', '/v1/events'],
  ] as const) {
    if (path === '/v1/slots' && (await platform.get(at)).status !== 200) continue
    await unchanged(t, `GET ${path}`, at)
  }
  for (const [path, accept] of [
    ['/problems', 'text/html'],
    ['/problems', 'application/json'],
  ] as const)
    asDescribed(t, `GET ${path}`, 200, await platform.get(path, { headers: { accept } }))
})

t.test('what is sent again gets an answer that is described as the first is', async (t) => {
  const post = async (operation: string, path: string, body: unknown, type = 'application/json') => {
    const ask = { body, type, key: number() }
    const first = await platform.post(path, ask)
    asDescribed(t, operation, operation === 'POST /v1/materials' ? 201 : 202, first)
    asDescribed(t, operation, 200, await platform.post(path, ask))
    return first.json()
  }
  await post('POST /v1/materials', '/v1/materials', scan('application/pdf').bytes, 'application/pdf')
  const submit = () => post('POST /v1/submissions', '/v1/submissions', newborn({ externalId: number() }))
  const { cases } = await submit()
  const { submissionId } = await submit()
  const reason = { reason: '暂不办理' }
  const one = '/v1/submissions/{id}'
  await post('POST /v1/cases/{id}/withdrawal', `/v1/cases/${cases[0].caseId}/withdrawal`, reason)
  await post(`POST ${one}/withdrawal`, `/v1/submissions/${submissionId}/withdrawal`, reason)
})

t.test('a file is answered as described, and its upload names every header that is heard', async (t) => {
  const sha256 = createHash('sha256').update(file).digest('hex')
  const name = { 'x-file-name': encodeURIComponent('扫描件.pdf') }
  const upload = (headers: Record<string, string>) =>
    platform.post('/v1/materials', { body: file, type: 'application/pdf', headers: { ...name, ...headers } })
  const kept = await upload({ 'x-content-sha256': sha256 })
  const digest = `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`
  for (const answer of [kept, await upload({ 'content-digest': digest })])
    asDescribed(t, 'POST /v1/materials', 201, answer)
  const { parameters = [] } = document.paths['/v1/materials']?.post ?? {}
  t.strictSame(parameters.map((one) => one.name).sort(), [
    'Content-Digest',
    'Idempotency-Key',
    'X-Content-SHA256',
    'X-File-Name',
  ])
  const { sha256: hash, size, mediaType, fileName } = kept.json()
  const links = createLinks(running.settings.keys.links, '')
  const path = links.link({ sha256: hash, size, mediaType, fileName })
  const whole = await platform.get(path)
  asDescribed(t, 'GET /v1/files/{token}', 200, whole)
  const range = { range: 'bytes=1-9' }
  asDescribed(t, 'GET /v1/files/{token}', 206, await platform.get(path, { headers: range }))
  const known = { 'if-none-match': whole.headers.get('etag') ?? '' }
  asDescribed(t, 'GET /v1/files/{token}', 304, await platform.get(path, { headers: known }))
})

t.test('what is told in the sender’s own form is described as such, refusals too', async (t) => {
  const own = 'POST /v1/platforms/{platform}/submissions'
  const send = (body: Buffer | string) =>
    county.post('/v1/platforms/county-platform/submissions', {
      body,
      type: 'application/json; charset=gb18030',
    })
  const { body } = countySubmission(newborn({ externalId: number() }), '2026-11-23T09:30:00+08:00')
  for (let times = 0; times < 2; times++) asDescribed(t, own, 200, await send(body as Buffer))
  const canonical = { body: newborn({ externalId: number() }) }
  const path = '/v1/platforms/kaifeng-platform/submissions'
  asDescribed(t, own, 202, await platform.post(path, canonical))
  asDescribed(t, own, 400, await send('[]'))
  const push = await platform.post('/v1/systems/human-resources/events', { body: {} })
  asDescribed(t, 'POST /v1/systems/{system}/events', 401, push)
})

t.test('what operators ask and order is answered as described', async (t) => {
  const reason = '演练'
  const orders: [operation: string, path: string, status: number, body?: object][] = [
    ['POST /ops/v1/systems/{system}/pause', 'systems/health/pause', 200, { reason }],
    ['POST /ops/v1/systems/{system}/resume', 'systems/health/resume', 200],
    [
      'POST /ops/v1/systems/{system}/dead-letters/retry',
      'systems/health/dead-letters/retry',
      202,
      { reason },
    ],
    [
      'POST /ops/v1/systems/{system}/dead-letters/retry',
      'systems/health/dead-letters/retry?dryRun=true',
      200,
      { reason },
    ],
    [
      'POST /ops/v1/systems/{system}/replay',
      'systems/kaifeng-platform/replay',
      202,
      { reason, since: '2026-11-01T00:00:00Z' },
    ],
    [
      'POST /ops/v1/systems/{system}/replay',
      'systems/kaifeng-platform/replay?dryRun=true',
      200,
      { since: '2026-11-01T00:00:00Z' },
    ],
  ]
  for (const [operation, path, status, body] of orders) {
    const ask = { ...operator, key: number(), ...(body === undefined ? {} : { body }) }
    asDescribed(t, operation, status, await platform.post(`/ops/v1/${path}`, ask))
    if (status === 202) asDescribed(t, operation, 200, await platform.post(`/ops/v1/${path}`, ask))
  }
  for (const [path, at = path] of [
    ['systems'],
    ['dead-letters'],
    ['statistics'],
    ['statistics', 'statistics?format=csv'],
    ['reconciliations'],
    ['unreadable'],
    ['custody/overdue'],
    ['systems/{system}/pauses', 'systems/health/pauses'],
    ['catalogue/versions'],
  ] as const)
    await unchanged(t, `GET /ops/v1/${path}`, `/ops/v1/${at}`, operator)
  const version = 'GET /ops/v1/catalogue/versions/{number}'
  asDescribed(t, version, 200, await platform.get('/ops/v1/catalogue/versions/1', operator))
  asDescribed(t, version, 404, await platform.get('/ops/v1/catalogue/versions/99', operator))
})
