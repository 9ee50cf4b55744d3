// The whole gateway inside the test's own process: a database of its own, HTTP on a free port, the repository's
// config/ (edited where a test asks) and, where wanted, the simulated city beside it. What it keeps can be counted
// from outside. Must not reach into the gateway: tests talk to it as everybody else does.

import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { migrateAll } from '../../src/commands/database.ts'
import { type Gateway, startGateway } from '../../src/gateway.ts'
import { type LedgerView, readLedgerView } from '../../src/ledger/view.ts'
import { roles as allRoles, type Role } from '../../src/roles.ts'
import { type City, type CityOptions, startCity } from '../../src/sandbox/city.ts'
import { sandboxSecrets, secretsAsEnvironment } from '../../src/sandbox/secrets.ts'
import { placesAsEnvironment, type SharedPlaces } from '../../src/sandbox/shared-places.ts'
import { loadSettings } from '../../src/settings/load.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { createDatabase, type Teardown } from './database.ts'
import { removeFolder, temporaryFolder } from './folders.ts'
import { freePort } from './ports.ts'

const configuration = fileURLToPath(new URL('../../config', import.meta.url))
const adapters = new URL('../../adapters/', import.meta.url)

export interface RunningOptions {
  /** Default: all. `['api']` takes everything in and sends nothing out. */
  roles?: readonly Role[]
  /** Files of config/ by path, each with what becomes of its text; one that is not there begins empty. */
  edit?: Readonly<Record<string, (text: string) => string>>
  env?: Readonly<Record<string, string>>
  /** The simulated city: its departments' choices, its speed. Absent: nobody answers at the systems' addresses. */
  city?: Partial<Omit<CityOptions, 'gatewayUrl' | 'secrets'>>
  /** Default: a fresh migrated one. */
  databaseUrl?: string
}

export interface Running {
  url: string
  port: number
  databaseUrl: string
  settings: Settings
  gateway: Gateway
  /** Null unless asked for. */
  city: City | null
  /** Rows of every table that intake writes, and files in the store that are only half there. */
  kept(): Promise<Kept>
  ledger(): Promise<LedgerView>
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>
}

interface Kept {
  submissions: number
  cases: number
  transfers: number
  entries: number
  messages: number
  uploads: number
  arriving: number
}

/** Resolves when it listens; ended, with its city and its database, when the test ends. */
export async function runGateway(t: Teardown, options: RunningOptions = {}): Promise<Running> {
  const ending = new AsyncDisposableStack()
  t.teardown(() => ending.disposeAsync())
  const folder = ending.adopt(temporaryFolder('running'), removeFolder)
  const databaseUrl =
    options.databaseUrl ?? ending.adopt(await createDatabase(undefined, migrateAll), (one) => one.drop()).url
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const places = await placesFor(folder, options, ending)
  const city = await cityFor(url, options, places)
  if (city !== null) ending.defer(() => city.stop())
  const loaded = await settingsFor({ folder, port, url, city, places, options })
  const onStuck = (reason: string) => {
    throw new Error(reason)
  }
  const gateway = await startGateway({ ...loaded, databaseUrl, roles: options.roles ?? allRoles, onStuck })
  ending.defer(() => gateway.close())
  const query = <Row extends object>(sql: string, values: unknown[] = []) =>
    ask<Row>(databaseUrl, sql, values)
  return {
    url,
    port,
    databaseUrl,
    settings: loaded.settings,
    gateway,
    city,
    query,
    ledger: () => readLedgerView(databaseUrl),
    kept: () => keptBy(query, loaded.settings),
  }
}

/** Where city and gateway meet other than by HTTP; nowhere when there is no city. */
async function placesFor(
  folder: string,
  { city }: RunningOptions,
  ending: AsyncDisposableStack,
): Promise<SharedPlaces> {
  const dropFolder = join(folder, 'city')
  if (city === undefined)
    return { dropFolder, exchangeDatabaseUrl: 'postgres://nobody:none@127.0.0.1:9/none' }
  const exchange = ending.adopt(await createDatabase(undefined, async () => undefined), (one) => one.drop())
  return { dropFolder, exchangeDatabaseUrl: exchange.url }
}

async function cityFor(
  gatewayUrl: string,
  { city }: RunningOptions,
  places: SharedPlaces,
): Promise<City | null> {
  if (city === undefined) return null
  return startCity({ speed: 40, faults: 'none', ...places, ...city, gatewayUrl, secrets: sandboxSecrets })
}

interface Place {
  folder: string
  port: number
  url: string
  city: City | null
  places: SharedPlaces
  options: RunningOptions
}

async function settingsFor({ folder, port, url, city, places, options }: Place) {
  const env = {
    ...secretsAsEnvironment(),
    ...placesAsEnvironment(places),
    CITY_URL: city?.url ?? 'http://127.0.0.1:9',
    TONGBAN_HOST: '127.0.0.1',
    TONGBAN_PORT: String(port),
    TONGBAN_PUBLIC_URL: url,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...options.env,
  }
  const known = await loadAdapters([adapters])
  const configDir = edited(join(folder, 'config'), options.edit)
  const settings = await loadSettings({ env, adapters: known, configDir, dataDir: join(folder, 'data') })
  return { settings, adapters: known }
}

function edited(copy: string, edit: RunningOptions['edit'] = {}): string {
  if (Object.keys(edit).length === 0) return configuration
  cpSync(configuration, copy, { recursive: true })
  for (const [file, change] of Object.entries(edit)) {
    const path = join(copy, file)
    const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const after = change(before)
    if (after === before) throw new Error(`the edit of ${file} changes nothing`)
    writeFileSync(path, after)
  }
  return copy
}

async function ask<Row extends object>(databaseUrl: string, sql: string, values: unknown[]): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}

const tables = ['submissions', 'cases', 'transfers', 'entries', 'messages', 'uploads'] as const

async function keptBy(query: Running['query'], settings: Settings): Promise<Kept> {
  const counts = tables.map((table) => `(SELECT count(*)::integer FROM ${table}) AS ${table}`).join(', ')
  const [rows] = await query<Omit<Kept, 'arriving'>>(`SELECT ${counts}`)
  const arriving = await readdir(fileURLToPath(new URL(`${settings.materialsUrl}/temp`))).catch(() => [])
  return { ...rows!, arriving: arriving.length }
}
