// POST /v1/submissions, …/check, and the platforms' own formats.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { InboundMessage, Incoming } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import type { System } from '../delivery/systems.ts'
import { FILE_PART, schemaOf } from '../docs/route-doc.ts'
import { idempotencyKey, keyHeader, optionalKey, optionalKeyHeader } from '../http/idempotency-key.ts'
import { jsonTextOf, mediaTypeOf } from '../http/json-body.ts'
import {
  bodyOf,
  inboundMessage,
  problemOfReading,
  rawBodies,
  refusedOutcome,
  sha256,
} from '../http/messages.ts'
import { hasBom, readJsonStrict } from '../http/parse-json.ts'
import { isProblem, problem, problemHeaders } from '../http/problems.ts'
import { acceptMultipart } from '../materials/form-parts.ts'
import type { MaterialStore } from '../materials/store.ts'
import { clientOf } from '../security/access.ts'
import { type Incoming as Arrived, accept, check, type IntakeDeps, withAll } from './accept.ts'
import { createDoor } from './door.ts'
import { readMultipartSubmission, refusalOf } from './multipart.ts'
import { observed, type SubmissionObserver } from './observing.ts'
import { evidenceOf, keepEvidence, type ReportObserver } from './reporting.ts'

interface SubmissionDeps extends IntakeDeps {
  store: MaterialStore
  systems: ReadonlyMap<string, System>
  observer: SubmissionObserver & ReportObserver
}

export async function submissionRoutes(app: FastifyInstance, deps: SubmissionDeps): Promise<void> {
  await app.register(async (scope) => {
    await rawBodies(scope, deps.settings.limits.maxBodyBytes)
    await acceptMultipart(scope)
    const door = createDoor({
      pending: deps.ledger.pending,
      answers: deps.ledger.presence.answers,
      observe: deps.observer.atTheDoor,
    })

    scope.post(
      '/v1/submissions',
      { config: { access: { scope: 'submissions:write' }, streams: 'forms', doc: submitDoc } },
      async (request, reply) => {
        const client = clientOf(request)
        if (!client.platform)
          throw problem('forbidden', {
            detail: `client ${client.id} is not assigned to a platform`,
            detailZh: `客户端 ${client.id} 未关联平台`,
          })
        const from = { client: client.id, platform: client.platform }
        const enter = (bytes: number, read: () => Read) =>
          door.pass(client.id, bytes, () =>
            accept(deps, {
              ...read(),
              client,
              platform: from.platform,
              idempotencyKey: idempotencyKey(request),
            }),
          )
        const accepted = await observed(deps.observer, from, async () => {
          if (!request.isMultipart()) return enter(bodyOf(request).length, () => readJson(request))
          // A form takes as long as its files do.
          const form = await readForm(request, deps)
          return enter(form.body.length, () => form)
        })
        if (accepted.replayed) reply.header('idempotent-replayed', 'true')
        return reply.code(accepted.replayed ? 200 : 202).send(accepted.answer)
      },
    )

    scope.post(
      '/v1/submissions/check',
      { config: { access: { scope: 'submissions:write' }, streams: 'forms', doc: checkDoc } },
      async (request) => {
        const read = request.isMultipart() ? await readForm(request, deps) : readJson(request)
        const { checked } = await check(deps, { ...read, client: clientOf(request) })
        return {
          valid: true,
          cases: checked.plan.cases.map(({ matter, system, after, mode }) => ({
            matter,
            system,
            after,
            mode,
          })),
          materials: checked.plan.materials.map(({ code, matters }) => ({ code, matters })),
        }
      },
    )

    scope.post<{ Params: { platform: string } }>(
      '/v1/platforms/:platform/submissions',
      { config: { access: { scope: 'submissions:write' }, doc: platformDoc } },
      async (request, reply) => {
        const client = clientOf(request)
        const system = deps.systems.get(request.params.platform)
        const incoming = system?.adapter.incoming
        if (system?.kind !== 'platform' || !incoming)
          throw problem('unknown-platform', {
            detail: `there is no platform ${request.params.platform} that sends submissions`,
            detailZh: `没有可提交申办的平台 ${request.params.platform}`,
          })
        if (client.platform !== request.params.platform)
          throw problem('forbidden', {
            detail: `client ${client.id} may not submit for ${request.params.platform}`,
            detailZh: `客户端 ${client.id} 不能代 ${request.params.platform} 提交`,
          })
        const message = inboundMessage(request, deps.ledger.now())
        const from = { client: client.id, platform: system.id }
        try {
          const accepted = await observed(deps.observer, from, () =>
            door.pass(client.id, message.body.length, async () =>
              accept(deps, {
                raw: await readBy(deps, system, incoming, message),
                body: message.body,
                mediaType: mediaTypeOf(request),
                parts: new Map(),
                client,
                platform: system.id,
                idempotencyKey: optionalKey(request) ?? `body:${sha256(message.body)}`,
              }),
            ),
          )
          if (accepted.replayed) reply.header('idempotent-replayed', 'true')
          return answer(
            reply,
            incoming.acknowledge(
              { ok: true, duplicate: accepted.replayed, answer: accepted.answer },
              message,
            ),
          )
        } catch (error) {
          if (!isProblem(error)) throw error
          reply.headers(problemHeaders(error))
          return answer(reply, incoming.acknowledge(refusedOutcome(error), message))
        }
      },
    )
  })
}

/**
 * The platform's own message, not yet normalised. What nobody can read is kept for a person, as callbacks
 * are; what is read and refused is named to its sender, and what proves no sender is nobody's.
 * @throws problem in place of what its adapter throws
 */
async function readBy(
  deps: SubmissionDeps,
  system: System,
  incoming: Incoming,
  message: InboundMessage,
): Promise<unknown> {
  try {
    return (await incoming.read(message)).submission
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    if (error.kind === 'unrecognised') await keepEvidence(deps, system.id, evidenceOf(message), error.message)
    throw problemOfReading(error)
  }
}

function answer(
  reply: { code(status: number): { headers(h: Record<string, string>): { send(b: unknown): unknown } } },
  given: { status: number; headers?: Record<string, string>; body: string | Buffer },
): unknown {
  return reply
    .code(given.status)
    .headers(given.headers ?? {})
    .send(given.body)
}

type Read = Pick<Arrived, 'raw' | 'unsafe' | 'refused' | 'body' | 'text' | 'mediaType' | 'parts'>

async function readForm(request: FastifyRequest, { store, settings }: SubmissionDeps): Promise<Read> {
  const form = await readMultipartSubmission(request, { store, limits: settings.limits })
  const { value, unsafe } = readJsonStrict(form.submission)
  const refusal = refusalOf(form.refused)
  return {
    raw: value,
    unsafe: unsafe && refusal ? withAll(unsafe, refusal.errors ?? []) : (unsafe ?? refusal),
    refused: form.refused,
    body: form.submission,
    mediaType: 'multipart/form-data',
    parts: form.files,
  }
}

const noParts: Read['parts'] = new Map()

function readJson(request: FastifyRequest): Read {
  const { value, text, unsafe } = jsonTextOf(request)
  const body = bodyOf(request)
  const exact = hasBom(body) ? {} : { text }
  return { raw: value, unsafe, body, ...exact, mediaType: mediaTypeOf(request), parts: noParts }
}

const tags = ['Submissions 申办']
const acceptedSchema = schemaOf('submission-receipt')
const forms = [
  { schema: schemaOf('submission') },
  {
    contentType: 'multipart/form-data',
    schema: {
      type: 'object',
      required: ['submission'],
      properties: { submission: schemaOf('submission') },
      additionalProperties: FILE_PART,
    },
  },
]
const submitDoc = {
  tags,
  summary: 'Submit one theme 提交一件事申办',
  headers: keyHeader,
  body: forms,
  description:
    '202 means: every file is on stable storage, every hash was checked, the ledger is committed. 返回 202 即表示材料已落盘、校验通过、台账已提交。',
  responses: {
    202: { description: 'Accepted', schema: acceptedSchema },
    200: {
      description: 'The same request before: its first answer, with Idempotent-Replayed: true',
      schema: acceptedSchema,
    },
  },
}
const checkDoc = {
  tags,
  summary: 'The same validation, nothing stored 仅校验不保存',
  body: forms,
  responses: { 200: { description: 'It would be accepted', schema: schemaOf('submission-check') } },
}
const platformDoc = {
  tags,
  summary: "A platform's own format 平台自有格式",
  description:
    'Without an Idempotency-Key the bytes themselves are the key; a repeat is answered with Idempotent-Replayed: true. · 未携带 Idempotency-Key 时以报文内容为准。',
  headers: optionalKeyHeader,
  query: { type: 'object', properties: {}, additionalProperties: true },
  body: { contentType: '*/*' },
  ownForm: true,
  responses: {
    202: { description: "Accepted; in the platform's own form", contentType: '*/*' },
    200: { description: 'The same, where its form or a repeat has it so', contentType: '*/*' },
  },
}
