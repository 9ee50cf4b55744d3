import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { createCaller } from '../../src/sandbox/caller.ts'
import { openFaultBoard } from '../../src/sandbox/faults.ts'
import { openPush } from '../../src/sandbox/push.ts'

async function openRoad(t: Test) {
  const app = Fastify({ forceCloseConnections: true })
  const arrived: { body: string; signature: string }[] = []
  const trouble = { drops: 0, refusals: 0 }
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.post('/events', async (request, reply) => {
    arrived.push({ body: String(request.body), signature: String(request.headers['x-signature'] ?? '') })
    if (trouble.drops-- > 0) {
      request.raw.socket.destroy()
      return reply.hijack()
    }
    if (trouble.refusals-- > 0) return reply.code(503).send('busy')
    return reply.send('ok')
  })
  const gatewayUrl = await app.listen({ host: '127.0.0.1', port: 0 })
  const stopping = new AbortController()
  const caller = createCaller()
  const board = openFaultBoard('push', 'none')
  t.teardown(() => app.close())
  const push = openPush({ gatewayUrl, caller, board, stopping: stopping.signal })
  let signed = 0
  const send = (body: string) =>
    push('health', {
      method: 'POST',
      path: '/events',
      headers: { 'content-type': 'text/plain' },
      body,
      sign: () => ({ 'x-signature': `s${++signed}` }),
    })
  const stop = () => {
    stopping.abort()
    caller.close()
  }
  return { send, arrived, trouble, board, stop }
}

t.test('a push is repeated until it is answered, signed anew each time', async (t) => {
  const { send, arrived, trouble } = await openRoad(t)
  Object.assign(trouble, { drops: 1, refusals: 2 })
  t.match(await send('a'), { status: 200, body: 'ok' })
  t.equal(arrived.length, 4)
  t.equal(new Set(arrived.map(({ signature }) => signature)).size, 4)
})

t.test('a repeated push arrives twice with the same body', async (t) => {
  const { send, arrived, board } = await openRoad(t)
  board.change({ faults: { repeated: 1 } })
  await send('a')
  t.strictSame(
    arrived.map(({ body }) => body),
    ['a', 'a'],
  )
  t.strictSame(board.counts(), { health: { repeated: 1 } })
})

t.test('an overtaken push arrives after the next one', async (t) => {
  const { send, arrived, board } = await openRoad(t)
  board.change({ faults: { overtaken: 1, overtakenMs: 150 } })
  const first = send('first')
  await sleep(20)
  board.change({ profile: 'none' })
  await Promise.all([first, send('second')])
  t.strictSame(
    arrived.map(({ body }) => body),
    ['second', 'first'],
  )
})

t.test('nothing is pushed any more once the city stops', async (t) => {
  const { send, arrived, trouble, stop } = await openRoad(t)
  trouble.refusals = 1_000
  const pushed = send('a')
  await sleep(30)
  stop()
  await t.rejects(pushed)
  const then = arrived.length
  await sleep(150)
  t.equal(arrived.length, then)
})
