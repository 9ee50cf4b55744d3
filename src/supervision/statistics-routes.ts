// GET /ops/v1/statistics: what may be published of the work of a span of days.

import type { FastifyInstance } from 'fastify'
import type { StatisticsDocument } from '../../schemas/types.ts'
import { schemaOf } from '../docs/route-doc.ts'
import { dayOf } from '../domain/calendar.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { tagged, taggedText, unmodified } from '../http/entity-tags.ts'
import type { Exactly } from '../http/exactly.ts'
import { stored } from '../http/ledger-away.ts'
import { problem } from '../http/problems.ts'
import { groupings, type StatisticsDeps, statisticsOf } from './statistics.ts'
import { statisticsCsv } from './statistics-csv.ts'
import { formats, readStatisticsQuery } from './statistics-query.ts'

interface RouteDeps extends Omit<StatisticsDeps, 'catalogue' | 'today'> {
  catalogues: { inForce(): Catalogue }
  now(): Date
}

export async function statisticsRoutes(
  app: FastifyInstance,
  { catalogues, now, ...deps }: RouteDeps,
): Promise<void> {
  app.get<{ Querystring: Record<string, unknown> }>(
    '/ops/v1/statistics',
    { config: { access: 'operator:viewer', doc } },
    async (request, reply) => {
      const today = dayOf(now().toISOString())
      const asked = readStatisticsQuery(request.query, today)
      if ('errors' in asked) throw problem('invalid-request', asked)
      const { by, from, to, format } = asked
      const statistics = await stored(
        statisticsOf({ ...deps, catalogue: catalogues.inForce(), today }, by, { from, to }),
      )
      if (format === 'json') return tagged(request, reply, statistics satisfies Exactly<StatisticsDocument>)
      reply.header('content-disposition', `attachment; filename="statistics-${by}-${from}-${to}.csv"`)
      return taggedText(request, reply, statisticsCsv(statistics), 'text/csv; charset=utf-8; header=present')
    },
  )
}

const doc = {
  tags: ['Supervision 监察'],
  summary: 'Statistics for publication 统计公开数据',
  description:
    'Counts, shares and means of a span of days, without personal data; small counts are not shown (`suppressed`). Do not publish spans that overlap. · 不含个人信息，过小的数不公开；请勿公开相互重叠的时段。',
  query: {
    type: 'object',
    properties: {
      from: { type: 'string', description: 'A day or a month; default 1 January · 起始日或月' },
      to: { type: 'string', description: 'A day or a month, included; default today · 截止日或月（含）' },
      by: { type: 'string', enum: [...groupings], default: 'theme' },
      format: { type: 'string', enum: [...formats], default: 'json' },
    },
  },
  responses: {
    200: {
      description: 'Figures by row, their total and what each counts; or CSV · 各行、合计与口径，或 CSV',
      schema: schemaOf('statistics'),
      or: { contentType: 'text/csv', schema: { type: 'string' } },
    },
    ...unmodified,
  },
}
