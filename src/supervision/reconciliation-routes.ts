// GET /ops/v1/reconciliations: what came of comparing our books with each system's, newest day first.

import type { FastifyInstance } from 'fastify'
import { isDay, isSaneYear } from '../domain/calendar.ts'
import { fieldError } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { problem } from '../http/problems.ts'
import { refuseUnknown } from '../http/query-parameters.ts'
import type { Pool } from '../ledger/database.ts'
import { keptOutcomes } from '../ledger/reconciliations.ts'

const MOST = 500

type Asked = { Querystring: { system?: unknown; day?: unknown } }

export async function reconciliationRoutes(
  app: FastifyInstance,
  { readers, systems }: { readers: Pool; systems: ReadonlyMap<string, unknown> },
): Promise<void> {
  app.get<Asked>(
    '/ops/v1/reconciliations',
    { config: { access: 'operator:viewer', doc } },
    async ({ query }) => {
      refuseUnknown(query, ['system', 'day'])
      const system = query.system === undefined ? null : String(query.system)
      const day = dayAsked(query.day)
      if (system !== null && !systems.has(system)) throw problem('unknown-system')
      return { items: await stored(keptOutcomes(readers, { system, day }, MOST)) }
    },
  )
}

function dayAsked(value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value === 'string' && isDay(value) && isSaneYear(value)) return value
  throw problem('invalid-request', {
    errors: [
      fieldError(
        '/query/day',
        'invalid-value',
        'must be a day such as 2026-11-23, of the years 2000 to 2299',
        '须为 2000 至 2299 年的日期，如 2026-11-23',
      ),
    ],
  })
}

const doc = {
  tags: ['Supervision 监察'],
  summary: 'Daily reconciliation with each system 每日对账结果',
  description:
    'compared: with its counts; unable: the system can neither list nor be asked; failed: tried again every half hour, for a week. With system and day, the differences as well (the first 1,000).',
  query: {
    type: 'object',
    properties: { system: { type: 'string' }, day: { type: 'string', format: 'date' } },
  },
  responses: { 200: { description: 'At most 500, newest day first' } },
}
