// The inbox of a department that can only call out: it fetches what we would have sent it, and says that it has it.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Inboxes, Verdict } from '../delivery/inbox.ts'
import type { System } from '../delivery/systems.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { jsonOf } from '../http/json-body.ts'
import { stored } from '../http/ledger-away.ts'
import { membersOf, unknownMembers } from '../http/members.ts'
import { rawBodies } from '../http/messages.ts'
import { wholeNumber } from '../http/pages.ts'
import { problem } from '../http/problems.ts'
import { unknownParameters } from '../http/query-parameters.ts'
import { isStorable } from '../http/storable.ts'
import { clientOf } from '../security/access.ts'
import { inboxDocs } from './inbox-docs.ts'

interface InboxDeps {
  systems: ReadonlyMap<string, System>
  inboxes: Inboxes
  settings: { limits: { maxBodyBytes: number } }
}

const MAX_WAIT_SECONDS = 30
const MAX_ITEMS = 50

type InboxRequest = FastifyRequest<{
  Params: { system: string; id: string }
  Querystring: { wait?: string; limit?: string }
}>

export async function inboxRoutes(app: FastifyInstance, deps: InboxDeps): Promise<void> {
  const access = { scope: 'systems:inbox' } as const
  await app.register(async (scope) => {
    await rawBodies(scope, deps.settings.limits.maxBodyBytes)
    const closing = new AbortController()
    scope.addHook('preClose', async () => closing.abort())

    scope.get(
      '/v1/systems/:system/inbox',
      // What is fetched is leased: whoever only asks for the head would keep it from the department for a minute.
      { exposeHeadRoute: false, config: { access, doc: inboxDocs.fetch } },
      async (request: InboxRequest, reply) => {
        const system = inboxOf(deps, request)
        const { wait, limit } = asked(request.query)
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const items = await stored(
          deps.inboxes.fetch(system, limit, wait * 1000, AbortSignal.any([gone.signal, closing.signal])),
        )
        // Leased to whoever fetched it: nobody else may be shown it again.
        reply.header('cache-control', 'no-store')
        return { items }
      },
    )

    scope.post(
      '/v1/systems/:system/inbox/:id/ack',
      { config: { access, doc: inboxDocs.acknowledge } },
      async (request: InboxRequest) => {
        const system = inboxOf(deps, request)
        const verdict = verdictOf(jsonOf(request))
        const outcome = await stored(deps.inboxes.acknowledge(system, request.params.id, verdict))
        if (outcome === 'unknown')
          throw problem('not-found', {
            detail: `the inbox of ${system.id} has no item ${request.params.id}`,
            detailZh: `${system.id} 的收件箱中没有 ${request.params.id}`,
          })
        return { id: request.params.id, repeated: outcome === 'repeated' }
      },
    )
  })
}

function inboxOf(deps: InboxDeps, request: InboxRequest): System {
  const system = deps.systems.get(request.params.system)
  if (!system?.adapter.inbox)
    throw problem('unknown-system', {
      detail: `there is no system ${request.params.system} with an inbox`,
      detailZh: `没有使用收件箱的系统 ${request.params.system}`,
    })
  if (!system.settings.pushClients.includes(clientOf(request).id)) throw problem('forbidden')
  return system
}

function asked(query: InboxRequest['query']): { wait: number; limit: number } {
  const { wait: seconds = '0', limit: items = String(MAX_ITEMS) } = query
  const errors = unknownParameters(query, ['wait', 'limit'])
  const wait = wholeNumber('wait', seconds, { least: 0, most: MAX_WAIT_SECONDS }, errors)
  const limit = wholeNumber('limit', items, { least: 1, most: MAX_ITEMS }, errors)
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return { wait, limit }
}

function verdictOf(body: unknown): Verdict {
  const given = membersOf(body)
  const { outcome, reference, code, reason } = given
  const errors: FieldError[] = unknownMembers(given, ['outcome', 'reference', 'code', 'reason'])
  const wrong = (pointer: string, en: string, zh: string): void =>
    void errors.push(fieldError(pointer, 'invalid-value', en, zh))
  if (outcome !== 'taken' && outcome !== 'refused')
    wrong('/outcome', 'outcome must be taken or refused', 'outcome 须为 taken 或 refused')
  if (reference !== undefined && !isText(reference, 100))
    wrong(
      '/reference',
      'reference must be text of 1 to 100 characters',
      'reference 须为 1 至 100 个字符的文本',
    )
  if (code !== undefined && !isText(code, 100))
    wrong('/code', 'code must be text of 1 to 100 characters', 'code 须为 1 至 100 个字符的文本')
  if (outcome === 'refused' && !isText(reason, 500))
    wrong('/reason', 'a refusal needs a reason of 1 to 500 characters', '拒收须说明原因，1 至 500 个字符')
  if (errors.length > 0) throw problem('invalid-request', { errors })
  if (outcome === 'taken') return { outcome, ...(reference ? { reference: reference as string } : {}) }
  return { outcome: 'refused', reason: reason as string, ...(code ? { code: code as string } : {}) }
}

const isText = (value: unknown, longest: number): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longest && isStorable(value)
