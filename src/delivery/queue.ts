// One BullMQ queue per system, on Redis or on PostgreSQL; the only user of BullMQ. A job is a wake-up call for a
// transfer and carries nothing else: losing every job loses no work. `job` is BullMQ's word and stays in this file.

import { setTimeout as sleep } from 'node:timers/promises'
import { createPostgresBackend, Queue, runMigrations, Worker, withBackend } from 'bullmq'
import pg from 'pg'
import type { Due } from '../ledger/changes.ts'
import { inOurWords, isRefusal, leadsElsewhere, QueuesRefuse } from './engine-faults.ts'
import { connectRedis, keyPrefix, type RedisConnection } from './redis.ts'

export interface WakeUp {
  transfer: string
  epoch: number
  /** ms since the epoch; 0 for what was on its way already. */
  dueAt: number
}

export interface Queues {
  /**
   * Adds wake-up calls; one that is already waiting is not added twice. Never rejects: what fails is added by
   * `wakeAgain`. Waits a second for an engine that does not answer, and not at all once that is known.
   */
  wake(due: readonly Due[]): Promise<void>
  /** Adds those once more that could not be added while the engine, or the way to it, was away. */
  wakeAgain(): Promise<void>
  /** Starts consuming; `handle` must not reject. */
  work(system: string, concurrency: number, handle: (call: WakeUp) => Promise<void>): void
  /** Another number of calls at once from now on. */
  tune(system: string, concurrency: number): void
  /** Ends and makes anew the consumers of a system that makes no progress. Never rejects. */
  restart(system: string): Promise<void>
  /** Makes the queue of a system that was added; a repeat changes nothing. */
  open(system: string): void
  /** Ends the queue of a system that was removed; calls under way are awaited, those that wait stay with the engine. */
  shut(system: string): Promise<void>
  pause(system: string): Promise<void>
  resume(system: string): Promise<void>
  /** Calls by their state in BullMQ. */
  depth(system: string): Promise<Record<string, number>>
  /** For the queue view. */
  list(): Queue[]
  /** Rejects where the engine takes no calls: with `QueuesRefuse` where it is there and says so. */
  check(): Promise<void>
  /** Takes no more calls, so that what is handed back now waits for another process. */
  rest(): Promise<void>
  close(): Promise<void>
}

interface QueueOptions {
  redisUrl: string | null
  databaseUrl: string
  systems: readonly string[]
  onError(system: string, error: Error): void
}

const LOCK_MS = 6_000
const STALLED_CHECK_MS = 2_000
/** After a fault of the engine a consumer tries again this soon; BullMQ's own default is 15 s. */
const RUN_RETRY_MS = 500
// Wake-up calls may stall as often as they like: the ledger decides what they are worth.
const MAX_STALLED = 1_000
const CLOSE_WAIT_MS = 3_000
/**
 * A connection that answers nothing for this long is ended and made anew: of one that was forgotten on the way (a firewall,
 * an engine that is frozen) nobody tells us, and the kernel finds out after a quarter of an hour.
 */
const ANSWERS_WITHIN_MS = 5_000
/** Of those on which a consumer waits for its next call: BullMQ has it wait for ten seconds at most. */
const WAITING_ANSWERS_WITHIN_MS = 15_000
/** An engine that has not taken a system's calls for so long is given no more of them until it has, or they have failed. */
const TAKES_WITHIN_MS = 1_000
const CHECK_KEPT_MS = 60_000
/** Calls that failed, kept until the engine is back; what is beyond them the sweeper finds in the ledger. */
const FAILED_KEPT = 20_000

interface Backend {
  queue(name: string): Queue
  worker(name: string, concurrency: number, handle: (call: WakeUp) => Promise<void>): Worker
  check(): Promise<void>
  close(): Promise<void>
}

/** Brings BullMQ's own tables (schema `bullmq`) to the version of the library. */
export async function migrateQueues(databaseUrl: string): Promise<void> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: ANSWERS_WITHIN_MS,
  })
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    const client = await pool.connect()
    try {
      await runMigrations(client)
    } finally {
      client.release()
    }
  } finally {
    await pool.end()
  }
}

export async function openQueues(options: QueueOptions): Promise<Queues> {
  const backend = options.redisUrl ? redisBackend(options.redisUrl) : postgresBackend(options.databaseUrl)
  const queues = new Map<string, Queue>()
  const tell = (system: string, error: unknown): void => options.onError(system, inOurWords(error as Error))
  const workers = new Map<
    string,
    { worker: Worker; concurrency: number; start(concurrency: number): Worker }
  >()
  const open = (system: string): void => {
    if (queues.has(system)) return
    const queue = backend.queue(system)
    queue.on('error', (error) => tell(system, error))
    queues.set(system, queue)
  }
  options.systems.forEach(open)
  const queueOf = (system: string): Queue | undefined => queues.get(system)
  let resting: Promise<unknown> | undefined
  // Once: consumers that could not be ended in time are not waited for again by `close`.
  const rest = async (): Promise<void> => {
    resting ??= Promise.all([...workers.values()].map(({ worker }) => within(worker.close(), CLOSE_WAIT_MS)))
    await resting
  }

  let failed: Due[] = []
  const keep = (due: readonly Due[]): void => {
    failed = [...failed, ...due].slice(-FAILED_KEPT)
  }
  /** By system, since when each of its additions under way is, by `performance.now()`; the oldest first. */
  const adding = new Map<string, Set<{ since: number }>>()
  async function add(system: string, due: readonly Due[]): Promise<void> {
    const mine = { since: performance.now() }
    const under = adding.get(system) ?? new Set()
    const [oldest = mine] = under
    if (mine.since - oldest.since > TAKES_WITHIN_MS) return keep(due)
    adding.set(system, under.add(mine))
    await within(
      addNow(system, due).finally(() => under.delete(mine)),
      TAKES_WITHIN_MS,
    )
  }
  async function addNow(system: string, due: readonly Due[]): Promise<void> {
    const queue = queueOf(system)
    try {
      await queue?.addBulk(due.map(call))
    } catch (error) {
      keep(due)
      tell(system, error)
      if (queue) await renewUnlessReady(system, queue)
    }
  }
  /** To BullMQ, a queue whose engine was away at its first word is away for ever. */
  async function renewUnlessReady(system: string, queue: Queue): Promise<void> {
    let away = false
    const asked = queue.waitUntilReady().catch(() => {
      away = true
    })
    await within(asked, CLOSE_WAIT_MS)
    if (!away || queueOf(system) !== queue) return
    queues.delete(system)
    open(system)
    await within(queue.close(), CLOSE_WAIT_MS)
  }
  const wake = async (due: readonly Due[]): Promise<void> => {
    const bySystem = Map.groupBy(due, (one) => one.system)
    await Promise.all([...bySystem].map(([system, list]) => add(system, list)))
  }

  return {
    wake,
    async wakeAgain() {
      const due = failed
      failed = []
      await wake(due)
    },
    work(system, concurrency, handle) {
      const start = (atOnce: number): Worker => {
        const worker = backend.worker(system, atOnce, handle)
        worker.on('error', (error) => tell(system, error))
        return worker
      }
      workers.set(system, { worker: start(concurrency), concurrency, start })
    },
    tune(system, concurrency) {
      const running = workers.get(system)
      if (!running) return
      running.concurrency = concurrency
      running.worker.concurrency = concurrency
    },
    async restart(system) {
      const running = workers.get(system)
      if (!running) return
      await within(running.worker.close(true), CLOSE_WAIT_MS)
      if (workers.get(system) === running && !resting) running.worker = running.start(running.concurrency)
    },
    open,
    async shut(system) {
      const [worker, queue] = [workers.get(system)?.worker, queueOf(system)]
      workers.delete(system)
      queues.delete(system)
      if (worker) await within(worker.close(), CLOSE_WAIT_MS)
      if (queue) await within(queue.close(), CLOSE_WAIT_MS)
    },
    pause: async (system) => void (await queueOf(system)?.pause()),
    resume: async (system) => void (await queueOf(system)?.resume()),
    depth: async (system) => (await queueOf(system)?.getJobCounts('waiting', 'delayed', 'active')) ?? {},
    list: () => [...queues.values()],
    check: () => backend.check(),
    rest,
    async close() {
      await rest()
      await Promise.all([...queues.values()].map((queue) => within(queue.close(), CLOSE_WAIT_MS)))
      await within(backend.close(), CLOSE_WAIT_MS)
    },
  }
}

// BullMQ ids may neither hold a colon nor be numbers; the epoch makes each lease's call a new one.
const jobId = (due: Due): string => `${due.id}-${due.epoch}`

function call(due: Due) {
  return {
    name: 'attempt',
    data: {
      transfer: due.id,
      epoch: due.epoch,
      dueAt: due.first ? 0 : Math.round(Date.now() + due.delayMs),
    } satisfies WakeUp,
    opts: {
      jobId: jobId(due),
      delay: Math.max(0, Math.round(due.delayMs)),
      // What is older than its call was called before: it does not go to the end of the line again.
      lifo: due.first === true || due.delayMs < 0,
      removeOnComplete: true,
      removeOnFail: true,
    },
  }
}

const workerOptions = (concurrency: number) => ({
  concurrency,
  lockDuration: LOCK_MS,
  stalledInterval: STALLED_CHECK_MS,
  runRetryDelay: RUN_RETRY_MS,
  maxStalledCount: MAX_STALLED,
})

function redisBackend(url: string): Backend {
  const connections = new Set<RedisConnection>()
  const retryStrategy = (tries: number): number => Math.min(tries * 50, 1_000)
  const make = (): RedisConnection =>
    connectRedis(url, {
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
      socketTimeout: WAITING_ANSWERS_WITHIN_MS,
      reconnectOnError: leadsElsewhere,
      retryStrategy,
    })
  /** BullMQ makes a second one of it, to listen on; where nobody answers it never ends that. */
  function known(connection: RedisConnection): RedisConnection {
    const duplicate = connection.duplicate.bind(connection) as (...how: unknown[]) => RedisConnection
    connections.add(connection)
    connection.once('end', () => connections.delete(connection))
    return Object.assign(connection, { duplicate: (...how: unknown[]) => known(duplicate(...how)) })
  }
  // Adding must not wait for ever while Redis is away: the sweeper repeats it.
  const shared = connectRedis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: ANSWERS_WITHIN_MS,
    socketTimeout: ANSWERS_WITHIN_MS,
    reconnectOnError: leadsElsewhere,
    retryStrategy,
  })
  shared.on('error', () => undefined)
  return {
    queue: (name) =>
      new Queue(name, { connection: shared, prefix: keyPrefix(url, name), skipWaitingForReady: true }),
    worker: (name, concurrency, handle) => {
      const connection = known(make())
      connection.on('error', () => undefined)
      const worker = new Worker(name, (job) => handle(job.data as WakeUp), {
        ...workerOptions(concurrency),
        connection,
        prefix: keyPrefix(url, name),
      })
      worker.once('closed', () => connection.disconnect())
      return worker
    },
    async check() {
      try {
        await shared.set('tongban:check', '', 'PX', CHECK_KEPT_MS)
      } catch (error) {
        const { message } = error as Error
        throw isRefusal(error as Error) ? new QueuesRefuse(message, { cause: error }) : error
      }
    },
    close: async () => {
      for (const one of [shared, ...connections]) one.disconnect()
    },
  }
}

/** Of all queues together, and of each worker beside the one that it listens on. */
const [SHARED_CONNECTIONS, WORKER_CONNECTIONS] = [6, 3]

/** How many connections to PostgreSQL a process may have open for its queues, where they are there. */
export const queueConnections = (systems: number): number =>
  SHARED_CONNECTIONS + systems * (WORKER_CONNECTIONS + 1)

const onPostgres = withBackend(createPostgresBackend)
// BullMQ names node-postgres' pool in words of its own.
type SharedPool = ConstructorParameters<typeof onPostgres.Queue>[1]['connection']

function postgresBackend(url: string): Backend {
  const shared = queuePool(url, SHARED_CONNECTIONS, 'tongban-queues')
  const pools = new Set([shared])
  return {
    queue: (name) =>
      new onPostgres.Queue(name, { connection: shared as unknown as SharedPool }) as unknown as Queue,
    worker: (name, concurrency, handle) => {
      const pool = queuePool(url, WORKER_CONNECTIONS, 'tongban-worker')
      pools.add(pool)
      const worker = new onPostgres.Worker(name, (job) => handle(job.data as WakeUp), {
        ...workerOptions(concurrency),
        connection: pool as unknown as SharedPool,
      }) as unknown as Worker
      worker.once('closed', () => {
        if (pools.delete(pool)) void pool.end()
      })
      return worker
    },
    check: async () => void (await shared.query('select 1')),
    async close() {
      const left = [...pools]
      pools.clear()
      await Promise.all(left.map((pool) => pool.end()))
    },
  }
}

/** A connection that breaks is replaced; BullMQ repeats what it was about, so nobody needs to hear of it. */
function queuePool(url: string, max: number, name: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    options: '-c search_path=bullmq',
    application_name: name,
    keepAlive: true,
    keepAliveInitialDelayMillis: WAITING_ANSWERS_WITHIN_MS,
    connectionTimeoutMillis: ANSWERS_WITHIN_MS,
    query_timeout: ANSWERS_WITHIN_MS,
    // So that a query without an answer ends its connection, even one that BullMQ keeps for itself.
    pipeline: true,
  })
  pool.setMaxListeners(0)
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return unhurried(pool)
}

/**
 * BullMQ's consumers ask again at once after any fault that is not a refused connection: while PostgreSQL starts up,
 * or once the pool has ended, that would keep a core busy with nothing.
 */
function unhurried(pool: pg.Pool): pg.Pool {
  const ask = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>
  const query = async (...args: unknown[]): Promise<unknown> => {
    try {
      return await ask(...args)
    } catch (error) {
      await sleep(RUN_RETRY_MS, undefined, { ref: false })
      throw error
    }
  }
  return Object.assign(pool, { query })
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work.catch(() => undefined), limit])
  clearTimeout(timer)
}
