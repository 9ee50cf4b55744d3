// What departments, carriers and rating systems tell us: their own message, read by their adapter, recorded
// as events, and answered in their own form only when it is durable. The exact bytes are kept; the same event
// twice happens once. A message of which a part cannot be read is refused after the rest was recorded: it
// comes again, and counts once that part is understood.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type {
  AdapterKind,
  ExternalEvent,
  InboundMessage,
  Incoming,
  IncomingOutcome,
} from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import type { System } from '../delivery/systems.ts'
import type { RouteDoc } from '../docs/route-doc.ts'
import { inboundMessage, rawBodies, refusedOutcome } from '../http/messages.ts'
import { isProblem, problem } from '../http/problems.ts'
import { whyUnstorable } from '../http/storable.ts'
import type { Recorded } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { pushScopes, type Settings } from '../settings/settings.ts'
import { evidenceOf, keepEvidence, recordAll, toldOf } from './reporting.ts'
import { keepUnproved, type UnprovedEvidence, type UnprovedObserver } from './unproved.ts'

interface CallbackDeps {
  ledger: Ledger
  settings: Pick<Settings, 'limits' | 'http'>
  systems: ReadonlyMap<string, System>
  observer: UnprovedObserver
}

interface Receiving extends CallbackDeps {
  unproved: UnprovedEvidence
}

export async function callbackRoutes(app: FastifyInstance, deps: CallbackDeps): Promise<void> {
  await app.register(async (scope) => {
    await rawBodies(scope, deps.settings.limits.maxBodyBytes)
    const receiving = { ...deps, unproved: keepUnproved(deps) }
    const take =
      (...kinds: AdapterKind[]) =>
      (request: FastifyRequest<{ Params: { system: string } }>, reply: FastifyReply) =>
        receive(receiving, kinds, request, reply)
    const signed = (doc: RouteDoc) => ({ config: { access: 'signed' as const, doc } })
    scope.post('/v1/systems/:system/events', signed(eventsDoc), take('department', 'rating'))
    scope.get('/v1/systems/:system/events', signed(describeDoc), (request, reply) =>
      describe(deps, request as FastifyRequest<{ Params: { system: string } }>, reply),
    )
    scope.post('/v1/carriers/:system/tracking', signed(trackingDoc), take('carrier'))
  })
}

/** For the tools of a department's stack, which begin with `?wsdl`: as open as the route that it describes. */
async function describe(
  deps: CallbackDeps,
  request: FastifyRequest<{ Params: { system: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const system = deps.systems.get(request.params.system)
  const asked = Object.keys(request.query as object).some((name) => name.toLowerCase() === 'wsdl')
  const incoming = asked ? system?.adapter.incoming : undefined
  if (!system || !incoming?.describe)
    throw problem('not-found', {
      detail: 'messages are sent here with POST; only a SOAP system has a description, at ?wsdl',
      detailZh: '本地址以 POST 接收消息；仅 SOAP 系统可用 ?wsdl 取得接口描述',
    })
  mayPush(system, request)
  const address = `${deps.settings.http.publicUrl}/v1/systems/${system.id}/events`
  const { status, headers = {}, body } = incoming.describe(address)
  return reply.code(status).headers(headers).send(body)
}

async function receive(
  deps: Receiving,
  kinds: readonly AdapterKind[],
  request: FastifyRequest<{ Params: { system: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const system = deps.systems.get(request.params.system)
  const incoming = system?.adapter.incoming
  if (!system || !kinds.includes(system.kind) || !incoming)
    throw problem('unknown-system', {
      detail: `there is no system ${request.params.system} that sends events`,
      detailZh: `没有可回传消息的系统 ${request.params.system}`,
    })
  const message = inboundMessage(request, deps.ledger.now())
  const outcome = await outcomeOf(deps, system, incoming, message, request)
  const { status, headers = {}, body } = incoming.acknowledge(outcome, message)
  return reply
    .code(status)
    .headers(status === 401 ? { ...challengeOf(system), ...headers } : headers)
    .send(body)
}

/** Every 401 names what would be accepted (RFC 9110 §11.6.1), in whatever form it is told: some clients throw without it. */
const challengeOf = ({ settings }: System): Record<string, string> => ({
  'www-authenticate':
    settings.pushClients.length > 0 ? 'Bearer realm="tongban"' : 'Signature realm="tongban"',
})

async function outcomeOf(
  deps: Receiving,
  system: System,
  incoming: Incoming,
  message: InboundMessage,
  request: FastifyRequest,
): Promise<IncomingOutcome> {
  let proved = false
  const proving = () => {
    proved = true
  }
  try {
    if (mayPush(system, request)) proving()
    const { events = [], unread = [] } = await incoming.read({ ...message, proved: proving })
    const unstorable = whyUnstorable(events)
    if (unstorable !== null) throw new AdapterFailure('unrecognised', unstorable)
    const recorded = await Promise.all(recordAll(deps, system.id, events, evidenceOf(message)))
    for (const { failure, ...line } of unread)
      await (proved
        ? keepEvidence(deps, system.id, line, toldOf(failure), 'once')
        : deps.unproved.keep(system.id, line, toldOf(failure)))
    const outcome = summary(events, recorded)
    return outcome.ok && unread[0] ? refusedOutcome(unread[0].failure) : outcome
  } catch (error) {
    if (!isProblem(error) && !(error instanceof AdapterFailure)) throw error
    if (error instanceof AdapterFailure && error.kind === 'unrecognised') {
      const evidence = evidenceOf(message)
      if (proved) await keepEvidence(deps, system.id, evidence, error.message)
      else await deps.unproved.keep(system.id, evidence, error.message)
    }
    return refusedOutcome(error)
  }
}

/**
 * Some systems push with a client's token instead of, or beside, a signature of their own. True where it
 * proves who calls.
 */
function mayPush(system: System, request: FastifyRequest): boolean {
  const { pushClients } = system.settings
  if (pushClients.length === 0) return false
  if (!request.client) throw problem('unauthenticated')
  const { id, scopes } = request.client
  if (!pushClients.includes(id) || !pushScopes[system.kind]?.some((scope) => scopes.includes(scope)))
    throw problem('forbidden')
  return true
}

/** One answer for all events of the message: refused if any was, a repeat if all were. */
function summary(events: readonly ExternalEvent[], recorded: readonly Recorded[]): IncomingOutcome {
  const unknown = recorded.findIndex((one) => one.outcome === 'unknown')
  if (unknown >= 0)
    return {
      ok: false,
      status: 404,
      code: 'not-found',
      detail: `no case or parcel is known for ${events[unknown]!.type} · 没有对应的办件或邮件`,
    }
  const refused = recorded.find((one) => one.outcome === 'refused')
  if (refused)
    return {
      ok: false,
      status: 409,
      code: 'conflict-state',
      detail: `${refused.reason?.en} · ${refused.reason?.zh}`,
    }
  return {
    ok: true,
    duplicate:
      recorded.length > 0 &&
      recorded.every(
        (one) => one.outcome === 'duplicate' || one.outcome === 'replayed' || one.outcome === 'conflict',
      ),
  }
}

const eventsDoc = {
  tags: ['Departments 部门'],
  summary: "A department's or rating system's own message 部门回传办件状态、好差评回传评价",
  body: { contentType: '*/*' },
  ownForm: true,
  responses: { 200: { description: "Recorded; answered in the department's own form", contentType: '*/*' } },
}
const describeDoc = {
  tags: ['Departments 部门'],
  summary: 'The WSDL of the route above, for a SOAP system SOAP 系统的接口描述',
  query: {
    type: 'object',
    properties: { wsdl: { type: 'string', description: 'Without a value 无须取值' } },
  },
  responses: { 200: { description: 'WSDL 1.1', contentType: 'text/xml' } },
}
const trackingDoc = {
  tags: ['Carriers 邮政'],
  summary: "A carrier's tracking push 邮件轨迹推送",
  body: { contentType: '*/*' },
  ownForm: true,
  responses: { 200: { description: "Recorded; answered in the carrier's own form", contentType: '*/*' } },
}
