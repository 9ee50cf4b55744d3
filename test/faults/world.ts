// Everything a fault run needs, as real processes: PostgreSQL, perhaps Redis, the simulated city, the gateway.
// The gateway is the one that is killed and started again, on the same port, data and database.

import { fileURLToPath } from 'node:url'
import { placesAsEnvironment } from '../../src/sandbox/shared-places.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { migrateWithCommand, type RunningGateway, startGateway } from '../support/gateway.ts'
import { freePort } from '../support/ports.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { type CityProcess, startCityProcess } from './city.ts'
import { type LedgerWatch, watchLedger } from './ledger-watch.ts'
import type { FaultOptions, Queues } from './options.ts'
import { cityEnvironment } from './secrets.ts'

const ours = fileURLToPath(new URL('../../config', import.meta.url))

export interface World extends AsyncDisposable {
  databaseUrl: string
  postgres: TestPostgres
  redis: TestRedis | null
  city: CityProcess
  watch: LedgerWatch
  /** The gateway of now. */
  gateway(): RunningGateway
  /** Starts it anew; the one before must have ended. Resolves when it is ready. */
  startGateway(): Promise<RunningGateway>
}

export async function startWorld(options: FaultOptions, queues: Queues, configDir = ours): Promise<World> {
  await using building = new AsyncDisposableStack()
  const folder = building.adopt(temporaryFolder('faults'), removeFolder)
  const postgres = building.adopt(await startPostgres(), (one) => one.stop())
  const redis = queues === 'redis' ? building.adopt(await startRedis(), (one) => one.stop()) : null
  await postgres.administer('CREATE DATABASE faults')
  await postgres.administer('CREATE DATABASE exchange')
  const databaseUrl = postgres.url('faults')
  const watch = building.adopt(watchLedger(databaseUrl), (one) => one.close())

  const [gatewayPort, cityPort] = [await freePort(), await freePort()]
  const places = { dropFolder: `${folder}/city`, exchangeDatabaseUrl: postgres.url('exchange') }
  const env = { ...cityEnvironment(cityPort), ...placesAsEnvironment(places) }
  const gatewayOptions = {
    databaseUrl,
    ...(redis === null ? {} : { redisUrl: redis.url }),
    configDir,
    dataDir: `${folder}/data`,
    port: gatewayPort,
    env,
  }
  await migrateWithCommand(gatewayOptions)
  const start = () => startGateway(gatewayOptions)
  let gateway = await start()
  building.defer(async () => void (await gateway.kill9()))
  const city = await startCityProcess({ port: cityPort, gatewayUrl: gateway.url, env }, options)
  building.defer(() => city.stop())

  const started = building.move()
  return {
    databaseUrl,
    postgres,
    redis,
    city,
    watch,
    gateway: () => gateway,
    async startGateway() {
      gateway = await start()
      return gateway
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}
