// Processes that die one after another: what only waited in them is innocent, what takes each of them down is not.

import t from 'tap'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Teardown } from '../support/database.ts'
import { play, type Scene, type SceneOptions } from './scene.ts'

t.setTimeout(120_000)

/** One process after another on the same ledger, each of which takes over what the one before left behind. */
function succession(t: Teardown, options: SceneOptions) {
  let last: Scene | undefined
  return async (change: SceneOptions = {}): Promise<Scene> => {
    const before = last
    await before?.ledger.presence.close()
    const databaseUrl = before ? { databaseUrl: before.databaseUrl } : {}
    const scene = await play(t, { sweeps: false, ...options, ...change, ...databaseUrl })
    last = scene
    if (before) await inherit(scene)
    return scene
  }
}

/** The waits between the lives of a suspect are told in test/ledger/leases.test.ts. */
const atOnce = { from: 99, firstMs: 0, mostMs: 0 }

async function inherit({ ledger: { leases }, delivery, until }: Scene): Promise<void> {
  await until('the dead one is noticed', async () => (await leases.takeOver(50, atOnce)).length > 0)
  delivery.adopt(await leases.overdue(0, 50, ['licence']))
}

t.test('ten processes may die while a transfer waits behind slow ones: it is delivered', async (t) => {
  const arrived = new Set<string>()
  const hang = Promise.withResolvers<never>()
  const next = succession(t, {
    concurrency: 1,
    find: async (_, { key }) => (arrived.has(key) ? { reference: 'D-1' } : null),
    send: async ({ key }) => {
      arrived.add(key)
      return hang.promise
    },
  })
  const first = await next()
  await first.take(14)
  await first.until('one has begun', () => first.sent.length === 1)
  for (let life = 2; life <= 11; life++) {
    const { until, sent } = await next()
    await until(`life ${life} has begun one`, () => sent.length === 1)
  }
  const last = await next({ send: async () => ({ reference: 'D-2' }) })
  await last.settled(14)
  hang.reject(new AdapterFailure('uncertain', 'too late'))
})

t.test('what takes each process down is a dead letter in the end, after one last look', async (t) => {
  const hang = Promise.withResolvers<never>()
  let looked = 0
  const next = succession(t, {
    send: () => hang.promise,
    find: async () => {
      looked++
      return null
    },
  })
  const first = await next()
  await first.take()
  await first.until('it has begun', () => first.sent.length === 1)
  let sends = 1
  const isDead = async (scene: Scene) => (await scene.states())[0] === 'dead'
  for (let lives = 2; ; lives++) {
    if (lives > 20) throw new Error('it is sent for ever')
    const scene = await next()
    await scene.until('it ends', async () => scene.sent.length > 0 || (await isDead(scene)))
    sends += scene.sent.length
    if (scene.sent.length > 0) continue
    t.match(await scene.query('select claims, look, reason from transfers'), [
      { claims: 0, look: true, reason: /16 attempts began and none ended/ },
    ])
    break
  }
  t.equal(sends, 17)
  t.equal(looked, 17, 'before each send but the first, and once more at the end')
  hang.reject(new AdapterFailure('uncertain', 'too late'))
})

t.test('what seems to take processes down but has arrived is delivered', async (t) => {
  const { take, ledger, system, settled, sent } = await play(t, {
    sweeps: false,
    find: async () => ({ reference: 'D-1' }),
  })
  system.gate.pause('not yet')
  await take()
  await ledger.writers.query('update transfers set claims = 16, look = true')
  system.gate.resume()
  await settled(1)
  t.strictSame(sent, [])
})
