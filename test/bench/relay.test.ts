import t, { type Test } from 'tap'
import { freePort } from '../support/ports.ts'
import { startPostgres } from '../support/postgres.ts'
import { hasRedis, startRedis } from '../support/redis.ts'
import { names } from './bodies.ts'
import { type BenchCity, startCity } from './city.ts'
import { type Contender, startBareRelay, startHandWritten } from './contenders.ts'
import { percentiles } from './latency.ts'
import { drain, runClosedLoop, runOpenLoop } from './load.ts'
import { readOptions } from './options.ts'
import { createSender, listen } from './wire.ts'

t.test('every case that the bare relay accepts comes back to the platform once', async (t) => {
  const city = await startCity(await freePort())
  t.teardown(city.close)
  await finishesAll(t, city, await startBareRelay(city.port))
})

const engines = [
  { jobs: 'PostgreSQL', redis: false, skip: false },
  { jobs: 'Redis', redis: true, skip: hasRedis() ? false : 'redis-server is not on PATH' },
]
for (const { jobs, redis, skip } of engines)
  t.test(`so does every one that the relay written by hand accepts, jobs on ${jobs}`, { skip }, async (t) => {
    const city = await startCity(await freePort())
    t.teardown(city.close)
    const postgres = await startPostgres({ durable: false })
    t.teardown(postgres.stop)
    await postgres.administer('CREATE DATABASE by_hand')
    const started = redis ? await startRedis() : null
    t.teardown(() => started?.stop())
    const on = { postgres, database: 'by_hand', redis: started, cityPort: city.port }
    await finishesAll(t, city, await startHandWritten(on))
  })

async function finishesAll(t: Test, city: BenchCity, relay: Contender): Promise<void> {
  t.teardown(relay.stop)
  city.aim({ port: relay.port, connections: 8 })
  const window = await runClosedLoop(city, {
    theme: names.relayTheme,
    until: 'finished',
    inFlight: 16,
    warmUpMs: 100,
    seconds: 0.3,
  })
  await drain(city, 5_000)
  const tally = city.tally()
  t.ok(window.count > 0 && window.perSecond > 0)
  t.match(tally, { lost: 0, double: 0, failures: 0, finished: tally.accepted })
}

t.test('at a fixed rate every intended submission is made and timed from its intended moment', async (t) => {
  const city = await startCity(await freePort())
  const relay = await startBareRelay(city.port)
  t.teardown(async () => {
    city.close()
    await relay.stop()
  })
  city.aim({ port: relay.port, connections: 8 })
  await runOpenLoop(city, { theme: names.relayTheme, perSecond: 50, seconds: 1 })
  await drain(city, 5_000)
  const { accepted, finalTimes } = city.tally()
  t.equal(accepted, 50)
  t.equal(finalTimes.length, 50)
  t.ok(finalTimes.every((time) => time > 0))
})

t.test('a case that no one finishes is counted as lost', async (t) => {
  const answer = '{"submissionId":"sub_1","cases":[{"caseId":"case_1"}]}'
  const silent = await listen(
    0,
    () => `HTTP/1.1 202 Accepted\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
  )
  const city = await startCity(await freePort())
  t.teardown(() => {
    city.close()
    silent.close()
  })
  const address = silent.address()
  city.aim({ port: typeof address === 'object' && address !== null ? address.port : 0, connections: 1 })
  await runOpenLoop(city, { theme: names.relayTheme, perSecond: 10, seconds: 0.1 })
  await drain(city, 100)
  t.match(city.tally(), { accepted: 1, finished: 0, lost: 1 })
})

t.test('messages split or joined on the wire are read whole, and a lost connection is told', async (t) => {
  const server = await listen(
    0,
    ({ body }) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  t.teardown(() => server.close())
  const address = server.address()
  const sender = createSender(typeof address === 'object' && address !== null ? address.port : 0, 2)
  t.teardown(sender.close)
  const big = 'x'.repeat(300_000)
  const send = (body: string) =>
    new Promise<[number, string]>((resolve) =>
      sender.send(`POST / HTTP/1.1\r\ncontent-length: ${body.length}\r\n\r\n${body}`, (status, answer) =>
        resolve([status, answer.toString()]),
      ),
    )
  t.strictSame(await Promise.all([send('a'), send(big), send('c')]), [
    [200, 'a'],
    [200, big],
    [200, 'c'],
  ])
  const refused = createSender(1, 1)
  t.teardown(refused.close)
  const status = await new Promise((resolve) => refused.send('GET / HTTP/1.1\r\n\r\n', resolve))
  t.equal(status, 0)
})

t.test('percentiles are nearest-rank and of every value', (t) => {
  const times = Array.from({ length: 100 }, (_, i) => 100 - i)
  t.strictSame(percentiles(times), { count: 100, p50: 50, p99: 99, max: 100 })
  t.equal(percentiles([]), null)
  t.end()
})

t.test('an option that is unknown or no number is refused', (t) => {
  t.throws(() => readOptions(['--secnds', '3']))
  t.throws(() => readOptions(['--seconds', 'ten']), /--seconds must be a number/)
  t.throws(() => readOptions(['--queues', 'kafka']), /--queues must be/)
  t.equal(readOptions(['--help']), null)
  t.match(readOptions(['--w1', '--queues', 'postgres']), { parts: { w1: true, intake: false, w2: false } })
  t.end()
})
