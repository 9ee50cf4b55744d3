// POST /ops/v1/systems/{system}/replay: a system is told again what it was told since a time or an event.

import type { FastifyInstance } from 'fastify'
import { fieldError } from '../http/field-error.ts'
import { idempotencyKey, optionalKeyHeader } from '../http/idempotency-key.ts'
import { stored } from '../http/ledger-away.ts'
import { problem } from '../http/problems.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { operatorOf } from '../security/access.ts'
import { dryRunOf, dryRunQuery } from './dry-run.ts'
import { type Given, orderOnce } from './order-once.ts'
import { MOST_EVENTS, type Replayed, type ReplayFault, replay } from './replay.ts'
import { readReplayOrder } from './replay-order.ts'

interface ReplayDeps {
  ledger: Ledger
  systems: ReadonlyMap<string, unknown>
  observe: { replayed(facts: { system: string; events: number; by: string; reason: string }): void }
}

type ReplayRequest = { Params: { system: string }; Querystring: { dryRun?: unknown }; Body: unknown }

export async function replayRoutes(
  app: FastifyInstance,
  { ledger, systems, observe }: ReplayDeps,
): Promise<void> {
  app.post<ReplayRequest>(
    '/ops/v1/systems/:system/replay',
    { config: { access: 'operator:operator', doc } },
    async (request, reply) => {
      const { system } = request.params
      if (!systems.has(system)) throw problem('unknown-system')
      const dryRun = dryRunOf(request.query.dryRun)
      const asked = readReplayOrder(request.body, dryRun)
      if ('errors' in asked) throw problem('invalid-request', asked)
      const by = operatorOf(request).id
      if (dryRun) return found(await stored(replay(ledger, { ...asked, system, by }, true)))
      // Said twice by mistake it would be told twice to thousands.
      idempotencyKey(request)
      const carryOut = async (order?: Given): Promise<Replayed> => {
        // Not what is told meanwhile: a repeat would find more.
        const until = earlier(asked.until, order?.at ?? ledger.now())
        const wanted = { ...asked, until, system, by, ...(order ? { order } : {}) }
        const done = found(await stored(replay(ledger, wanted, false)))
        observe.replayed({ system, events: done.events, by, reason: asked.reason })
        return done
      }
      return orderOnce(ledger, request, reply, carryOut, 202)
    },
  )
}

function found(done: Replayed | ReplayFault): Replayed {
  if (typeof done === 'string') throw problem('invalid-request', { errors: [faults[done]] })
  return done
}

const earlier = (until: string | undefined, at: Date): string =>
  until !== undefined && Date.parse(until) < at.getTime() ? until : at.toISOString()

export const faults: Record<ReplayFault, ReturnType<typeof fieldError>> = {
  'too-many': fieldError(
    '/until',
    'too-many',
    `these are more than ${MOST_EVENTS} events: narrow them by until or types`,
    `超过 ${MOST_EVENTS} 条，请用 until 或 types 缩小范围`,
  ),
  'unknown-event': fieldError(
    '/after',
    'unknown-event',
    'the system was never told of this event',
    '该事件未曾推送给此系统',
  ),
}

const event = { type: ['string', 'null'], description: 'evt_…' }
const replayed = {
  type: 'object',
  required: ['system', 'dryRun', 'events', 'submissions', 'types', 'first', 'last'],
  properties: {
    system: { type: 'string' },
    dryRun: { type: 'boolean' },
    events: { type: 'integer' },
    submissions: { type: 'integer' },
    types: { type: 'object', additionalProperties: { type: 'integer' } },
    first: event,
    last: event,
  },
}
const doc = {
  tags: ['Operations 运维'],
  summary: 'Tell a system again what it was told 重新推送回调',
  description:
    'The same events with the same ids, in order per case, as ordinary transfers marked `webhook-replay: true` where the adapter can; callbacks that are still open come by themselves. `?dryRun=true` only counts, and needs no Idempotency-Key. · 以相同的事件编号按序重新推送；dryRun=true 仅统计数量，无须 Idempotency-Key。',
  headers: optionalKeyHeader,
  query: dryRunQuery,
  body: {
    schema: {
      type: 'object',
      required: ['reason'],
      properties: {
        since: { type: 'string', format: 'date-time' },
        after: { type: 'string', minLength: 1, description: 'evt_…' },
        until: { type: 'string', format: 'date-time' },
        types: { type: 'array', items: { type: 'string' } },
        reason: { type: 'string', minLength: 1, maxLength: 500 },
      },
    },
  },
  responses: {
    200: {
      description:
        'What would be told again; or the first answer to the same order, with Idempotent-Replayed: true',
      schema: replayed,
    },
    202: { description: 'Due now', schema: replayed },
  },
}
