import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { schemaComponents } from '../../src/docs/components.ts'
import { installOpenApi } from '../../src/docs/openapi.ts'
import { referenceRoutes } from '../../src/docs/reference.ts'
import { componentName, schemaOf } from '../../src/docs/route-doc.ts'
import { installAccess } from '../../src/security/access.ts'
import { noBrowser, openPage } from '../security/browser.ts'
import { accessSettings } from '../security/edge.ts'

const example = { externalId: 'KF20261123000017', theme: 'open-restaurant' }

function routes(app: FastifyInstance): void {
  app.post(
    '/v1/submissions',
    {
      config: {
        access: { scope: 'submissions:write' },
        doc: {
          tags: ['Platform 平台'],
          summary: 'Submit 提交申办',
          operationId: 'submit',
          headers: {
            type: 'object',
            properties: { 'idempotency-key': { type: 'string', description: 'IETF draft' } },
          },
          body: [
            {
              schema: schemaOf('submission'),
              examples: { restaurant: { summary: '开办餐饮店', value: example } },
            },
            {
              contentType: 'multipart/form-data',
              schema: { type: 'object', properties: { submission: schemaOf('submission') } },
            },
          ],
          responses: {
            202: {
              description: 'Accepted 已接收',
              schema: { type: 'object', properties: { submissionId: { type: 'string' } } },
            },
          },
        },
      },
    },
    // More than the documented answer has: documentation must not drop it.
    (request) => ({ submissionId: 'sub_1', received: request.body }),
  )
  app.get(
    '/v1/cases/:id/events',
    {
      config: {
        access: { scope: 'submissions:read' },
        doc: {
          tags: ['Platform 平台'],
          summary: "A case's events 办件事件",
          query: { type: 'object', properties: { after: { type: 'string' } } },
          responses: {
            200: { description: 'The events', schema: { type: 'array', items: schemaOf('event') } },
          },
        },
      },
    },
    () => [],
  )
  app.get('/internal', { config: { access: 'public' } }, () => 'undocumented')
}

async function start(t: Test): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true })
  t.teardown(() => app.close())
  installAccess(app, accessSettings())
  await installOpenApi(app, { version: '1.2.3', publicUrl: 'https://tongban.example' })
  await referenceRoutes(app)
  routes(app)
  await app.ready()
  return app
}

t.test('the document is made from the routes that say what they do', async (t) => {
  const answer = await (await start(t)).inject('/openapi.json')
  t.match(answer, { statusCode: 200, headers: { 'content-type': /application\/json/ } })
  const document = answer.json()
  t.match(document, {
    openapi: '3.1.0',
    info: { version: '1.2.3' },
    servers: [{ url: 'https://tongban.example' }],
    components: { securitySchemes: { operator: { name: '__Host-tongban' } } },
  })
  t.same(Object.keys(document.paths), ['/v1/submissions', '/v1/cases/{id}/events'])
  t.match(document.paths['/v1/submissions'].post, {
    operationId: 'submit',
    security: [{ client: ['submissions:write'] }],
    parameters: [{ in: 'header', name: 'idempotency-key' }],
    requestBody: {
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Submission' },
          examples: { restaurant: { value: example } },
        },
        'multipart/form-data': { schema: { type: 'object' } },
      },
    },
    responses: {
      202: { description: 'Accepted 已接收', content: { 'application/json': {} } },
      default: {
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  })
  t.match(document.paths['/v1/cases/{id}/events'].get, {
    operationId: 'getV1CasesIdEvents',
    parameters: [
      { in: 'query', name: 'after' },
      { in: 'path', name: 'id', required: true },
    ],
  })
})

t.test('every reference of the document leads somewhere inside it', async (t) => {
  const document = (await (await start(t)).inject('/openapi.json')).json()
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((it) => it[1] ?? '')
  t.ok(references.length > 10)
  for (const it of new Set(references)) {
    const found = it
      .replace(/^#\//, '')
      .split('/')
      .reduce<Record<string, unknown> | undefined>(
        (node, key) =>
          node?.[key.replaceAll('~1', '/').replaceAll('~0', '~')] as Record<string, unknown> | undefined,
        document,
      )
    t.ok(it.startsWith('#/') && found, it)
  }
})

t.test('documentation changes nothing about what a route takes and answers', async (t) => {
  const app = await start(t)
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/submissions',
    headers: { authorization: 'Bearer token-of-today' },
    payload: { anything: 1 },
  })
  t.same(answer.json(), { submissionId: 'sub_1', received: { anything: 1 } })
})

t.test('schemas that refer to each other are joined; a dangling reference stops the gateway', (t) => {
  const file = (name: string, schema: object) => ({ name, path: name, text: JSON.stringify(schema) })
  const event = file('case-event.schema.json', {
    $id: 'https://tongban.example/schemas/case-event.schema.json',
    properties: {
      case: { $ref: 'case.schema.json#/$defs/id' },
      self: { $ref: '#/$defs/x' },
      all: { $ref: 'https://tongban.example/schemas/case.schema.json' },
    },
  })
  const kase = file('case.schema.json', { $id: 'https://tongban.example/schemas/case.schema.json' })
  t.match(schemaComponents([event, kase, file('config/gateway.schema.json', {})]), {
    CaseEvent: {
      properties: {
        case: { $ref: '#/components/schemas/Case/$defs/id' },
        self: { $ref: '#/components/schemas/CaseEvent/$defs/x' },
        all: { $ref: '#/components/schemas/Case' },
      },
    },
    Case: {},
  })
  t.throws(() => schemaComponents([event]), { message: /case-event.schema.json refers to case.schema.json/ })
  t.equal(componentName('case-event'), 'CaseEvent')
  t.end()
})

t.test(
  'the reference is readable in a browser without the internet',
  { skip: noBrowser, timeout: 90_000 },
  async (t) => {
    const app = await start(t)
    const home = await app.listen({ port: 0, host: '127.0.0.1' })
    const { page, complaints } = await openPage(t, home)
    const answer = await page.goto(`${home}/docs`)
    const policy = String(answer?.headers()['content-security-policy'])
    t.match(policy, /script-src 'nonce-[\w-]{22}'/)
    t.notMatch(policy, /script-src[^;]*unsafe/)
    await page.getByRole('heading', { name: '通办网关 Tongban Gateway' }).first().waitFor()
    await page.getByText('Submit 提交申办').first().waitFor()
    await page.waitForTimeout(1_000)
    t.same(complaints, [])
    const other = await page.goto(`${home}/docs/`)
    t.not(other?.headers()['content-security-policy'], policy, 'a nonce is used once')
  },
)
