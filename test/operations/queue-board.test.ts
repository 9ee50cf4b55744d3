import { createPostgresBackend, Queue, runMigrations } from 'bullmq'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import { type BoardQueue, queueBoardRoutes } from '../../src/operations/queue-board.ts'
import { noBrowser, openPage } from '../security/browser.ts'
import { loggedIn, password, startEdge } from '../security/edge.ts'
import { startPostgres } from '../support/postgres.ts'
import { hasRedis, startRedis } from '../support/redis.ts'

interface TestQueue extends BoardQueue {
  close(): Promise<void>
  add(name: string, data: object, options?: { delay?: number; jobId?: string }): Promise<unknown>
}

/** Opens queues of these names on one PostgreSQL. */
async function postgresQueues(t: Test): Promise<(name: string) => TestQueue> {
  const postgres = await startPostgres({ durable: false })
  t.teardown(() => postgres.stop())
  const session = new Client({ connectionString: postgres.url() })
  await session.connect()
  await runMigrations(session)
  await session.end()
  return (name) => {
    const queue = new Queue(name, { connection: { connectionString: postgres.url() } }, createPostgresBackend)
    queue.on('error', () => undefined)
    t.teardown(() => queue.close())
    return queue
  }
}

const onPostgres = async (t: Test): Promise<TestQueue> => (await postgresQueues(t))('health')

async function onRedis(t: Test): Promise<TestQueue> {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const queue = new Queue('health', { connection: { url: redis.url } })
  t.teardown(() => queue.close())
  return queue
}

async function startBoard(t: Test, queue: TestQueue) {
  for (let i = 0; i < 3; i++) await queue.add('wake', { transferId: `trf_${i}` }, { delay: 3_600_000 })
  return startEdge(t, { routes: (app) => queueBoardRoutes(app, { queues: () => [queue] }) })
}

const engines = [
  { engine: 'PostgreSQL', open: onPostgres, skip: false as const },
  { engine: 'Redis', open: onRedis, skip: hasRedis() ? (false as const) : 'no redis-server on PATH' },
]
for (const { engine, open, skip } of engines) {
  t.test(`queues on ${engine} are shown to who is logged in, and to nobody else`, { skip }, async (t) => {
    const app = await startBoard(t, await open(t))
    t.match(await app.inject({ url: '/ops/queues', headers: { accept: 'text/html' } }), { statusCode: 303 })
    t.match((await app.inject('/ops/queues/api/queues')).json(), { code: 'unauthenticated' })
    t.equal((await app.inject('/ops/queues/static/js/none.js')).statusCode, 401)

    const cookie = await loggedIn(app, 'operator')
    const { queues } = (await app.inject({ url: '/ops/queues/api/queues', headers: { cookie } })).json()
    t.match(queues, [{ name: 'health', counts: { delayed: 3 }, readOnlyMode: false }])
    const jobs = await app.inject({
      url: '/ops/queues/api/queues?activeQueue=health&status=delayed',
      headers: { cookie },
    })
    t.match(jobs.json().queues[0].jobs, [{ name: 'wake', data: { transferId: /^trf_/ } }])
    for (const path of ['api/queues/health/%00', 'api/queues/%00/1/logs', 'static/none.js', 'static/'])
      t.equal((await app.inject({ url: `/ops/queues/${path}`, headers: { cookie } })).statusCode, 404, path)
  })

  t.test(`a viewer can only look at queues on ${engine}; an operator can act`, { skip }, async (t) => {
    const queue = await open(t)
    const app = await startBoard(t, queue)
    const as = async (role: 'viewer' | 'operator', origin = 'http://127.0.0.1:7700') => ({
      cookie: await loggedIn(app, role),
      host: '127.0.0.1:7700',
      origin,
    })
    const pause = (headers: Record<string, string>) =>
      app.inject({ method: 'PUT', url: '/ops/queues/api/queues/health/pause', headers })

    const viewer = await as('viewer')
    const { queues } = (await app.inject({ url: '/ops/queues/api/queues', headers: viewer })).json()
    t.match(queues, [{ name: 'health', readOnlyMode: true, allowRetries: false }])
    const refused = await pause(viewer)
    t.match(refused, { statusCode: 403, headers: { 'content-type': /problem\+json/ } })
    t.match(refused.json(), { code: 'forbidden', detail: /operator/ })
    t.equal((await pause(await as('operator', 'https://evil.example'))).statusCode, 403)
    t.equal(await queue.isPaused(), false)

    t.equal((await pause(await as('operator'))).statusCode, 200)
    t.equal(await queue.isPaused(), true)
  })
}

t.test('the board follows the systems while it runs', async (t) => {
  const open = await postgresQueues(t)
  const renewed = open('health')
  let queues = [open('health'), open('tax')]
  const app = await startEdge(t, { routes: (app) => queueBoardRoutes(app, { queues: () => queues }) })
  const cookie = await loggedIn(app, 'viewer')
  const shown = async () => {
    const answer = (await app.inject({ url: '/ops/queues/api/queues', headers: { cookie } })).json()
    return answer.queues.map(({ name }: { name: string }) => name)
  }
  t.strictSame(await shown(), ['health', 'tax'])
  await queues[0]!.close()
  queues = [renewed, open('parks')]
  t.strictSame(await shown(), ['health', 'parks'], 'one is gone, one is new, one was made anew')
})

t.test(
  'the board works in a browser under our policy, offline',
  { skip: noBrowser, timeout: 60_000 },
  async (t) => {
    const app = await startBoard(t, await onPostgres(t))
    const home = await app.listen({ port: 0, host: '127.0.0.1' })
    const { page, complaints } = await openPage(t, home)

    const answer = await page.goto(`${home}/ops/queues/queue/health?status=delayed`)
    t.equal(answer?.status(), 200)
    await page.getByLabel('账号').fill('viewer')
    await page.getByLabel('密码').fill(password)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/ops\/queues\/queue\/health\?status=delayed/)
    await page.getByText('wake').first().waitFor()
    await page.getByText('health').first().waitFor()

    const policy = String((await page.reload())?.headers()['content-security-policy'])
    t.match(policy, /script-src 'self';/)
    await page.getByText('wake').first().waitFor()
    await page.goto(`${home}/ops/queues`)
    await page.getByText('health').first().waitFor()
    t.same(complaints, [])

    await page.context().clearCookies()
    await page.waitForURL(/\/ops\/login\?next=%2Fops%2Fqueues/, { timeout: 20_000 })
    t.ok(await page.getByLabel('账号').isVisible(), 'whose session has ended is asked to log in again')
  },
)
