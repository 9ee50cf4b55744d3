// Delivery with its queues on Redis.

import { Redis } from 'ioredis'
import t from 'tap'
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
