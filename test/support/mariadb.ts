// A MariaDB of a test's own, from the `mariadbd` on the PATH: in a temporary folder, not durable, ended with the test.
// Absent on most machines; tests ask `hasMariadb` first and are skipped by name.

import { execFile, spawnSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { removeFolder, temporaryFolder } from './folders.ts'
import { freePort } from './ports.ts'
import { type RunningProcess, startProcess } from './process.ts'

const run = promisify(execFile)

export interface TestMariadb {
  port: number
  /** Runs statements, one after the other, as the user root in one of its databases. */
  administer(sql: string, database?: string): Promise<Record<string, unknown>[]>
  process(): RunningProcess
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

export const hasMariadb = (): boolean =>
  ['mariadbd', 'mariadb-install-db'].every((program) => !spawnSync(program, ['--version']).error)

/** Resolves when it accepts connections. User root has no password. */
export async function startMariadb(): Promise<TestMariadb> {
  const folder = temporaryFolder('mariadb')
  const data = join(folder, 'data')
  const port = await freePort()
  const user = ownerOf(folder)
  await run('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...user,
  ])
  const options = { host: '127.0.0.1', port, user: 'root', multipleStatements: true, dateStrings: true }
  const administer = async (sql: string, database = 'mysql') => {
    const connection = await createConnection({ ...options, database })
    try {
      const [rows] = await connection.query(sql)
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
    } finally {
      await connection.end()
    }
  }
  const server = await startProcess('mariadbd', serverArguments(folder, data, port, user), {
    name: 'mariadbd',
    ready: async () => (await administer('select 1')).length === 1,
    readyWithinMs: 60_000,
  })
  return {
    port,
    administer,
    process: () => server,
    async stop() {
      await server.stop({ graceMs: 5_000 })
      removeFolder(folder)
    },
  }
}

/** Like PostgreSQL it does not run as root by itself: it is told whose process it shall be. */
function ownerOf(folder: string): string[] {
  if (process.getuid?.() !== 0) return []
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'mysql'], { encoding: 'utf8' }).stdout),
  )
  if (!uid || !gid) return ['--user=root']
  chownSync(folder, uid, gid)
  return ['--user=mysql']
}

function serverArguments(folder: string, data: string, port: number, user: readonly string[]): string[] {
  return [
    '--no-defaults',
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--skip-name-resolve',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=32M',
    '--innodb-log-file-size=16M',
    '--performance-schema=OFF',
    ...user,
  ]
}
