// Redis is there and says nothing: stopped in its tracks, or behind a line that drops everything. It carries wake-up
// calls alone, so nobody waits for it.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openQueues } from '../../src/delivery/queue.ts'
import type { Teardown } from '../support/database.ts'
import { hasRedis, startRedis } from '../support/redis.ts'
import { play } from './scene.ts'

t.setTimeout(120_000)
const options = { skip: hasRedis() ? false : 'no redis-server on PATH', timeout: 60_000 } as const

async function freezable(t: Teardown) {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  return {
    url: redis.url,
    freeze: () => redis.process().signal('SIGSTOP'),
    wakeUp: () => redis.process().signal('SIGCONT'),
  }
}

const call = (n: number) => ({ id: `trf_${n}`, system: 'licence', epoch: 0, delayMs: 60_000 })

t.test(
  'who makes a wake-up call waits a second for a frozen Redis, and then not at all',
  options,
  async (t) => {
    const redis = await freezable(t)
    const queues = await openQueues({
      redisUrl: redis.url,
      databaseUrl: '',
      systems: ['licence'],
      onError: () => undefined,
    })
    t.teardown(() => queues.close())
    await queues.wake([call(0)])
    redis.freeze()
    const began = performance.now()
    await queues.wake([call(1)])
    t.ok(performance.now() - began < 2_000, `${Math.round(performance.now() - began)} ms`)
    const known = performance.now()
    await queues.wake([call(2), call(3)])
    t.ok(performance.now() - known < 100, `${Math.round(performance.now() - known)} ms`)
    redis.wakeUp()
    while ((await queues.depth('licence').catch(() => ({}) as Record<string, number>)).delayed !== 4) {
      await queues.wakeAgain()
      await sleep(50)
    }
  },
)

t.test(
  'the work of a process that dies while Redis is frozen is taken over all the same',
  options,
  async (t) => {
    const redis = await freezable(t)
    const redisUrl = () => redis.url
    const hang = new Promise<never>(() => undefined)
    const dying = await play(t, { sweeps: false, redisUrl, send: () => hang })
    await dying.take(2)
    await dying.until('both have begun', () => dying.sent.length === 2)
    const { databaseUrl } = dying
    const heir = await play(t, { databaseUrl, redisUrl, find: async () => ({ reference: 'D-1' }) })
    t.ok(await heir.ledger.presence.leads())
    redis.freeze()
    await heir.queues.wake([call(1)])
    // Its next rounds make that call again, in vain.
    await sleep(1_500)
    const diedAt = performance.now()
    await dying.ledger.presence.close()
    await heir.settled(2)
    const took = Math.round(performance.now() - diedAt)
    t.ok(took < 5_000, `${took} ms`)
    redis.wakeUp()
  },
)
