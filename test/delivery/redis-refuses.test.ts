// Redis is there, answers, and takes nothing: a replica since a fail-over, or without memory. It is told of as it is,
// and left for the new master as soon as there is one.

import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import { QueuesRefuse } from '../../src/delivery/engine-faults.ts'
import { openQueues } from '../../src/delivery/queue.ts'
import type { Teardown } from '../support/database.ts'
import { startLine } from '../support/line.ts'
import { hasRedis, startRedis } from '../support/redis.ts'

t.setTimeout(60_000)
const options = { skip: hasRedis() ? false : 'no redis-server on PATH', timeout: 30_000 } as const

async function start(t: Teardown) {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const admin = new Redis(redis.url)
  t.teardown(() => admin.disconnect())
  return { url: redis.url, port: Number(new URL(redis.url).port), admin }
}

async function queuesAt(t: Teardown, redisUrl: string) {
  const errors: string[] = []
  const queues = await openQueues({
    redisUrl,
    databaseUrl: '',
    systems: ['licence'],
    onError: (_, error) => void errors.push(error.message),
  })
  t.teardown(() => queues.close())
  return { queues, errors }
}

t.test('a Redis that takes no calls is not well, whatever it answers', options, async (t) => {
  const { url, admin } = await start(t)
  const { queues } = await queuesAt(t, url)
  await queues.check()
  await admin.config('SET', 'maxmemory', '1')
  const refusal = async (): Promise<unknown> => queues.check().catch((error: unknown) => error)
  while (!((await refusal()) instanceof QueuesRefuse)) await sleep(20)
  t.match(await refusal(), { message: /^OOM/ })
  await admin.config('SET', 'maxmemory', '0')
  await queues.check()
})

t.test('after a fail-over behind the same address the new master is found', options, async (t) => {
  const [before, after] = [await start(t), await start(t)]
  const line = await startLine(before.port)
  t.teardown(() => line.close())
  const { queues, errors } = await queuesAt(t, line.through(before.url))
  const called: string[] = []
  queues.work('licence', 2, async ({ transfer }) => void called.push(transfer))
  const due = (id: string) => [{ id, system: 'licence', epoch: 0, delayMs: 0 }]
  await queues.wake(due('trf_1'))
  while (called.length < 1) await sleep(20)

  line.lead(after.port)
  await before.admin.call('REPLICAOF', '127.0.0.1', String(after.port))
  await queues.wake(due('trf_2'))
  const began = performance.now()
  while (called.length < 2 && performance.now() - began < 20_000) {
    await queues.wakeAgain()
    await sleep(100)
  }
  t.strictSame(called, ['trf_1', 'trf_2'])
  t.ok(errors.some((one) => /^Redis refuses · Redis 拒绝执行: READONLY/.test(one)))
  await queues.check()
})
