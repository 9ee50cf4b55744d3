// The few things an operator must be able to do today: see what is stuck and why, send it again, stop and start a
// system. The console builds on these.

import type { FastifyInstance } from 'fastify'
import type { System } from '../delivery/systems.ts'
import { listOf, schemaOf } from '../docs/route-doc.ts'
import { submissionOf } from '../domain/submission.ts'
import { tagged, unmodified } from '../http/entity-tags.ts'
import { optionalKeyHeader } from '../http/idempotency-key.ts'
import { stored } from '../http/ledger-away.ts'
import { type PageQuery, pages } from '../http/pages.ts'
import { problem } from '../http/problems.ts'
import { refuseUnknown, unknownParameters } from '../http/query-parameters.ts'
import { isStorable } from '../http/storable.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { pauseHistory, readPauses, removePause, writePause } from '../ledger/pauses.ts'
import { type DeadLetter, deadLetters } from '../ledger/reads.ts'
import { operatorOf } from '../security/access.ts'
import { deadLetter, pauseAct, systemState } from './documents.ts'
import type { Observers } from './observers.ts'
import { type Given, orderOnce } from './order-once.ts'
import { optionalReasonOf, reasonOf } from './reason.ts'
import { recordAbout } from './record-about.ts'

interface OperatorDeps {
  ledger: Ledger
  systems: ReadonlyMap<string, System>
  observe: Pick<Observers, 'pauseChanged'>
}

const PAUSES_SHOWN = 100

/** A cursor of GET /v1/events would otherwise say a system and a transfer too. */
const OF_DEAD_LETTERS = 'dead-letters'

const deadPages = pages<Pick<DeadLetter, 'system' | 'id'>, DeadLetter>({
  largest: 500,
  item: schemaOf('dead-letter'),
  wordsOf: ({ system, id }) => [OF_DEAD_LETTERS, system, id],
  positionOf: ([list, system, id, ...rest]) =>
    list === OF_DEAD_LETTERS &&
    rest.length === 0 &&
    system !== undefined &&
    isStorable(system) &&
    /^trf_[0-9a-z]{1,60}$/.test(id ?? '')
      ? { system, id: id! }
      : null,
})

type OneSystem = { Params: { system: string }; Body: { reason?: unknown } | null }
type OneTransfer = { Params: { id: string }; Body: { reason?: unknown } | null }

export async function operatorRoutes(
  app: FastifyInstance,
  { ledger, systems, observe }: OperatorDeps,
): Promise<void> {
  const known = (id: string): void => {
    if (!systems.has(id)) throw problem('unknown-system')
  }

  app.get(
    '/ops/v1/systems',
    { config: { access: 'operator:viewer', doc: docs.systems } },
    async (request, reply) => {
      refuseUnknown(request.query, [])
      const paused = new Map((await readPauses(ledger.readers)).map((one) => [one.system, one]))
      return tagged(request, reply, {
        items: [...systems.values()].map((one) => systemState(one, paused.get(one.id) ?? null)),
      })
    },
  )

  app.post<OneSystem>(
    '/ops/v1/systems/:system/pause',
    { config: { access: 'operator:operator', doc: docs.pause } },
    async (request, reply) => {
      const { system } = request.params
      known(system)
      const by = operatorOf(request).id
      const reason = reasonOf(request.body)
      return orderOnce(ledger, request, reply, async () => {
        const standing = await stored(writePause(ledger.writers, system, reason, by))
        if (standing.changed) observe.pauseChanged({ system, act: 'paused', by, reason })
        return standing
      })
    },
  )

  app.post<OneSystem>(
    '/ops/v1/systems/:system/resume',
    { config: { access: 'operator:operator', doc: docs.resume } },
    async (request, reply) => {
      const { system } = request.params
      known(system)
      const by = operatorOf(request).id
      const reason = optionalReasonOf(request.body)
      return orderOnce(ledger, request, reply, async () => {
        const changed = await stored(removePause(ledger.writers, system, by, reason))
        if (changed) observe.pauseChanged({ system, act: 'resumed', by, reason })
        return { pause: null, changed }
      })
    },
  )

  app.get<OneSystem>(
    '/ops/v1/systems/:system/pauses',
    { config: { access: 'operator:viewer', doc: docs.pauses } },
    async (request, reply) => {
      const { system } = request.params
      refuseUnknown(request.query, [])
      known(system)
      const acts = await stored(pauseHistory(ledger.readers, system, PAUSES_SHOWN))
      return tagged(request, reply, { items: acts.map(pauseAct) })
    },
  )

  app.get<{ Querystring: PageQuery & { system?: string } }>(
    '/ops/v1/dead-letters',
    { config: { access: 'operator:viewer', doc: docs.dead } },
    async (request, reply) => {
      const { query } = request
      const { after, limit } = deadPages.asked(query, unknownParameters(query, ['system', 'after', 'limit']))
      // One that is configured no more may have some left.
      const { system = null } = query
      if (system !== null && (typeof system !== 'string' || !isStorable(system)))
        throw problem('unknown-system')
      const found = await stored(deadLetters(ledger.readers, system, limit + 1, after))
      return tagged(request, reply, deadPages.answer(found, limit, deadLetter))
    },
  )

  app.post<OneTransfer>(
    '/ops/v1/transfers/:id/retry',
    { config: { access: 'operator:operator', doc: docs.retry } },
    async (request, reply) => {
      const submissionId = submissionOf(request.params.id)
      if (submissionId === null) throw problem('not-found')
      const event = {
        type: 'transfer.revived' as const,
        transferId: request.params.id,
        by: operatorOf(request).id,
        reason: reasonOf(request.body),
      }
      const revive = async (given?: Given) => {
        await recordAbout(ledger, submissionId, event, given)
        return { transfer: event.transferId, state: 'due' }
      }
      return orderOnce(ledger, request, reply, revive, 202)
    },
  )
}

const tags = ['Operations 运维']
const body = {
  schema: {
    type: 'object',
    required: ['reason'],
    properties: { reason: { type: 'string', minLength: 1, maxLength: 500 } },
  },
}
const retried = {
  type: 'object',
  required: ['transfer', 'state'],
  properties: { transfer: { type: 'string' }, state: { type: 'string' } },
}
const pauseSchema = schemaOf('pause-change')
const docs = {
  systems: {
    tags,
    summary: 'Systems and their gates 对接系统',
    responses: {
      200: { description: 'All systems', schema: listOf(schemaOf('system-state')) },
      ...unmodified,
    },
  },
  pause: {
    tags,
    summary: 'Stop sending to a system 暂停',
    headers: optionalKeyHeader,
    body,
    responses: {
      200: {
        description:
          'Paused within a second, in every process. `changed` is false where it was paused already: `pause` says by whom and why · 已暂停时 changed 为 false，pause 为原暂停人与原因',
        schema: pauseSchema,
      },
    },
  },
  resume: {
    tags,
    summary: 'Go on sending 恢复',
    headers: optionalKeyHeader,
    body: {
      schema: { type: 'object', properties: { reason: { type: 'string', minLength: 1, maxLength: 500 } } },
    },
    responses: {
      200: {
        description:
          'Resumed within a second. `changed` is false where it was not paused · 未暂停时 changed 为 false',
        schema: pauseSchema,
      },
    },
  },
  pauses: {
    tags,
    summary: 'Who stopped a system and who started it again 暂停与恢复记录',
    responses: {
      200: { description: 'The last 100, newest first', schema: listOf(schemaOf('pause-act')) },
      ...unmodified,
    },
  },
  dead: {
    tags,
    summary: 'Transfers that wait for a person 死信',
    query: { type: 'object', properties: { system: { type: 'string' }, ...deadPages.query } },
    responses: { 200: { description: 'By system · 按系统排列', schema: deadPages.schema }, ...unmodified },
  },
  retry: {
    tags,
    summary: 'Send a dead letter again 重新投递',
    headers: optionalKeyHeader,
    body,
    responses: {
      202: { description: 'Due now', schema: retried },
      200: { description: 'The same order before: its first answer · 重复请求返回首次答复', schema: retried },
    },
  },
}
