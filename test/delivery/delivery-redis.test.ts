// Delivery with its queues on Redis.

import { Redis } from 'ioredis'
import t from 'tap'
import { openQueues } from '../../src/delivery/queue.ts'
import { hasRedis, startRedis } from '../support/redis.ts'
import { play } from './scene.ts'
import { tellStories } from './stories.ts'

t.setTimeout(120_000)
t.test(
  'queues on Redis',
  { skip: hasRedis() ? false : 'no redis-server on PATH', timeout: 120_000 },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const places: string[] = []
    // A Redis database for each ledger, so that no scene sees another's calls.
    const urlFor = (ledger: string) => {
      if (!places.includes(ledger)) places.push(ledger)
      return `${redis.url}/${places.indexOf(ledger) % 16}`
    }
    t.test('calls that Redis did not take are made once it is back, even the first one', async (t) => {
      const own = await startRedis()
      t.teardown(() => own.stop())
      const failed: string[] = []
      const queues = await openQueues({
        redisUrl: own.url,
        databaseUrl: '',
        systems: ['licence'],
        onError: (system) => void failed.push(system),
      })
      t.teardown(() => queues.close())
      await own.kill()
      await queues.wake([{ id: 'trf_1', system: 'licence', epoch: 0, delayMs: 60_000 }])
      t.ok(failed.includes('licence'))
      await own.restart()
      while ((await queues.depth('licence').catch(() => ({}) as Record<string, number>)).delayed !== 1)
        await queues.wakeAgain()
    })
    tellStories(t, {
      scene: (t, options = {}) => play(t, { ...options, redisUrl: urlFor }),
      lose: (_, ledger) => empty(urlFor(ledger)),
    })
  },
)

async function empty(url: string): Promise<void> {
  const client = new Redis(url)
  await client.flushdb()
  client.disconnect()
}
