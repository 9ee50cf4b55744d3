// tongban demo: the gateway and a simulated city, side by side on this machine, with faults; then the city's own
// books are held against the ledger. The only place outside src/sandbox that knows of it.

import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openSystems } from '../../delivery/open-systems.ts'
import { closeSystem } from '../../delivery/systems.ts'
import { startEmbedded } from '../../ledger/embedded.ts'
import { emptyDatabase } from '../../ledger/inspect.ts'
import { readLedgerView } from '../../ledger/view.ts'
import { isProfileName, profileNames } from '../../sandbox/fault-profiles.ts'
import { type CityBooks, type Reconciliation, reconcile } from '../../sandbox/reconcile.ts'
import { secretsAsEnvironment } from '../../sandbox/secrets.ts'
import { placesAsEnvironment, type SharedPlaces } from '../../sandbox/shared-places.ts'
import { hashPassword } from '../../security/passwords.ts'
import { readEnvironment, variable } from '../../settings/environment.ts'
import { readCommandLine } from '../command-line.ts'
import { migrateAll } from '../database.ts'
import { readSettings } from '../settings.ts'
import { notedPlaces, notePlaces } from './meeting-places.ts'
import { answers, portIsFree, startChild } from './processes.ts'
import { findings, lastLine, states, table } from './report.ts'
import { untilSettled } from './watch.ts'

const help = `npm run demo -- [--submissions N] [--seed TEXT] [--faults none|default|harsh] [--exit]

Starts an embedded PostgreSQL, the gateway and a simulated city (platforms, seven departments, a gas company,
certificate registry, post office and tracker) on this machine; pushes submissions of every theme in every mode with their materials while things
go wrong; then compares the city's own books with the ledger, line by line.

  --submissions N   how many (default 300)
  --seed TEXT       the same seed gives the same people and the same misfortune (default 1)
  --faults NAME     ${profileNames.join(', ')} (default default)
  --exit            end after the comparison: status 0 only if nothing was lost, doubled or stuck
  --port N          of the gateway (default: TONGBAN_PORT, or 7700)
  --city-port N     of the city (default 7800)
  --data folder     default ./.data/demo; what an earlier demo left there is emptied
  --environment     only print the simulated city's secrets, where the last demo's city is met, and its ledger while it
                    runs, as export lines, for other commands on the same configuration
  --redis URL       put the queues on this Redis (default: REDIS_URL, else PostgreSQL)
`

const MAIN = new URL('../../main.ts', import.meta.url)
const CITY = new URL('../../sandbox/main.ts', import.meta.url)
/** Divides the city's pretended waiting. */
const SPEED = 20
/** A harsh city keeps some transfers waiting for minutes between their attempts. */
const SETTLE_WITHIN_MS = { usual: 180_000, harsh: 900_000 }
const GENTLY_EVERY_MS = 3_000
const DATA = '.data/demo'
/** Stands for databases that are not there yet. */
const NOWHERE = 'postgres://demo:demo@127.0.0.1:9/demo'

interface Options {
  submissions: number
  seed: string
  faults: string
  exit: boolean
  port: number
  cityPort: number
  data: string
  redisUrl: string | null
}

interface Outcome {
  result: Reconciliation
  /** Rejects, with what it said last, when the gateway or the city ends by itself. */
  ended: Promise<never>
}

export async function demo(args: string[]): Promise<number> {
  const options = read(args)
  if (!options) return 0
  await portIsFree(options.port, 'the gateway')
  await portIsFree(options.cityPort, 'the simulated city')
  const say = process.stdout.isTTY ? rewrite() : every(2_000)
  const interrupted = new Promise<'interrupted'>((resolved) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolved('interrupted'))
  })
  const ends: (() => Promise<unknown>)[] = []
  try {
    const outcome = await Promise.race([run(options, say, ends), interrupted])
    if (outcome === 'interrupted') return 130
    const { result, ended } = outcome
    if (!options.exit) await goOn(options, Promise.race([interrupted, ended]))
    return result.lost.length + result.double.length + result.stuck.length === 0 ? 0 : 1
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function run(
  options: Options,
  say: (line: string) => void,
  ends: (() => Promise<unknown>)[],
): Promise<Outcome> {
  const began = performance.now()
  const password = randomBytes(9).toString('base64url')
  const passwordHash = await hashPassword(password)
  const urls = { gateway: `http://127.0.0.1:${options.port}`, city: `http://127.0.0.1:${options.cityPort}` }
  await checkConfiguration(options, urls.city, passwordHash)
  const { database, exchangeDatabaseUrl } = await freshDatabases(options, ends)
  const places = { exchangeDatabaseUrl, dropFolder: freshFolder(join(options.data, 'city')) }
  freshFolder(join(options.data, 'materials'))
  const met = { ...places, cityUrl: urls.city }
  notePlaces(options.data, met, database)
  ends.push(async () => notePlaces(options.data, met))
  const env = environment(options, database, places, urls.city, passwordHash)
  const gateway = startChild(MAIN, ['start'], env)
  ends.push(gateway.stop)
  const city = startChild(
    CITY,
    [
      '--port',
      String(options.cityPort),
      '--gateway',
      urls.gateway,
      '--seed',
      options.seed,
      '--speed',
      String(SPEED),
      '--faults',
      options.faults,
    ],
    env,
  )
  ends.push(city.stop)
  await Promise.all([
    answers(`${urls.gateway}/readyz`, gateway, 30_000),
    answers(`${urls.city}/progress`, city, 30_000),
  ])
  print(
    `ready after ${Math.round(performance.now() - began)} ms; queues on ${options.redisUrl ? 'Redis' : 'PostgreSQL'}, faults ${options.faults}, seed ${options.seed}\n`,
  )

  await post(`${urls.city}/run`, { count: options.submissions, seed: options.seed, concurrency: 12 })
  const settled = await Promise.race([
    untilSettled({
      cityUrl: urls.city,
      databaseUrl: database,
      submissions: options.submissions,
      withinMs: SETTLE_WITHIN_MS[options.faults === 'harsh' ? 'harsh' : 'usual'],
      say,
    }),
    gateway.ended,
    city.ended,
  ])
  const result = await compare(urls.city, database, settled, performance.now() - began)
  if (!options.exit) print(where(urls, password))
  const ended = Promise.race([gateway.ended, city.ended])
  ended.catch(() => undefined)
  return { result, ended }
}

async function compare(
  cityUrl: string,
  database: string,
  settled: boolean,
  ms: number,
): Promise<Reconciliation> {
  const books = (await (await fetch(`${cityUrl}/books`)).json()) as CityBooks
  const view = await readLedgerView(database)
  const result = reconcile(books, view)
  print(`\n\n${table(view)}\n\n${states(view)}\n`)
  const found = findings(result)
  if (found) print(`\n${found}\n`)
  if (!settled)
    print(`\nnot at rest after ${Math.round(ms / 1000)} s: what is still under way shows as stuck\n`)
  print(`\n${(ms / 1000).toFixed(1)} s in all\n${lastLine(result)}\n`)
  return result
}

/** What is wrong with it is told before anything of the last demo is emptied. @throws ConfigurationError */
async function checkConfiguration(options: Options, cityUrl: string, passwordHash: string): Promise<void> {
  const places = { exchangeDatabaseUrl: NOWHERE, dropFolder: join(options.data, 'city') }
  const env = environment(options, NOWHERE, places, cityUrl, passwordHash)
  const { settings, adapters } = await readSettings({ env, data: options.data })
  const systems = await openSystems(settings, adapters)
  await Promise.all([...systems.values()].map(closeSystem))
}

/** Databases of this run alone: the city's books begin empty, so the ledger and the exchange tables must. */
async function freshDatabases(
  options: Options,
  ends: (() => Promise<unknown>)[],
): Promise<{ database: string; exchangeDatabaseUrl: string }> {
  const embedded = await startEmbedded({ folder: join(options.data, 'postgres') })
  ends.push(() => embedded.stop())
  const { url, had } = await emptyDatabase(embedded.url, 'demo')
  if (had) print('emptied the ledger of the last demo\n')
  await migrateAll(url)
  const exchange = await emptyDatabase(embedded.url, 'demo_exchange')
  return { database: url, exchangeDatabaseUrl: exchange.url }
}

function freshFolder(folder: string): string {
  rmSync(folder, { recursive: true, force: true })
  return folder
}

function environment(
  options: Options,
  databaseUrl: string,
  places: SharedPlaces,
  cityUrl: string,
  passwordHash: string,
): Record<string, string> {
  const env = readEnvironment()
  const given = Object.fromEntries(
    Object.entries(env).filter((one): one is [string, string] => one[1] !== undefined),
  )
  return {
    ...given,
    ...secretsAsEnvironment(),
    ...placesAsEnvironment(places),
    CITY_URL: cityUrl,
    DATABASE_URL: databaseUrl,
    REDIS_URL: options.redisUrl ?? '',
    MATERIALS_URL: '',
    TONGBAN_DATA: options.data,
    TONGBAN_PORT: String(options.port),
    TONGBAN_PUBLIC_URL: `http://127.0.0.1:${options.port}`,
    TONGBAN_OPERATOR_PASSWORD_HASH: passwordHash,
    LOG_LEVEL: variable(env, 'LOG_LEVEL') ?? 'error',
  }
}

function where(urls: { gateway: string; city: string }, password: string): string {
  return `
The city goes on gently. Ctrl-C ends it.
  API docs    ${urls.gateway}/docs
  health      ${urls.gateway}/readyz
  queue view  ${urls.gateway}/ops/queues   (admin / ${password})
  the city    ${urls.city}/
`
}

/** Until somebody ends it; a process that ends by itself is said, not hidden. */
async function goOn(options: Options, over: Promise<unknown>): Promise<void> {
  let offset = 0
  const timer = setInterval(() => {
    post(`http://127.0.0.1:${options.cityPort}/run`, {
      count: 1,
      offset: offset++,
      seed: `${options.seed}-${Date.now()}`,
    }).catch(() => undefined)
  }, GENTLY_EVERY_MS)
  try {
    await over
  } finally {
    clearInterval(timer)
    print('\nending …\n')
  }
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

const print = (text: string): void => void process.stdout.write(text)

function rewrite(): (line: string) => void {
  return (line) => print(`\r\x1b[2K${line}`)
}

function every(ms: number): (line: string) => void {
  let last = 0
  return (line) => {
    if (Date.now() - last < ms) return
    last = Date.now()
    print(`${line}\n`)
  }
}

function read(args: string[]): Options | null {
  const text = { type: 'string' } as const
  const line = readCommandLine(args, help, {
    submissions: text,
    seed: text,
    faults: text,
    exit: { type: 'boolean' },
    port: text,
    'city-port': text,
    data: text,
    redis: text,
    environment: { type: 'boolean' },
  })
  if (!line) return null
  const { values } = line
  if (values.environment) {
    print(exportLines({ ...secretsAsEnvironment(), ...notedPlaces(resolve(values.data ?? DATA)) }))
    return null
  }
  const faults = values.faults ?? 'default'
  if (!isProfileName(faults))
    throw new Error(`--faults must be one of ${profileNames.join(', ')} · 只能为：${profileNames.join('、')}`)
  return {
    submissions: whole('--submissions', values.submissions ?? '300', 1, 100_000),
    seed: values.seed ?? '1',
    faults,
    exit: values.exit ?? false,
    port: whole('--port', values.port ?? variable(readEnvironment(), 'TONGBAN_PORT') ?? '7700', 1, 65_535),
    cityPort: whole('--city-port', values['city-port'] ?? '7800', 1, 65_535),
    data: resolve(values.data ?? DATA),
    redisUrl: values.redis ?? variable(readEnvironment(), 'REDIS_URL') ?? null,
  }
}

const exportLines = (env: Record<string, string>): string =>
  Object.entries(env)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('')

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new Error(`${name} must be a whole number from ${least} to ${most} · 须为 ${least} 至 ${most} 的整数`)
}
