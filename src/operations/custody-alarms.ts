// GET /ops/v1/custody/overdue: papers that somebody has held for too long, for operators to ask after.

import type { FastifyInstance } from 'fastify'
import { schemaOf } from '../docs/route-doc.ts'
import { tagged, unmodified } from '../http/entity-tags.ts'
import { stored } from '../http/ledger-away.ts'
import { type PageQuery, pages } from '../http/pages.ts'
import { unknownParameters } from '../http/query-parameters.ts'
import { type OverduePaper, overduePapers } from '../ledger/custody.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { overduePaper } from './documents.ts'

const overduePages = pages<string, OverduePaper>({
  largest: 500,
  item: schemaOf('overdue-paper'),
  wordsOf: ({ id }) => [id],
  positionOf: ([id, ...rest]) =>
    rest.length === 0 && id !== undefined && /^evt_[0-9a-z]{1,60}$/.test(id) ? id : null,
})

export async function custodyAlarmRoutes(
  app: FastifyInstance,
  { ledger }: { ledger: Ledger },
): Promise<void> {
  app.get<{ Querystring: PageQuery }>(
    '/ops/v1/custody/overdue',
    { config: { access: 'operator:viewer', doc: overdueDoc } },
    async (request, reply) => {
      const { query } = request
      const { after, limit } = overduePages.asked(query, unknownParameters(query, ['after', 'limit']))
      const found = await stored(overduePapers(ledger.readers, after ?? '', limit + 1))
      return tagged(request, reply, overduePages.answer(found, limit, overduePaper))
    },
  )
}

const overdueDoc = {
  tags: ['Operations 运维'],
  summary: 'Papers that somebody holds for too long 逾期未交接的纸质材料',
  query: { type: 'object', properties: overduePages.query },
  responses: {
    200: {
      description: 'Those not handed over since, oldest submissions first · 尚未交接的，按申办先后',
      schema: overduePages.schema,
    },
    ...unmodified,
  },
}
