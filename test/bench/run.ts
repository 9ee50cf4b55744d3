// One run of the bench: the limit, the gateway on each engine, the limit again. The two measurements of the limit bracket
// the gateway's, so that a machine that grew slower or faster meanwhile shows; ratios are to their mean.

import { freePort } from '../support/ports.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { type BenchCity, startCity } from './city.ts'
import { type Contender, startBareRelay, startMeasuredGateway } from './contenders.ts'
import {
  type IntakeFigures,
  type LatencyFigures,
  measureIntake,
  measureLatency,
  measureRelay,
  type RelayFigures,
} from './measure.ts'
import type { BenchOptions, Queues } from './options.ts'
import { preloadLedger } from './preload.ts'

export interface Figures {
  relay?: RelayFigures
  latency?: LatencyFigures
  intake?: IntakeFigures
}

export interface GatewayFigures extends Figures {
  queues: Queues
  /** The relay once more, the department's body made by JSONata. */
  mapped?: RelayFigures
  /** The relay once more on a ledger that holds this many finished cases. */
  preloaded?: { cases: number; fillSeconds: number; relay: RelayFigures }
}

export interface RelayBench {
  limit: { before: Figures; after: Figures }
  gateways: GatewayFigures[]
}

/** Says what is going on, for whoever waits. */
export type Progress = (line: string) => void

/** Runs --w1 and --intake. Everything started is stopped again, also on failure. */
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
    mapped = false,
  ): Promise<T> => {
    await using started = new AsyncDisposableStack()
    const gateway = await startMeasuredGateway({ postgres, database, redis, cityPort: city.port, mapped })
    return await measure(started.adopt(gateway, (one) => one.stop()))
  }
  const plain = await withGateway((gateway) => measureAll(city, gateway, options))
  const measured = options.mapped && options.parts.w1
  const mapped = measured
    ? await withGateway((gateway) => measureRelay(city, gateway, options), true)
    : undefined
  const figures = { ...plain, ...(mapped ? { mapped } : {}) }
  if (options.preload === 0 || !options.parts.w1) return { queues, ...figures }
  progress(`filling the ledger with ${options.preload} finished cases`)
  const startedAt = performance.now()
  await preloadLedger(postgres.url(database), options.preload)
  const fillSeconds = (performance.now() - startedAt) / 1000
  const relay = await withGateway((gateway) => measureRelay(city, gateway, options))
  return { queues, ...figures, preloaded: { cases: options.preload, fillSeconds, relay } }
}

async function measureAll(city: BenchCity, contender: Contender, options: BenchOptions): Promise<Figures> {
  const { w1, intake } = options.parts
  return {
    ...(w1 ? { relay: await measureRelay(city, contender, options) } : {}),
    ...(w1 ? { latency: await measureLatency(city, contender, options) } : {}),
    ...(intake ? { intake: await measureIntake(city, contender, options) } : {}),
  }
}
