import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { injectFaults, openFaultBoard } from '../../src/sandbox/faults.ts'

async function honestActor(t: Test, seed = 'f') {
  const board = openFaultBoard(seed, 'none')
  const app = Fastify({ forceCloseConnections: true })
  let effects = 0
  await app.register(
    async (scope) => {
      injectFaults(scope, 'health', board)
      scope.post('/do', async () => ({ effects: ++effects }))
    },
    { prefix: '/health' },
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    board.stop()
    await app.close()
  })
  const ask = (key: string) =>
    fetch(`${url}/health/do`, {
      method: 'POST',
      body: 'something',
      headers: { 'content-type': 'text/plain', 'idempotency-key': key },
    }).then(
      async (answer) => ({ status: answer.status, text: await answer.text(), headers: answer.headers }),
      () => 'broken' as const,
    )
  return { board, ask, effects: () => effects }
}

t.test('without faults every request is answered', async (t) => {
  const { ask, effects } = await honestActor(t)
  for (let i = 0; i < 20; i++) t.match(await ask(`k${i}`), { status: 200 })
  t.equal(effects(), 20)
})

t.test('unavailable and throttled requests have no effect', async (t) => {
  const { ask, board, effects } = await honestActor(t)
  board.change({ faults: { unavailable: 1 } })
  t.match(await ask('a'), { status: 503 })
  board.change({ actor: 'health', faults: { unavailable: 0, throttled: 1, retryAfterSeconds: 2 } })
  const throttled = await ask('b')
  t.ok(throttled !== 'broken' && throttled.status === 429 && throttled.headers.get('retry-after') === '2')
  t.equal(effects(), 0)
})

t.test('a lost answer is lost after the effect', async (t) => {
  const { ask, board, effects } = await honestActor(t)
  board.change({ faults: { lost: 1 } })
  t.equal(await ask('a'), 'broken')
  t.equal(effects(), 1)
  t.strictSame(board.counts(), { health: { lost: 1 } })
})

t.test('silence lasts as long as it was told, then the connection ends', async (t) => {
  const { ask, board, effects } = await honestActor(t)
  board.change({ faults: { silent: 1, silentMs: 120 } })
  const startedAt = performance.now()
  t.equal(await ask('a'), 'broken')
  t.ok(performance.now() - startedAt >= 100)
  t.equal(effects(), 1)
})

t.test('an actor that is down takes no connection for a while, then is back', async (t) => {
  const { ask, board } = await honestActor(t)
  board.change({ faults: { downEveryMs: 600, downForMs: 300 } })
  const answers = new Set<string>()
  for (let i = 0; i < 30; i++) {
    const answer = await ask(`d${i}`)
    answers.add(answer === 'broken' ? answer : String(answer.status))
    await sleep(25)
  }
  t.strictSame([...answers].sort(), ['200', 'broken'])
})

t.test('garbage comes only when it is asked for', async (t) => {
  const { ask, board } = await honestActor(t)
  for (const profile of ['default', 'harsh'] as const) {
    board.change({ profile })
    t.equal(board.of('health').garbage, 0)
  }
  board.change({ profile: 'none', faults: { garbage: 1 } })
  const answer = await ask('a')
  t.ok(answer !== 'broken' && answer.status === 200 && answer.text.startsWith('<html>'))
})

t.test('the same seed and the same requests meet the same fate in any order', async (t) => {
  const fates = async (order: readonly string[]) => {
    const { ask, board } = await honestActor(t, 'same')
    board.change({ faults: { unavailable: 0.4, lost: 0.2 } })
    const met = new Map<string, string>()
    for (const key of order) {
      const answer = await ask(key)
      met.set(key, answer === 'broken' ? answer : String(answer.status))
    }
    return Object.fromEntries([...met].sort())
  }
  const keys = Array.from({ length: 25 }, (_, i) => `k${i}`)
  const one = await fates(keys)
  t.strictSame(await fates(keys.toReversed()), one)
  t.equal(new Set(Object.values(one)).size, 3)
})

t.test('an unknown fault or a figure that is none is refused', async (t) => {
  const board = openFaultBoard('x', 'none')
  t.throws(() => board.change({ faults: { lots: 1 } }), /Unknown fault "lots"/)
  t.throws(() => board.change({ faults: { lost: -1 } }), /must be a number/)
})
