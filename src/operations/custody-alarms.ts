// GET /ops/v1/custody/overdue: papers that somebody has held for too long, for operators to ask after.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'
import { unknownParameters } from '../http/query-parameters.ts'
import { overduePapers } from '../ledger/custody.ts'
import type { Ledger } from '../ledger/ledger.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 500

type OverdueRequest = FastifyRequest<{ Querystring: { after?: unknown; limit?: unknown } }>

export async function custodyAlarmRoutes(
  app: FastifyInstance,
  { ledger }: { ledger: Ledger },
): Promise<void> {
  app.get(
    '/ops/v1/custody/overdue',
    { config: { access: 'operator:viewer', doc: overdueDoc } },
    async (request: OverdueRequest) => {
      const { after, limit } = asked(request.query)
      const found = await overduePapers(ledger.readers, after, limit)
      return {
        items: found.map(({ data, ...about }) => ({ ...about, ...data })),
        next: found.length === limit ? found.at(-1)!.id : null,
      }
    },
  )
}

function asked(query: OverdueRequest['query']): { after: string; limit: number } {
  const { after, limit } = query
  const errors: FieldError[] = unknownParameters(query, ['after', 'limit'])
  const wrong = (name: string, en: string, zh: string): void =>
    void errors.push(fieldError(`/query/${name}`, 'invalid-value', en, zh))
  const most = limit === undefined ? DEFAULT_LIMIT : Number(limit)
  if (!Number.isInteger(most) || most < 1 || most > MAX_LIMIT)
    wrong('limit', `must be a whole number from 1 to ${MAX_LIMIT}`, `须为 1 至 ${MAX_LIMIT} 的整数`)
  if (after !== undefined && !(typeof after === 'string' && /^evt_[0-9a-z]{1,60}$/.test(after)))
    wrong('after', 'must be the `next` of an earlier page', '须为上一页返回的 next')
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return { after: typeof after === 'string' ? after : '', limit: most }
}

const overdueDoc = {
  tags: ['Operations 运维'],
  summary: 'Papers that somebody holds for too long 逾期未交接的纸质材料',
  query: {
    type: 'object',
    properties: {
      after: { type: 'string', description: '`next` of the page before · 上一页的 next' },
      limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    },
  },
  responses: { 200: { description: 'Those not handed over since, oldest submissions first' } },
}
