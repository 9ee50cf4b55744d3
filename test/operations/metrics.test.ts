import Fastify from 'fastify'
import t from 'tap'
import { orNull } from '../../src/operations/at-most-every.ts'
import { createMetrics } from '../../src/operations/metrics.ts'
import { measureRequests } from '../../src/operations/request-metrics.ts'
import { operationsRoutes } from '../../src/operations/routes.ts'
import { installAccess } from '../../src/security/access.ts'
import { accessSettings } from '../security/edge.ts'

const authorization = 'Bearer token-of-today'

t.test('everything the gateway counts can be read by a client that may', async (t) => {
  const metrics = createMetrics()
  const app = Fastify()
  t.teardown(() => app.close())
  measureRequests(app, metrics)
  installAccess(app, accessSettings())
  app.get('/v1/cases/:id', { config: { access: 'public' } }, () => 'a case')
  await operationsRoutes(app, {
    version: '1',
    vitals: {
      database: async () => true,
      pendingMigrations: async () => 0,
      queues: async () => {},
      oldestDueMs: async () => null,
    },
    metrics,
    backlog: async () => ({
      oldestDueMs: 12_500,
      systems: [{ system: 'health', waiting: 7, deadLetters: 2, breakerOpen: true, paused: false }],
    }),
    missingYears: () => [2027],
  })

  metrics.submitted('accepted')
  metrics.submitted('accepted')
  metrics.attempted('health', 'submitCase', 'delivered', 30)
  metrics.attempted('health', 'submitCase', 'unavailable', 300)
  metrics.settled('health', 'submitCase', 'delivered')
  metrics.committed(40, 3)
  await app.inject('/v1/cases/case_1')
  await app.inject('/v1/cases/case_2')
  await app.inject('/nowhere/410204199001011234')

  t.equal((await app.inject('/metrics')).statusCode, 401, 'not for everyone')
  const answer = await app.inject({ url: '/metrics', headers: { authorization } })
  t.match(answer.headers['content-type'], /^text\/plain; version=0\.0\.4/)
  for (const line of [
    'tongban_submissions_total{outcome="accepted"} 2',
    'tongban_transfers_total{system="health",operation="submitCase",outcome="delivered"} 1',
    'tongban_attempt_duration_seconds_count{system="health",operation="submitCase",outcome="unavailable"} 1',
    'tongban_attempt_duration_seconds_bucket{le="0.05",system="health",operation="submitCase",outcome="delivered"} 1',
    'tongban_ledger_batch_events_sum 40',
    'tongban_ledger_commit_duration_seconds_count 1',
    'tongban_http_request_duration_seconds_count{method="GET",route="/v1/cases/:id",status="200"} 2',
    'tongban_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
    'tongban_http_request_duration_seconds_count{method="GET",route="/metrics",status="401"} 1',
    'tongban_oldest_due_age_seconds 12.5',
    'tongban_queue_depth{system="health"} 7',
    'tongban_dead_letters{system="health"} 2',
    'tongban_breaker_open{system="health"} 1',
    'tongban_system_paused{system="health"} 0',
    'tongban_calendar_missing_years 1',
  ]) {
    t.ok(answer.body.split('\n').includes(line), line)
  }
  t.match(answer.body, /process_resident_memory_bytes \d+/)
  t.notMatch(answer.body, /410204199001011234/)
})

t.test('metrics are still answered while the ledger cannot be read, and the log says so once', async (t) => {
  const metrics = createMetrics()
  const said: { msg: string }[] = []
  const stream = { write: (line: string) => void said.push(JSON.parse(line)) }
  const app = Fastify({ logger: { level: 'warn', stream } })
  t.teardown(() => app.close())
  installAccess(app, accessSettings())
  await operationsRoutes(app, {
    version: '1',
    vitals: {
      database: async () => true,
      pendingMigrations: async () => 0,
      queues: async () => {},
      oldestDueMs: async () => null,
    },
    metrics,
    backlog: () => Promise.reject(new Error('gone')),
  })
  metrics.submitted('accepted')
  const answer = await app.inject({ url: '/metrics', headers: { authorization } })
  t.equal(answer.statusCode, 200)
  t.match(answer.body, /tongban_submissions_total/)
  t.notMatch(answer.body, /^tongban_oldest_due_age_seconds \d|^tongban_queue_depth\{/m)
  t.strictSame(
    said.map(({ msg }) => msg),
    ['backlog.unreadable'],
  )
})

t.test('a read that goes on failing is told of once, and again after it recovered', async (t) => {
  const told: unknown[] = []
  let answer: () => Promise<number> = () => Promise.reject('gone')
  const read = orNull(
    () => answer(),
    (error) => told.push(error),
  )
  t.equal(await read(), null)
  t.equal(await read(), null)
  answer = async () => 7
  t.equal(await read(), 7)
  answer = () => Promise.reject('gone again')
  t.equal(await read(), null)
  t.strictSame(told, ['gone', 'gone again'])
})
