// Just enough of a gateway for the city to talk to: it takes everything, remembers by key, relays nothing by itself.
// The real gateway is never imported here.

import { createHash } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import iconv from 'iconv-lite'
import type { Test } from 'tap'
import { webhookSignature } from '../../src/sandbox/signature.ts'

type Fields = Record<string, unknown>

interface FakeGateway {
  url: string
  /** Parsed submissions by external number (canonical or county). */
  submissions: Map<string, Fields>
  materials: Map<string, { bytes: Buffer; mediaType: string }>
  /** Every POST as it came: path, key, body. */
  posts: { path: string; key: string; body: Buffer; contentType: string }[]
  /** Answers the next requests with this status instead, and still does the work when `after`. */
  failNext(times: number, status: number, after?: boolean): void
  /** Sends a signed CloudEvent to a callbacks address. */
  notify(
    url: string,
    secret: string,
    event: { id: string; type: string; caseId: string; sequence: number; data?: Fields },
  ): Promise<number>
  app: FastifyInstance
}

const materialsAsked = [
  {
    code: 'id-card',
    name: { zh: '身份证' },
    required: true,
    sources: ['certificate', 'upload'],
    certificateType: 'T1',
    mediaTypes: ['application/pdf', 'image/jpeg'],
    maxBytes: 100_000,
  },
  {
    code: 'plan',
    name: { zh: '平面图' },
    required: true,
    sources: ['upload'],
    mediaTypes: ['image/png'],
    maxBytes: 30_000,
  },
  { code: 'seal', name: { zh: '印章' }, required: true, sources: ['paper'], mediaTypes: [], maxBytes: 0 },
]
const form = {
  type: 'object',
  required: ['shopName', 'area', 'opened'],
  properties: {
    shopName: { type: 'string', examples: ['小馆'] },
    area: { type: 'number', minimum: 10, maximum: 99 },
    opened: { type: 'string', format: 'date' },
  },
}

export async function fakeGateway(t: Test): Promise<FakeGateway> {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 50_000_000 })
  const submissions: FakeGateway['submissions'] = new Map()
  const materials: FakeGateway['materials'] = new Map()
  const posts: FakeGateway['posts'] = []
  const answered = new Map<string, Fields>()
  const trouble = { times: 0, status: 503, after: false }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST') return
    const key = String(request.headers['idempotency-key'] ?? '')
    const contentType = String(request.headers['content-type'])
    posts.push({ path: request.url, key, body: request.body as Buffer, contentType })
    if (trouble.times > 0 && !trouble.after) {
      trouble.times--
      return reply.code(trouble.status).send({})
    }
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'POST' || trouble.times <= 0 || !trouble.after) return payload
    trouble.times--
    reply.code(trouble.status)
    return '{}'
  })
  app.get('/v1/themes', async () => ({
    themes: ['t1', 't2', 't3', 't4', 't5'].map((code) => ({
      code,
      modes: ['online', 'agent', 'appointment'],
    })),
  }))
  app.get('/v1/themes/:code', async (request) => ({
    code: (request.params as { code: string }).code,
    applicant: 'person',
    modes: ['online', 'agent', 'appointment'],
    situations: [
      { code: 'hasFire', type: 'boolean' },
      { code: 'kind', type: 'choice', choices: [{ value: 'a' }, { value: 'b' }] },
    ],
    form,
  }))
  app.get('/v1/themes/:code/checklist', async () => ({ materials: materialsAsked }))
  app.post('/v1/materials', async (request, reply) => {
    const bytes = request.body as Buffer
    const materialId = `mat_${createHash('sha256').update(bytes).digest('hex').slice(0, 26)}`
    materials.set(materialId, { bytes, mediaType: String(request.headers['content-type']) })
    return reply.code(201).send({ materialId })
  })
  const take = (externalId: string, canonical: Fields) => {
    const known = answered.get(externalId)
    if (known) return { replayed: true, answer: known }
    submissions.set(externalId, canonical)
    const root = String(answered.size + 1).padStart(26, '0')
    const answer = {
      submissionId: `sub_${root}`,
      cases: [{ caseId: `case_${root}01`, matter: 'm', system: 'health', state: 'pending' }],
    }
    answered.set(externalId, answer)
    return { replayed: false, answer }
  }
  app.post('/v1/submissions', async (request, reply) => {
    const body = submissionPart(request.body as Buffer, String(request.headers['content-type']))
    const { replayed, answer } = take(String(body.externalId), body)
    if (replayed) reply.header('idempotent-replayed', 'true')
    return reply.code(replayed ? 200 : 202).send(answer)
  })
  app.post('/v1/platforms/:platform/submissions', async (request, reply) => {
    const theirs = JSON.parse(iconv.decode(request.body as Buffer, 'gb18030')) as Fields
    const { answer } = take(String(theirs.sqbh), theirs)
    const said = { code: '0', message: '成功', data: { blbh: answer.submissionId, bjlb: answer.cases } }
    return reply.type('application/json; charset=gb18030').send(iconv.encode(JSON.stringify(said), 'gb18030'))
  })
  app.post('/v1/cases/:id/supplements', async () => ({ ok: true }))
  app.post('/v1/cases/:id/appointment', async () => ({ ok: true }))
  app.post('/v1/systems/:id/events', async () => ({ code: '0', message: 'ok' }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  return {
    url,
    submissions,
    materials,
    posts,
    app,
    failNext: (times, status, after = false) => void Object.assign(trouble, { times, status, after }),
    notify,
  }
}

async function notify(
  url: string,
  secret: string,
  event: { id: string; type: string; caseId: string; sequence: number; data?: Fields },
): Promise<number> {
  const { id, type, caseId, sequence, data } = event
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: 'test',
    type,
    subject: caseId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    sequence: String(sequence),
    data: { caseId, ...data },
  })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${webhookSignature(secret, id, timestamp, body)}`,
  }
  const answer = await fetch(url, { method: 'POST', headers, body })
  await answer.arrayBuffer()
  return answer.status
}

function submissionPart(body: Buffer, contentType: string): Fields {
  if (!contentType.startsWith('multipart/')) return JSON.parse(body.toString()) as Fields
  const text = body.toString('latin1')
  const start = text.indexOf('\r\n\r\n', text.indexOf('name="submission"')) + 4
  return JSON.parse(body.subarray(start, text.indexOf('\r\n--', start)).toString()) as Fields
}
