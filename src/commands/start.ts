// tongban start

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Gateway } from '../gateway.ts'
import { inspectDatabase } from '../ledger/inspect.ts'
import { orderRestoredLedger } from '../ledger/restored.ts'
import { type Role, roles } from '../roles.ts'
import { places, readCommandLine } from './command-line.ts'
import { type OpenedDatabase, openDatabase, whyNotThroughPooler } from './database.ts'
import { readDatabasePlace, readSettings } from './settings.ts'

const help = `tongban start [--roles api,worker,clock] [--config folder] [--data folder]

Runs the gateway until SIGTERM or SIGINT; SIGHUP reads the configuration again (see tongban reload). Without DATABASE_URL an embedded PostgreSQL is started under the data
folder; without REDIS_URL the queues live in PostgreSQL too.

  --roles    which parts this process runs (default: all three)
             api     takes requests        worker  attempts transfers
             clock   takes over the work of dead processes and wakes what is due (one of them leads)
  --config   configuration folder (default: TONGBAN_CONFIG, or ./config)
  --data     data folder (default: TONGBAN_DATA, or ./.data)

Environment: DATABASE_URL REDIS_URL MATERIALS_URL TONGBAN_HOST TONGBAN_PORT TONGBAN_PUBLIC_URL LOG_LEVEL
`

/** After this the process ends whatever it is doing: its leases will be taken over. */
const EXIT_AFTER_MS = 10_000
/** What still lingers when everything is closed is a library's, such as a consumer whose Redis never answered it. */
const LINGER_MS = 500
const LOOK_EVERY_MS = 200
const LOOKS = 15
/** Share of the time that the event loop works. */
const BUSY = 0.2

export async function start(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, { roles: { type: 'string' }, ...places })
  if (!line) return 0
  const { values } = line
  const wanted = rolesOf(values.roles)
  const began = performance.now()
  const stop = stopping()
  let ready: Gateway | undefined
  // Before it is ready there is nothing to reload: its configuration was read a moment ago. Unheard, it would end the process.
  process.on('SIGHUP', () => void ready?.reload('signal').catch(sayWhyNot))
  const { opened: opening } = await beginOpening(values)
  const { settings, adapters } = await readSettings(values).catch(async (error: unknown) => {
    await opening.then((database) => database.close()).catch(() => undefined)
    throw error
  })
  // Half of the sources are read while an embedded database makes its cluster.
  const loading = import('../gateway.ts')
  loading.catch(() => undefined)
  const database = await opening
  try {
    const { startGateway } = await loading
    await fit(database, settings.redisUrl)
    if (stop.isAsked()) return 0
    const gateway = await startGateway({
      settings,
      adapters,
      databaseUrl: database.url,
      roles: wanted,
      read: () => readSettings(values),
      onStuck(reason) {
        process.stderr.write(`tongban: ${reason}; leaving so that a fresh process can go on.\n`)
        stop.now(1)
      },
    })
    process.stdout.write(
      `tongban is ready after ${Math.round(performance.now() - began)} ms: ${gateway.url ?? `roles ${wanted.join(', ')}`}\n`,
    )
    // One that a killed gateway left behind would otherwise never end.
    database.adopt()
    ready = gateway
    const tidying = whenIdle(collectStartUpGarbage)
    const status = await stop.asked
    clearInterval(tidying)
    await gateway.close()
    return status
  } finally {
    await database.close()
    setTimeout(() => process.exit(), LINGER_MS).unref()
  }
}

/**
 * A first SIGTERM or SIGINT is heard from the beginning: a start that is asked to end finishes its step, and ends its
 * database with it. A second one is left to the system.
 */
function stopping(): { asked: Promise<number>; isAsked(): boolean; now(status: number): void } {
  const asked = Promise.withResolvers<number>()
  let isAsked = false
  const now = (status: number): void => {
    isAsked = true
    setTimeout(() => process.exit(status || 1), EXIT_AFTER_MS).unref()
    asked.resolve(status)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => now(0))
  return { asked: asked.promise, isAsked: () => isAsked, now }
}

/**
 * An embedded database starts while sources and configuration are read; the first of its programs is started before those
 * keep this thread busy. A failure is told to whoever awaits it, after what is wrong with the rest.
 */
async function beginOpening(
  from: Parameters<typeof readDatabasePlace>[0],
): Promise<{ opened: Promise<OpenedDatabase> }> {
  const launched = Promise.withResolvers<void>()
  const opened = readDatabasePlace(from).then((place) => openDatabase(place, launched.resolve))
  await Promise.race([launched.promise, opened]).catch(() => undefined)
  return { opened }
}

const sayWhyNot = (error: unknown): void =>
  void process.stderr.write(`tongban: the configuration could not be reloaded: ${(error as Error).message}\n`)

/**
 * Does it once, where the first moments leave time for it. Later it would only be a pause that somebody
 * notices: what is busy from the beginning has cleared up by itself by then.
 */
function whenIdle(work: () => void): NodeJS.Timeout {
  let before = performance.eventLoopUtilization()
  let left = LOOKS
  const looking = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    const isIdle = utilization <= BUSY
    if (isIdle || --left === 0) clearInterval(looking)
    if (isIdle) work()
  }, LOOK_EVERY_MS)
  return looking.unref()
}

/**
 * Reading and compiling leaves some 80 MB behind that V8 would keep until it is short of memory. Takes a
 * fifth of a second.
 */
function collectStartUpGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

/** Refuses to start on engines that cannot carry it, with what to do about it. */
async function fit(database: OpenedDatabase, redisUrl: string | null): Promise<void> {
  // The embedded one was migrated just now.
  const pooler = database.embedded ? null : await whyNotThroughPooler(database.url)
  if (pooler) throw new Error(pooler)
  const { missing } = database.embedded ? { missing: [] } : await inspectDatabase(database.url)
  if (missing.length > 0) {
    throw new Error(`the database lacks migrations (${missing.join(', ')}). Run "tongban migrate" first.`)
  }
  if (!database.embedded && (await orderRestoredLedger(database.url)))
    process.stderr.write(
      'tongban: the database was restored from another; what was told was put in order anew.\n',
    )
  if (redisUrl !== null) await lookAtRedis(redisUrl)
}

/** It carries wake-up calls and nothing else: one that is away, or still reads its data, keeps nobody from starting. */
async function lookAtRedis(url: string): Promise<void> {
  const { askRedis, isRefusedByRedis, NO_EVICTION, NODE_NAMED_AS_ONE } = await import(
    '../delivery/redis-facts.ts'
  )
  const facts = await askRedis(url).catch((error: unknown) => {
    const { message } = error as Error
    if (isRefusedByRedis(error))
      throw new Error(
        `Redis refuses the user or password of REDIS_URL: ${message} · Redis 拒绝了 REDIS_URL 中的用户或密码`,
      )
    warn(
      `Redis does not answer (${message}). Started without it: what is due goes straight from the ledger, /readyz is 503 until Redis is back; look at REDIS_URL. · Redis 无应答，已先行启动，待办由台账直接投递；请检查 REDIS_URL。`,
    )
    return null
  })
  if (facts?.isNode) throw new Error(`Redis ${NODE_NAMED_AS_ONE}`)
  const policy = facts?.evictionPolicy ?? NO_EVICTION
  if (policy !== NO_EVICTION)
    warn(
      `Redis maxmemory-policy is ${policy}; set it to ${NO_EVICTION}, or wake-up calls may vanish until the sweeper makes them again.`,
    )
}

const warn = (sentence: string): void => void process.stderr.write(`tongban: warning: ${sentence}\n`)

function rolesOf(text: string | undefined): Role[] {
  if (text === undefined) return [...roles]
  const wanted = text.split(',').map((one) => one.trim())
  const unknown = wanted.find((one) => !(roles as readonly string[]).includes(one))
  if (unknown !== undefined) throw new Error(`there is no role "${unknown}"; roles are ${roles.join(', ')}.`)
  return wanted as Role[]
}
