// What must be true of a Redis that carries wake-up calls, asked before it is trusted.

import { Redis } from 'ioredis'

interface RedisFacts {
  /** `noeviction` is needed: an evicted key is a wake-up call that is made again only by the sweeper. */
  evictionPolicy: string
  /** Without it a crash loses calls, which the sweeper makes again within seconds. */
  appendOnly: boolean
}

const ANSWERS_WITHIN_MS = 3_000

/** Rejects when it does not answer within three seconds. null when it forbids CONFIG, as managed ones do. */
export async function askRedis(url: string): Promise<RedisFacts | null> {
  const redis = new Redis(url, {
    lazyConnect: true,
    // What it says in place of an answer, LOADING or NOAUTH, is told; otherwise ioredis only says that it closed.
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: ANSWERS_WITHIN_MS,
    commandTimeout: ANSWERS_WITHIN_MS,
  })
  let fault: Error | undefined
  redis.on('error', (error) => {
    fault = error
  })
  try {
    await redis.connect().catch((error: unknown) => {
      throw fault ?? error
    })
    const setting = async (name: string): Promise<string> =>
      ((await redis.config('GET', name)) as string[])[1] ?? ''
    return {
      evictionPolicy: await setting('maxmemory-policy'),
      appendOnly: (await setting('appendonly')) === 'yes',
    }
  } catch (error) {
    const { message } = error as Error
    if (/unknown command|NOPERM/i.test(message)) return null
    if (/timed out/i.test(message)) throw new Error(`no answer within ${ANSWERS_WITHIN_MS / 1_000} s`)
    throw error
  } finally {
    redis.disconnect()
  }
}

/** It is there and will not have us: nothing that passes. */
export const isRefusedByRedis = (error: unknown): boolean =>
  /^(NOAUTH|WRONGPASS|NOPERM)\b/.test((error as Error).message)
