// What machines that look after the gateway ask: /healthz and /readyz (public, fixed words only) and /metrics
// (a client with the scope metrics:read, as the figures tell how busy each department is).

import type { FastifyInstance } from 'fastify'
import { schemaOf } from '../docs/route-doc.ts'
import { problemCodes } from '../http/problem-codes.ts'
import { type Backlog, watchBacklog } from './backlog-metrics.ts'
import { watchCalendar } from './calendar-metrics.ts'
import { readinessOf, type Vitals } from './health.ts'
import type { Metrics } from './metrics.ts'

interface OperationsDeps {
  /** The gateway's version. */
  version: string
  vitals: Vitals
  metrics: Metrics
  backlog(): Promise<Backlog>
  /** Years that config/calendar should have by now and has not. */
  missingYears?(): readonly number[]
}

export async function operationsRoutes(app: FastifyInstance, deps: OperationsDeps): Promise<void> {
  const { version, vitals, metrics } = deps
  const readiness = readinessOf(vitals, (check, error) =>
    app.log.warn({ check, err: error }, 'readiness.failed'),
  )
  metrics.watchProcess()
  watchBacklog(
    metrics.registry,
    () => deps.backlog(),
    (error) => app.log.warn({ err: error }, 'backlog.unreadable'),
  )
  if (deps.missingYears) watchCalendar(metrics.registry, deps.missingYears)

  app.get('/healthz', { config: { access: 'public', doc: healthDoc } }, (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .send({ status: 'alive', uptimeSeconds: Math.floor(process.uptime()), version }),
  )

  app.get('/readyz', { config: { access: 'public', doc: readyDoc } }, async (_request, reply) => {
    const answer = await readiness()
    reply.header('cache-control', 'no-store')
    return answer.status === 'ready'
      ? reply.send(answer)
      : reply.code(503).headers(problemCodes.unavailable.headers).send(answer)
  })

  app.get(
    '/metrics',
    { config: { access: { scope: 'metrics:read' }, doc: metricsDoc } },
    async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}

const tags = ['Operations 运维']
const healthDoc = {
  tags,
  summary: 'The process is alive 进程存活',
  responses: {
    200: {
      description: 'Alive',
      schema: {
        type: 'object',
        required: ['status', 'uptimeSeconds', 'version'],
        properties: {
          status: { const: 'alive' },
          uptimeSeconds: { type: 'integer' },
          version: { type: 'string' },
        },
      },
    },
  },
}
const readyDoc = {
  tags,
  summary: 'The gateway would do useful work 服务就绪',
  description:
    'Database, migrations, queues, and that no due transfer has waited for 60 s without any progress.',
  responses: {
    200: { description: 'Ready', schema: schemaOf('readiness') },
    503: { description: 'Not ready; the checks say why', schema: schemaOf('readiness') },
  },
}
const metricsDoc = {
  tags,
  summary: 'Prometheus metrics 监控指标',
  responses: { 200: { description: 'Prometheus text exposition format 0.0.4', contentType: 'text/plain' } },
}
