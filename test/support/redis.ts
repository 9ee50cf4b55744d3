// A Redis of a test's own, set up as production must be (append-only file, no eviction), that can be emptied,
// killed and restarted on the same data. Must never touch a Redis it did not start.

import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { Redis } from 'ioredis'
import { removeFolder, temporaryFolder } from './folders.ts'
import { freePort } from './ports.ts'
import { type RunningProcess, startProcess } from './process.ts'

export interface TestRedis {
  url: string
  /** The process of now; another one after `restart`. */
  process(): RunningProcess
  /** FLUSHALL: everything in it is gone. */
  flushAll(): Promise<void>
  /** Which of these keys exist. */
  existing(keys: readonly string[]): Promise<Set<string>>
  /** Ends it (`graceful`: writes its data first) and starts it again on the same port and data. */
  restart(how?: 'graceful' | 'killed'): Promise<void>
  /** SIGKILL; `restart` brings it back. */
  kill(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** Whether redis-server is on PATH. Tests that need it are skipped by name when not. */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export async function startRedis(): Promise<TestRedis> {
  const folder = temporaryFolder('redis')
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let server = await startRedisServer(folder, port)
  const restart = async (how: 'graceful' | 'killed' = 'graceful') => {
    await (how === 'killed' ? server.kill9() : server.stop())
    server = await startRedisServer(folder, port)
  }
  return {
    url,
    process: () => server,
    flushAll: () => withRedis(url, async (client) => void (await client.flushall())),
    existing: (keys) =>
      withRedis(url, async (client) => {
        const answers = await Promise.all(keys.map((key) => client.exists(key)))
        return new Set(keys.filter((_, i) => answers[i] === 1))
      }),
    restart,
    kill: async () => void (await server.kill9()),
    async stop() {
      await server.kill9()
      removeFolder(folder)
    },
  }
}

interface ServerOptions {
  /** Beside those of a Redis that keeps what it has. */
  settings?: Record<string, string>
  /** In place of all settings. */
  args?: string[]
  /** With its password, if it asks for one. */
  url?: string
}

/** redis-server in a folder of its own, ready. */
export function startRedisServer(
  folder: string,
  port: number,
  { settings = {}, args, url = `redis://127.0.0.1:${port}` }: ServerOptions = {},
): Promise<RunningProcess> {
  mkdirSync(folder, { recursive: true })
  const all = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    save: '',
    ...settings,
  }
  const given = args ?? Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)])
  const ready = () => withRedis(url, async (client) => (await client.ping()) === 'PONG')
  return startProcess('redis-server', given, { name: 'redis', ready })
}

export async function withRedis<T>(url: string, action: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await action(client)
  } finally {
    client.disconnect()
  }
}
