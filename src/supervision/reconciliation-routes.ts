// GET /ops/v1/reconciliations: what came of comparing our books with each system's, newest day first.

import type { FastifyInstance } from 'fastify'
import type { ReconciliationDocument } from '../../schemas/types.ts'
import { schemaOf } from '../docs/route-doc.ts'
import { isDay, isSaneYear } from '../domain/calendar.ts'
import { tagged, unmodified } from '../http/entity-tags.ts'
import type { Exactly } from '../http/exactly.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { type PageQuery, pages } from '../http/pages.ts'
import { problem } from '../http/problems.ts'
import { unknownParameters } from '../http/query-parameters.ts'
import { isStorable } from '../http/storable.ts'
import type { Pool } from '../ledger/database.ts'
import { type KeptOutcome, keptOutcomes, type Place } from '../ledger/reconciliations.ts'

const outcomePages = pages<Place, KeptOutcome>({
  largest: 500,
  item: schemaOf('reconciliation'),
  wordsOf: ({ day, system }) => [day, system],
  positionOf: ([day, system, ...rest]) =>
    rest.length === 0 && day && isDay(day) && isSaneYear(day) && system && isStorable(system)
      ? { day, system }
      : null,
})

type Asked = { Querystring: PageQuery & { system?: unknown; day?: unknown } }

export async function reconciliationRoutes(
  app: FastifyInstance,
  { readers, systems }: { readers: Pool; systems: ReadonlyMap<string, unknown> },
): Promise<void> {
  app.get<Asked>(
    '/ops/v1/reconciliations',
    { config: { access: 'operator:viewer', doc } },
    async (request, reply) => {
      const { query } = request
      const faults = unknownParameters(query, ['system', 'day', 'after', 'limit'])
      const day = dayAsked(query.day, faults)
      const { after, limit } = outcomePages.asked(query, faults)
      const system = query.system === undefined ? null : String(query.system)
      if (system !== null && !systems.has(system)) throw problem('unknown-system')
      const found = await stored(keptOutcomes(readers, { system, day, after }, limit + 1))
      return tagged(request, reply, outcomePages.answer(found, limit, reconciliation))
    },
  )
}

const reconciliation = ({ at, ...outcome }: KeptOutcome): Exactly<ReconciliationDocument> => ({
  ...outcome,
  at: at.toISOString(),
})

function dayAsked(value: unknown, faults: FieldError[]): string | null {
  if (value === undefined) return null
  if (typeof value === 'string' && isDay(value) && isSaneYear(value)) return value
  faults.push(
    fieldError(
      '/query/day',
      'invalid-value',
      'must be a day such as 2026-11-23, of the years 2000 to 2299',
      '须为 2000 至 2299 年的日期，如 2026-11-23',
    ),
  )
  return null
}

const doc = {
  tags: ['Supervision 监察'],
  summary: 'Daily reconciliation with each system 每日对账结果',
  description:
    'compared: with its counts; unable: the system can neither list nor be asked; failed: tried again every half hour, for a week. With system and day, the differences as well (the first 1,000).',
  query: {
    type: 'object',
    properties: {
      system: { type: 'string' },
      day: { type: 'string', format: 'date' },
      ...outcomePages.query,
    },
  },
  responses: {
    200: { description: 'Newest day first · 按日期倒序', schema: outcomePages.schema },
    ...unmodified,
  },
}
