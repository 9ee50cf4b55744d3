// A PgBouncer of a test's own before a PostgreSQL of its own, from the `pgbouncer` on the PATH. Absent on most
// machines; tests ask `hasPgbouncer` first and are skipped by name.

import { spawnSync } from 'node:child_process'
import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { removeFolder, temporaryFolder } from './folders.ts'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'

export const hasPgbouncer = (): boolean => !spawnSync('pgbouncer', ['--version']).error

/** Nobody's, for it refuses to run as root. */
const NOBODY = 65_534

interface PoolerOptions {
  mode: 'session' | 'transaction'
  /** Lets clients name start parameters, and drops them. */
  dropsParameters?: boolean
}

/** For the databases of the server that listens on `postgresPort`, as the user postgres without a password. */
export async function startPgbouncer(
  postgresPort: number,
  { mode, dropsParameters = false }: PoolerOptions,
): Promise<{ url(database: string): string; stop(): Promise<void> }> {
  const folder = temporaryFolder('pgbouncer')
  const port = await freePort()
  const configuration = join(folder, 'pgbouncer.ini')
  const users = join(folder, 'users.txt')
  writeFileSync(users, '"postgres" ""\n')
  writeFileSync(
    configuration,
    [
      '[databases]',
      `* = host=127.0.0.1 port=${postgresPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = trust',
      `auth_file = ${users}`,
      `pool_mode = ${mode}`,
      ...(dropsParameters ? ['ignore_startup_parameters = options'] : []),
    ].join('\n'),
  )
  const isRoot = process.getuid?.() === 0
  if (isRoot) for (const one of [folder, configuration, users]) chownSync(one, NOBODY, NOBODY)
  const url = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`
  const pooler = await startProcess('pgbouncer', [configuration], {
    name: 'pgbouncer',
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    ready: () => answers(url('postgres')),
  })
  return {
    url,
    async stop() {
      await pooler.kill9()
      removeFolder(folder)
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.end()
  return true
}
