// Connections to Redis, whichever kind REDIS_URL names: one, the master that Sentinels know of, or a cluster.

import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { type RedisAddress, redisAddress } from '../settings/redis-address.ts'

export type RedisConnection = Redis | Cluster

/** How one connection behaves; how it tries again holds for the way to the cluster, whose nodes come and go. */
type Manner = Pick<
  RedisOptions,
  | 'lazyConnect'
  | 'enableReadyCheck'
  | 'maxRetriesPerRequest'
  | 'connectTimeout'
  | 'commandTimeout'
  | 'socketTimeout'
  | 'reconnectOnError'
> & { retryStrategy(tries: number): number | null }

/** How long a Sentinel, or a node of a cluster, has to tell who keeps what. */
const TOLD_WITHIN_MS = 3_000

/** @param url as `redisAddress` reads it */
export function connectRedis(url: string, manner: Manner): RedisConnection {
  const address = addressOf(url)
  if (address.kind === 'cluster') return connectCluster(address, manner)
  if (address.kind === 'one') return new Redis(address.url, manner)
  const { nodes, master, database, login, sentinel, tls } = address
  return new Redis({
    ...manner,
    ...login,
    name: master,
    db: database,
    sentinels: nodes,
    ...(sentinel.username ? { sentinelUsername: sentinel.username } : {}),
    ...(sentinel.password ? { sentinelPassword: sentinel.password } : {}),
    ...(tls ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
    sentinelRetryStrategy: manner.retryStrategy,
    // Of one that is silent the next is asked.
    sentinelCommandTimeout: TOLD_WITHIN_MS,
  })
}

function connectCluster(
  { nodes, login, tls }: Extract<RedisAddress, { kind: 'cluster' }>,
  { retryStrategy, lazyConnect = false, ...manner }: Manner,
): Cluster {
  return new Cluster(nodes, {
    lazyConnect,
    clusterRetryStrategy: retryStrategy,
    slotsRefreshTimeout: TOLD_WITHIN_MS,
    redisOptions: { ...manner, ...login, ...(tls ? { tls: {} } : {}) },
    // Certificates are made out to names, which the cluster tells: looked up they would be addresses.
    ...(tls ? { dnsLookup: (name, told) => told(null, name) } : {}),
  })
}

/**
 * What the keys of one queue begin with. A cluster keeps what stands in braces together, as BullMQ's scripts need it,
 * and the queues of different systems apart.
 */
export const keyPrefix = (url: string, queue: string): string =>
  addressOf(url).kind === 'cluster' ? `{tongban:${queue}}` : 'tongban'

/** The masters, of which there are several in a cluster only; connected. */
export const mastersOf = (redis: RedisConnection): Redis[] =>
  redis instanceof Cluster ? redis.nodes('master') : [redis]

function addressOf(url: string): RedisAddress {
  const address = redisAddress(url)
  if (!address) throw new Error('REDIS_URL is not the address of a Redis')
  return address
}
