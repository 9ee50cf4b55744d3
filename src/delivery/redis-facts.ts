// What must be true of a Redis that carries wake-up calls, asked before it is trusted.

import type { Redis } from 'ioredis'
import { connectRedis, mastersOf } from './redis.ts'

interface RedisFacts {
  /** `noeviction` is needed: an evicted key is a wake-up call that is made again only by the sweeper. */
  evictionPolicy: string
  /** Without it a crash loses calls, which the sweeper makes again within seconds. */
  appendOnly: boolean
  /** REDIS_URL names one, but it is a node of a cluster and keeps a part of the calls only. */
  isNode: boolean
}

const ANSWERS_WITHIN_MS = 3_000

export const NODE_NAMED_AS_ONE =
  'is a node of a cluster: name it redis-cluster://host:6379,… in REDIS_URL · 是集群节点，REDIS_URL 请写成 redis-cluster://'
export const NO_EVICTION = 'noeviction'

const setting = async (redis: Redis, name: string): Promise<string> =>
  ((await redis.config('GET', name)) as string[])[1] ?? ''

/** Rejects when it does not answer within three seconds. null when it forbids CONFIG, as managed ones do. */
export async function askRedis(url: string): Promise<RedisFacts | null> {
  const redis = connectRedis(url, {
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
    const masters = mastersOf(redis)
    const policies = await Promise.all(masters.map((one) => setting(one, 'maxmemory-policy')))
    const appends = await Promise.all(masters.map((one) => setting(one, 'appendonly')))
    const clustered = await Promise.all(masters.map((one) => setting(one, 'cluster-enabled')))
    return {
      isNode: masters[0] === redis && clustered[0] === 'yes',
      evictionPolicy: policies.find((one) => one !== NO_EVICTION) ?? NO_EVICTION,
      appendOnly: appends.every((one) => one === 'yes'),
    }
  } catch (error) {
    const { message, lastNodeError } = error as Error & { lastNodeError?: Error }
    if (lastNodeError) throw new Error(`${message} ${lastNodeError.message}`)
    if (/unknown command|NOPERM/i.test(message)) return null
    if (/timed out/i.test(message)) throw new Error(`no answer within ${ANSWERS_WITHIN_MS / 1_000} s`)
    throw error
  } finally {
    redis.disconnect()
  }
}

/** It is there and will not have us: nothing that passes. */
export const isRefusedByRedis = (error: unknown): boolean =>
  /\b(NOAUTH|WRONGPASS|NOPERM)\b/.test((error as Error).message)
