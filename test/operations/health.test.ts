import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { atMostEvery } from '../../src/operations/at-most-every.ts'
import { NotWell, readinessOf, type Vitals } from '../../src/operations/health.ts'
import { createMetrics } from '../../src/operations/metrics.ts'
import { operationsRoutes } from '../../src/operations/routes.ts'
import { installAccess } from '../../src/security/access.ts'
import { accessSettings } from '../security/edge.ts'

const well: Vitals = {
  database: async () => true,
  pendingMigrations: async () => 0,
  queues: async () => {},
  oldestDueMs: async () => null,
}

async function start(t: Test, vitals: Partial<Vitals> = {}) {
  const app = Fastify()
  t.teardown(() => app.close())
  installAccess(app, accessSettings())
  await operationsRoutes(app, {
    version: '1.2.3',
    vitals: { ...well, ...vitals },
    metrics: createMetrics(),
    backlog: async () => ({ oldestDueMs: null, systems: [] }),
  })
  return app
}

t.test('the process is alive whatever its database does', async (t) => {
  const app = await start(t, { database: () => Promise.reject(new Error('gone')) })
  const answer = await app.inject('/healthz')
  t.match(answer, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
  t.match(answer.json(), { status: 'alive', version: '1.2.3', uptimeSeconds: Number })
})

t.test('a gateway that would do useful work is ready', async (t) => {
  const answer = await (await start(t, { oldestDueMs: async () => 59_000 })).inject('/readyz')
  t.match(answer, { statusCode: 200 })
  t.match(answer.json(), {
    status: 'ready',
    checks: {
      database: { ok: true },
      migrations: { ok: true },
      queues: { ok: true },
      backlog: { ok: true, detail: 'oldest due 59 s' },
    },
  })
})

const ailments: [string, Partial<Vitals>, string, string][] = [
  [
    'database',
    { database: () => Promise.reject(new Error('password of 10.1.2.3 refused')) },
    'database',
    'unreachable',
  ],
  ['migrations', { pendingMigrations: async () => 2 }, 'migrations', '2 pending'],
  ['queues', { queues: () => Promise.reject(new Error('ECONNREFUSED')) }, 'queues', 'unreachable'],
  [
    'queues that take nothing',
    { queues: () => Promise.reject(new NotWell('refuses calls', new Error('OOM at 10.1.2.3'))) },
    'queues',
    'refuses calls',
  ],
  ['backlog', { oldestDueMs: async () => 60_000 }, 'backlog', 'oldest due 60 s'],
]
for (const [name, vitals, check, detail] of ailments) {
  t.test(`a gateway is not ready for its ${name}, and says so without telling an address`, async (t) => {
    const answer = await (await start(t, vitals)).inject('/readyz')
    t.equal(answer.statusCode, 503)
    t.match(answer.json(), { status: 'not-ready', checks: { [check]: { ok: false, detail } } })
    t.notMatch(answer.body, /10\.1\.2\.3|ECONN/)
  })
}

t.test('a slow department does not make the gateway unready while its work moves', async (t) => {
  const old = { oldestDueMs: async () => 600_000 }
  const backlogWith = async (vitals: Partial<Vitals>) => {
    const answer = await (await start(t, { ...old, ...vitals })).inject('/readyz')
    return [answer.statusCode, answer.json().checks.backlog.detail]
  }
  t.strictSame(await backlogWith({ stalledMs: () => 59_000 }), [200, 'oldest due 600 s, moving'])
  t.strictSame(await backlogWith({ stalledMs: () => 60_000 }), [503, 'oldest due 600 s'])
  t.strictSame(await backlogWith({ stalledMs: () => null }), [200, 'oldest due 600 s, attempted elsewhere'])
})

t.test('a database that never answers makes the gateway unready within seconds', async (t) => {
  const app = await start(t, { database: () => new Promise(() => {}) })
  const startedAt = Date.now()
  const answer = await app.inject('/readyz')
  t.match(answer.json(), { checks: { database: { ok: false, detail: 'unreachable' }, queues: { ok: true } } })
  t.ok(Date.now() - startedAt < 3_000)
})

t.test('a crowd asking for readiness asks the database once a second', async (t) => {
  let asked = 0
  const app = await start(t, { database: async () => ++asked > 0 })
  await Promise.all(Array.from({ length: 50 }, () => app.inject('/readyz')))
  t.equal(asked, 1)
})

t.test('an answer is shared while it is fresh, and a failure is not kept longer', async (t) => {
  let now = 0
  let calls = 0
  const read = atMostEvery(
    1_000,
    async () => {
      if (++calls === 1) throw new Error('first')
      return calls
    },
    () => now,
  )
  await t.rejects(read(), { message: 'first' })
  now = 1_000
  t.equal(await read(), 2)
  now = 1_999
  t.equal(await read(), 2)
  now = 2_000
  t.equal(await read(), 3)
})

t.test('an outage is told of once, and again when it comes back', async (t) => {
  let away = true
  const told: string[] = []
  const ready = readinessOf(
    { ...well, queues: () => (away ? Promise.reject(new Error('refused')) : Promise.resolve()) },
    (check) => told.push(check),
  )
  const look = async () => {
    await ready()
    await new Promise((go) => setTimeout(go, 1_010))
  }
  await look()
  await look()
  t.strictSame(told, ['queues'])
  away = false
  await look()
  away = true
  await look()
  t.strictSame(told, ['queues', 'queues'])
})
