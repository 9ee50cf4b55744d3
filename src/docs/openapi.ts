// The OpenAPI 3.1 document, made from the route table and schemas/ so that neither is described twice.
// A route without `config.doc` is not part of the contract and does not appear.

import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import type { Access } from '../security/access.ts'
import { cookieName } from '../security/sessions.ts'
import { schemaComponents } from './components.ts'
import { type AnswerDoc, type ContentDoc, type DocSchema, type RouteDoc, refusalOf } from './route-doc.ts'

const JSON_TYPE = 'application/json'

interface OpenApiDeps {
  version: string
  /** Base address of the gateway, without a trailing slash. */
  publicUrl: string
}

/** Call on the root before any route. Serves GET /openapi.json once the app is ready. */
export async function installOpenApi(app: FastifyInstance, deps: OpenApiDeps): Promise<void> {
  const schemas = schemaComponents()
  const documented = new Map<string, RouteDoc>()
  await app.register(swagger, {
    convertConstToEnum: false,
    stripBasePath: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '通办网关 Tongban Gateway',
        version: deps.version,
        description: '“一件事一次办”集成网关的接口。 The HTTP contract at the edges of the gateway.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as { name: string },
      },
      servers: [{ url: deps.publicUrl }],
      components: { schemas, securitySchemes: securitySchemes(deps.publicUrl) },
    },
    transform: ({ url, route }) => {
      const { doc, access } = route.config ?? {}
      if (doc === undefined) return { url, schema: { hide: true } }
      const id = doc.operationId ?? operationIdOf(`${route.method} ${url}`)
      documented.set(id, doc)
      return { url: named(url, doc), schema: { operationId: id, ...schemaFor(doc, access) } }
    },
    transformObject: (made) => {
      const document = 'openapiObject' in made ? made.openapiObject : {}
      addExamples((document.paths ?? {}) as Paths, documented)
      restoreExamples((document.components?.schemas ?? {}) as Record<string, DocSchema>, schemas)
      return document
    },
  })
  app.get('/openapi.json', { config: { access: 'public' } }, (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(app.swagger()),
  )
}

const securitySchemes = (publicUrl: string) =>
  ({
    client: {
      type: 'http',
      scheme: 'bearer',
      description: '平台、部门、邮政企业的访问令牌。 Access token of a machine client.',
    },
    operator: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieName(publicUrl.startsWith('https:')),
      description: '运维人员会话。 Operator session.',
    },
  }) as const

function schemaFor(doc: RouteDoc, access: Access | undefined): FastifySchema {
  const { tags, summary, description, params, query, headers, body, responses } = doc
  const answers = Object.entries(responses).map(([status, it]) => [status, answer(it)] as const)
  const { description: problem, ...refused } = refusalOf('错误 Problem (RFC 9457)')
  const refusal = { description: problem, ...content(refused, ...(doc.ownForm ? [ownForm] : [])) }
  return {
    tags,
    summary,
    security: securityOf(access),
    ...(description === undefined ? {} : { description }),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: content(...[body].flat().map(closed)) }),
    response: Object.fromEntries([...answers, ['default', refusal]]),
  }
}

function answer(it: AnswerDoc): Record<string, unknown> {
  const { description } = it
  return { description, ...('empty' in it ? { type: 'null' } : content(it, ...(it.or ? [it.or] : []))) }
}

/** A body of ours takes no member that it does not name (http/members.ts). */
const closed = (body: ContentDoc): ContentDoc =>
  body.schema ? { ...body, schema: closedSchema(body.schema) as DocSchema } : body

function closedSchema(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map(closedSchema)
  const inside = Object.fromEntries(Object.entries(schema).map(([key, one]) => [key, closedSchema(one)]))
  const isOpen = typeof inside.properties === 'object' && inside.additionalProperties === undefined
  return isOpen ? { ...inside, additionalProperties: false } : inside
}

const ownForm = { contentType: '*/*' }

/** Paths of OpenAPI have no asterisks. */
const named = (url: string, { rest }: RouteDoc): string => (rest ? url.replace(/\*$/, `:${rest}`) : url)

function content(...docs: readonly ContentDoc[]): { content: Record<string, unknown> } {
  return {
    content: Object.fromEntries(
      docs.map(({ contentType = JSON_TYPE, schema = {} }) => [contentType, { schema }]),
    ),
  }
}

type Media = Record<string, { examples?: ContentDoc['examples'] }>
interface Operation {
  operationId: string
  requestBody?: { content?: Media }
  responses: Record<string, { content?: Media }>
}
type Paths = Record<string, Record<string, Operation>>

/** The library drops examples that stand beside a reference, so they are put in at the end. */
function addExamples(paths: Paths, documented: ReadonlyMap<string, RouteDoc>): void {
  for (const operation of Object.values(paths).flatMap((it) => Object.values(it))) {
    const doc = documented.get(operation.operationId)
    if (doc === undefined) continue
    fill(operation.requestBody?.content, [doc.body ?? []].flat())
    for (const [status, it] of Object.entries(doc.responses))
      if (!('empty' in it)) fill(operation.responses[status]?.content, [it])
  }
}

/** The library takes a member of an example for a keyword where it is named like one. */
function restoreExamples(made: Record<string, DocSchema>, written: Record<string, DocSchema>): void {
  for (const [name, { examples }] of Object.entries(written))
    if (examples !== undefined && made[name]) made[name] = { ...made[name], examples }
}

function fill(media: Media | undefined, docs: readonly ContentDoc[]): void {
  for (const { contentType = JSON_TYPE, examples } of docs) {
    const found = media?.[contentType]
    if (examples !== undefined && found !== undefined) found.examples = examples
  }
}

/** For bearer tokens OpenAPI 3.1 lets the list name what the token must be allowed. */
function securityOf(access: Access | undefined): Record<string, string[]>[] {
  if (typeof access === 'object') return [{ client: [access.scope] }]
  return access?.startsWith('operator:') ? [{ operator: [access.slice('operator:'.length)] }] : []
}

function operationIdOf(route: string): string {
  return route
    .toLowerCase()
    .replace(/[^a-z0-9]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/[^a-zA-Z0-9]/g, '')
}
