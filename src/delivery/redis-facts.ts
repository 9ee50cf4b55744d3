// What must be true of a Redis that carries wake-up calls, asked before it is trusted.

import { Redis } from 'ioredis'

interface RedisFacts {
  /** `noeviction` is needed: an evicted key is a wake-up call that is made again only by the sweeper. */
  evictionPolicy: string
  /** Without it a crash loses calls, which the sweeper makes again within seconds. */
  appendOnly: boolean
}

/** Rejects when it does not answer within three seconds. null when it forbids CONFIG, as managed ones do. */
export async function askRedis(url: string): Promise<RedisFacts | null> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 3_000,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    const setting = async (name: string): Promise<string> =>
      ((await redis.config('GET', name)) as string[])[1] ?? ''
    return {
      evictionPolicy: await setting('maxmemory-policy'),
      appendOnly: (await setting('appendonly')) === 'yes',
    }
  } catch (error) {
    if (/unknown command|NOPERM/i.test((error as Error).message)) return null
    throw error
  } finally {
    redis.disconnect()
  }
}
