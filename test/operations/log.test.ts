import { Writable } from 'node:stream'
import Fastify from 'fastify'
import t from 'tap'
import { problem } from '../../src/http/problems.ts'
import { createLogger, fastifyLogging, logRequests } from '../../src/operations/log.ts'
import { createMetrics } from '../../src/operations/metrics.ts'
import { observers } from '../../src/operations/observers.ts'

function lines(): { destination: Writable; read: () => Record<string, unknown>[] } {
  const texts: string[] = []
  const destination = new Writable({
    write(chunk, _, done) {
      texts.push(String(chunk))
      done()
    },
  })
  return {
    destination,
    read: () =>
      texts
        .join('')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((it) => JSON.parse(it)),
  }
}

t.test('no secret reaches the log', (t) => {
  const { destination, read } = lines()
  const log = createLogger({ logLevel: 'info' }, destination)
  const headers = {
    authorization: 'Bearer canary',
    cookie: 'tongban=canary',
    'set-cookie': ['tongban=canary'],
  }
  log.info(
    { ...headers, password: 'canary', req: { headers }, request: { headers }, client: { token: 'canary' } },
    'x',
  )
  log.info({ headers, operator: { passwordHash: 'canary' }, res: { headers } }, 'y')
  t.notMatch(JSON.stringify(read()), /canary/)
  t.end()
})

t.test('what PostgreSQL quotes of a row does not reach the log', (t) => {
  const { destination, read } = lines()
  const log = createLogger({ logLevel: 'info' }, destination)
  const refused = (message: string) =>
    Object.assign(new Error(message), {
      code: '23514',
      detail: 'Failing row contains (王建国)',
      where: 'COPY x: 王建国',
    })
  log.error({ err: refused('a check was violated') }, 'request.failed')
  log.error({ err: Object.assign(new Error('outer'), { inner: refused('within') }) }, 'request.failed')
  log.error({ err: new AggregateError([refused('one of many')]) }, 'request.failed')
  t.notMatch(JSON.stringify(read()), /王建国/)
  t.match(read()[0], { err: { message: 'a check was violated', code: '23514' } })
  t.end()
})

t.test('a line is JSON with the time in UTC, the level as a word and the event as its message', (t) => {
  const { destination, read } = lines()
  createLogger({ logLevel: 'info' }, destination).info(
    { submissionId: 'sub_1', ms: 3 },
    'submission.received',
  )
  t.match(read(), [
    {
      level: 'info',
      time: /^\d{4}-\d\d-\d\dT.*Z$/,
      submissionId: 'sub_1',
      ms: 3,
      msg: 'submission.received',
    },
  ])
  t.end()
})

t.test('at debug level a request is one line, without the address asked for', async (t) => {
  const { destination, read } = lines()
  const app = Fastify(fastifyLogging(createLogger({ logLevel: 'debug' }, destination)))
  t.teardown(() => app.close())
  app.decorateRequest('client', null)
  app.decorateRequest('operator', null)
  logRequests(app)
  app.get('/v1/submissions/:id', () => 'ok')
  await app.inject('/v1/submissions/sub_1?externalId=secret')
  const completed = read().filter((it) => it.msg === 'request.completed')
  t.match(completed, [
    { level: 'debug', method: 'GET', route: '/v1/submissions/:id', status: 200, ms: Number },
  ])
  t.equal(completed.length, 1)
  t.notMatch(JSON.stringify(read()), /secret|sub_1/)
})

t.test('at info level a request is no line at all', async (t) => {
  const { destination, read } = lines()
  const app = Fastify(fastifyLogging(createLogger({ logLevel: 'info' }, destination)))
  t.teardown(() => app.close())
  logRequests(app)
  app.get('/', () => 'ok')
  await app.inject('/')
  t.same(read(), [])
})

t.test(
  'an outage of the ledger is warned of once by each that meets it; a fault of our own is an error each time',
  async (t) => {
    const { destination, read } = lines()
    const observe = observers(createLogger({ logLevel: 'warn' }, destination), createMetrics())
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    for (const met of ['sweep', 'asking health', 'sweep', 'watching deadlines']) observe.fault(met, away)
    observe.fault('asking health', problem('unavailable'))
    const warned = ['sweep', 'asking health', 'watching deadlines']
    t.match(
      read(),
      warned.map((during) => ({ level: 'warn', msg: 'ledger.away', during, reason: /ECONNREFUSED/ })),
    )
    t.equal(read().length, warned.length)
    const ours = new TypeError("Cannot read properties of undefined (reading 'timeoutMs')")
    for (const _ of ['once', 'again']) observe.fault('sweep', ours)
    t.match(read().slice(warned.length), [
      { level: 'error', msg: 'sweep', err: { type: 'TypeError' } },
      { level: 'error', msg: 'sweep', err: { type: 'TypeError' } },
    ])
  },
)
