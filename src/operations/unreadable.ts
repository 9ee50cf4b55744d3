// Messages of outside systems that nobody could read: what was wrong with each, and its exact bytes. Whoever
// reads these sees personal data, so that takes an operator and is written down.

import type { FastifyInstance } from 'fastify'
import { tagged, unmodified } from '../http/entity-tags.ts'
import { stored } from '../http/ledger-away.ts'
import { type PageQuery, pages } from '../http/pages.ts'
import { problem } from '../http/problems.ts'
import { refuseUnknown, unknownParameters } from '../http/query-parameters.ts'
import { isStorable } from '../http/storable.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Place, type Unreadable, unreadableMessage, unreadableMessages } from '../ledger/unreadable.ts'
import { operatorOf } from '../security/access.ts'

const SHA256 = /^[0-9a-f]{64}$/

const listed = pages<Place, Unreadable>({
  largest: 200,
  item: {
    type: 'object',
    properties: {
      system: { type: 'string' },
      sha256: { type: 'string' },
      receivedAt: { type: 'string', format: 'date-time' },
      reason: { type: 'string' },
      mediaType: { type: 'string' },
      bytes: { type: 'integer' },
    },
  },
  wordsOf: ({ system, sha256 }) => [system, sha256],
  positionOf: ([system, sha256, ...rest]) =>
    rest.length === 0 && system && isStorable(system) && SHA256.test(sha256 ?? '')
      ? { system, sha256: sha256! }
      : null,
})

export async function unreadableRoutes(app: FastifyInstance, { ledger }: { ledger: Ledger }): Promise<void> {
  app.get<{ Querystring: PageQuery & { system?: unknown } }>(
    '/ops/v1/unreadable',
    { config: { access: 'operator:viewer', doc: docs.list } },
    async (request, reply) => {
      const { query } = request
      const { after, limit } = listed.asked(query, unknownParameters(query, ['system', 'after', 'limit']))
      // One that is configured no more may have some left.
      const { system = null } = query
      if (system !== null && (typeof system !== 'string' || !isStorable(system)))
        throw problem('unknown-system')
      const found = await stored(unreadableMessages(ledger.readers, system, limit + 1, after))
      return tagged(request, reply, listed.answer(found, limit))
    },
  )

  app.get<{ Params: Place }>(
    '/ops/v1/unreadable/:system/:sha256',
    { config: { access: 'operator:operator', doc: docs.body } },
    async (request, reply) => {
      refuseUnknown(request.query as object, [])
      const { system, sha256 } = request.params
      if (!isStorable(system) || !SHA256.test(sha256)) throw problem('not-found')
      const message = await stored(unreadableMessage(ledger.readers, { system, sha256 }))
      if (!message) throw problem('not-found')
      request.log.info({ system, sha256, by: operatorOf(request).id }, 'unreadable.read')
      // Never shown as what it says it is: it may be anything.
      return reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="${sha256}.bin"`)
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .send(message.body)
    },
  )
}

const tags = ['Operations 运维']
const docs = {
  list: {
    tags,
    summary: 'Messages that nobody could read 无法识别的消息',
    description:
      'Newest first: from which system, when, why, how many bytes. They changed nothing; what they meant has to be found out. · 按时间倒序；这些消息未改变任何办件，需人工核实。',
    query: { type: 'object', properties: { system: { type: 'string' }, ...listed.query } },
    responses: {
      200: {
        description: 'A page · 一页',
        schema: listed.schema,
      },
      ...unmodified,
    },
  },
  body: {
    tags,
    summary: 'Its exact bytes 原始报文',
    description: 'May hold personal data: who reads it is logged. · 可能含个人信息，读取会留下记录。',
    responses: { 200: { description: 'As received · 原样', contentType: 'application/octet-stream' } },
  },
}
