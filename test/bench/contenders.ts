// Who is measured: the gateway on its engines, the bare relay that is the limit, and what a careful team writes by
// hand on the same engines. Each is a real process;
// its meters say what it and its engines have used so far.

import { fileURLToPath } from 'node:url'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { migrateWithCommand, startGateway } from '../support/gateway.ts'
import { freePort } from '../support/ports.ts'
import type { TestPostgres } from '../support/postgres.ts'
import { answersOk, type RunningProcess, startProcess } from '../support/process.ts'
import type { TestRedis } from '../support/redis.ts'
import { configurationEnvironment, writeConfiguration } from './configuration.ts'

/** CPU time used so far, ms; null where there is no such process or the system does not tell. */
export interface Meters {
  /** The gateway, or the bare relay. */
  process: number | null
  postgres: number | null
  redis: number | null
  /** This process: load generator and sinks. */
  generator: number | null
}

export interface Contender {
  port: number
  process: RunningProcess
  meters(): Meters
  stop(): Promise<void>
}

const bareRelay = fileURLToPath(new URL('bare-relay.ts', import.meta.url))

export async function startBareRelay(cityPort: number): Promise<Contender> {
  const port = await freePort()
  const relay = await startProcess(process.execPath, [bareRelay, String(port), String(cityPort)], {
    name: 'bare relay',
    ready: answersOk(`http://127.0.0.1:${port}/readyz`),
  })
  return {
    port,
    process: relay,
    meters: () => metersOf(relay, null, null),
    stop: async () => void (await relay.stop()),
  }
}

interface Engines {
  postgres: TestPostgres
  database: string
  redis: TestRedis | null
  cityPort: number
}

interface GatewayEngines extends Engines {
  /** The department's body is made by JSONata. */
  mapped?: boolean
}

/** Applies the migrations and starts the gateway on the given database. */
export async function startMeasuredGateway(engines: GatewayEngines): Promise<Contender> {
  const folder = temporaryFolder('bench')
  writeConfiguration(`${folder}/config`, engines.cityPort, engines.mapped)
  const options = {
    databaseUrl: engines.postgres.url(engines.database),
    ...(engines.redis === null ? {} : { redisUrl: engines.redis.url }),
    configDir: `${folder}/config`,
    dataDir: `${folder}/data`,
    env: configurationEnvironment,
  }
  await migrateWithCommand(options)
  const gateway = await startGateway(options)
  return {
    port: gateway.port,
    process: gateway,
    meters: () => metersOf(gateway, engines.postgres, engines.redis),
    async stop() {
      await gateway.stop()
      removeFolder(folder)
    },
  }
}

const handWritten = fileURLToPath(new URL('hand-written.ts', import.meta.url))

/** On a database that is empty. */
export async function startHandWritten({ postgres, database, redis, cityPort }: Engines): Promise<Contender> {
  const port = await freePort()
  const relay = await startProcess(process.execPath, [handWritten, String(port), String(cityPort)], {
    name: 'hand-written relay',
    env: { DATABASE_URL: postgres.url(database), REDIS_URL: redis?.url },
    ready: answersOk(`http://127.0.0.1:${port}/readyz`),
  })
  return {
    port,
    process: relay,
    meters: () => metersOf(relay, postgres, redis),
    stop: async () => void (await relay.stop()),
  }
}

function metersOf(contender: RunningProcess, postgres: TestPostgres | null, redis: TestRedis | null): Meters {
  const own = process.cpuUsage()
  return {
    process: contender.cpuMs(),
    postgres: postgres?.process().cpuMs({ children: true }) ?? null,
    redis: redis?.process().cpuMs() ?? null,
    generator: (own.user + own.system) / 1000,
  }
}
