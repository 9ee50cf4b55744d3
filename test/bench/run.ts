// One run of the bench: the limit, the gateway on each engine, the limit again. The two measurements of the limit bracket
// the gateway's, so that a machine that grew slower or faster meanwhile shows; ratios are to their mean.

import { freePort } from '../support/ports.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { names } from './bodies.ts'
import { type BenchCity, startCity } from './city.ts'
import { type Contender, startBareRelay, startHandWritten, startMeasuredGateway } from './contenders.ts'
import { drain, runOpenLoop } from './load.ts'
import {
  DRAIN_WITHIN_MS,
  type IntakeFigures,
  type LatencyFigures,
  measureIntake,
  measureLatency,
  measureRelay,
  OPEN_LOOP_PER_SECOND,
  type RelayFigures,
} from './measure.ts'
import type { BenchOptions, Queues } from './options.ts'
import { preloadLedger } from './preload.ts'
import { measureReads, placesIn, type ReadsFigures } from './reads.ts'

export interface Figures {
  relay?: RelayFigures
  latency?: LatencyFigures
  intake?: IntakeFigures
}

export interface GatewayFigures extends Figures {
  queues: Queues
  /** The relay once more, the department's body made by JSONata. */
  mapped?: RelayFigures
  /** What a careful team writes by hand, on the same engines. */
  byHand?: Figures
  /**
   * The relay once more on a ledger that holds this many finished cases, and right after it on an empty one
   * of the same server.
   */
  preloaded?: { cases: number; fillSeconds: number; relay?: RelayFigures; emptyAgain?: RelayFigures }
  /** On the ledger as it is in the end: preloaded, where that was asked for. */
  reads?: ReadsFigures
}

export interface RelayBench {
  limit: { before: Figures; after: Figures }
  gateways: GatewayFigures[]
}

/** Says what is going on, for whoever waits. */
export type Progress = (line: string) => void

/** Runs --w1, --intake and --reads. Everything started is stopped again, also on failure. */
export async function runRelayBench(options: BenchOptions, progress: Progress): Promise<RelayBench> {
  await using started = new AsyncDisposableStack()
  const city = started.adopt(await startCity(await freePort()), (one) => one.close())
  const postgres = started.adopt(await startPostgres(), (one) => one.stop())
  const redis = options.queues.includes('redis')
    ? started.adopt(await startRedis(), (one) => one.stop())
    : null
  progress('limit: bare relay in memory')
  const before = await measureLimit(city, options)
  const gateways: GatewayFigures[] = []
  for (const queues of options.queues) {
    progress(`gateway, queues on ${queues}`)
    const engines = { postgres, redis: queues === 'redis' ? redis : null, queues }
    gateways.push(await measureGateway(city, engines, options, progress))
  }
  progress('limit again')
  return { limit: { before, after: await measureLimit(city, options) }, gateways }
}

async function measureLimit(city: BenchCity, options: BenchOptions): Promise<Figures> {
  await using started = new AsyncDisposableStack()
  return await measureAll(
    city,
    started.adopt(await startBareRelay(city.port), (one) => one.stop()),
    options,
  )
}

interface Engines {
  postgres: TestPostgres
  redis: TestRedis | null
  queues: Queues
}

async function measureGateway(
  city: BenchCity,
  { postgres, redis, queues }: Engines,
  options: BenchOptions,
  progress: Progress,
): Promise<GatewayFigures> {
  const database = `bench_${queues}`
  await postgres.administer(`CREATE DATABASE ${database}`)
  const withGateway = async <T>(
    measure: (contender: Contender) => Promise<T>,
    other: { mapped?: boolean; database?: string } = {},
  ): Promise<T> => {
    await using started = new AsyncDisposableStack()
    const engines = { postgres, database, redis, cityPort: city.port, ...other }
    return await measure(started.adopt(await startMeasuredGateway(engines), (one) => one.stop()))
  }
  const measureFull = async () => {
    const relay = await withGateway((gateway) => measureRelay(city, gateway, options))
    const empty = `${database}_empty`
    await postgres.administer(`CREATE DATABASE ${empty}`)
    const emptyAgain = await withGateway((gateway) => measureRelay(city, gateway, options), {
      database: empty,
    })
    return { relay, emptyAgain }
  }
  const plain = await withGateway((gateway) => measureAll(city, gateway, options))
  const measured = options.mapped && options.parts.w1
  const mapped = measured
    ? await withGateway((gateway) => measureRelay(city, gateway, options), { mapped: true })
    : undefined
  const byHand = options.byHand
    ? await measureByHand(city, { postgres, redis, queues }, options, progress)
    : undefined
  const { w1, reads } = options.parts
  if (reads && !w1) await withGateway((gateway) => finishSome(city, gateway, options))
  const preloaded =
    options.preload > 0 && (w1 || reads)
      ? await fill(postgres.url(database), options.preload, progress)
      : undefined
  const full = preloaded && w1 ? await measureFull() : undefined
  const readFigures = reads
    ? await withGateway((gateway) => measureAllReads(postgres.url(database), gateway, options, progress))
    : undefined
  // The next contender shares the server, and shall not wait for what vacuuming this one's books would take.
  await postgres.administer(`DROP DATABASE ${database} WITH (FORCE)`)
  return {
    queues,
    ...plain,
    ...(mapped ? { mapped } : {}),
    ...(byHand ? { byHand } : {}),
    ...(preloaded ? { preloaded: { ...preloaded, ...full } } : {}),
    ...(readFigures ? { reads: readFigures } : {}),
  }
}

async function measureByHand(
  city: BenchCity,
  { postgres, redis, queues }: Engines,
  options: BenchOptions,
  progress: Progress,
): Promise<Figures> {
  progress(`written by hand, jobs on ${queues}`)
  const database = `by_hand_${queues}`
  await postgres.administer(`CREATE DATABASE ${database}`)
  await using started = new AsyncDisposableStack()
  started.defer(() => postgres.administer(`DROP DATABASE ${database} WITH (FORCE)`))
  const relay = await startHandWritten({ postgres, database, redis, cityPort: city.port })
  return await measureAll(
    city,
    started.adopt(relay, (one) => one.stop()),
    options,
  )
}

async function fill(databaseUrl: string, cases: number, progress: Progress) {
  progress(`filling the ledger with ${cases} finished cases`)
  const startedAt = performance.now()
  await preloadLedger(databaseUrl, cases)
  return { cases, fillSeconds: (performance.now() - startedAt) / 1000 }
}

async function measureAllReads(
  databaseUrl: string,
  gateway: Contender,
  options: BenchOptions,
  progress: Progress,
): Promise<ReadsFigures> {
  const places = await placesIn(databaseUrl)
  progress(`reads with ${places.cases} cases in the ledger`)
  return await measureReads(gateway, places, options)
}

/** Some cases of the gateway's own making: to be read, and to be multiplied. */
async function finishSome(
  city: BenchCity,
  { port }: Contender,
  { connections }: BenchOptions,
): Promise<void> {
  city.aim({ port, connections })
  await runOpenLoop(city, { theme: names.relayTheme, perSecond: OPEN_LOOP_PER_SECOND, seconds: 1 })
  await drain(city, DRAIN_WITHIN_MS)
}

async function measureAll(city: BenchCity, contender: Contender, options: BenchOptions): Promise<Figures> {
  const { w1, intake } = options.parts
  return {
    ...(w1 ? { relay: await measureRelay(city, contender, options) } : {}),
    ...(w1 ? { latency: await measureLatency(city, contender, options) } : {}),
    ...(intake ? { intake: await measureIntake(city, contender, options) } : {}),
  }
}
