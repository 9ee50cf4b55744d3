// Several Redis at once, as cities have them: a master with a replica behind Sentinels, and a cluster. Each is
// redis-server itself on ports of its own; must never touch one it did not start.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeFolder, temporaryFolder } from './folders.ts'
import { freePort } from './ports.ts'
import type { RunningProcess } from './process.ts'
import { startRedisServer, withRedis } from './redis.ts'
import { until } from './until.ts'

interface TestSentinels {
  /** For REDIS_URL. */
  url: string
  /** Whom the Sentinel says is the master. */
  masterPort(): Promise<number>
  /** SIGKILL to the master; resolves when the Sentinel has another. */
  killMaster(): Promise<void>
  /** As for maintenance: the master becomes the replica of the other, and lives on. */
  failOver(): Promise<void>
  stop(): Promise<void>
}

interface TestCluster {
  url: string
  /** The keys of each node. */
  keys(): Promise<string[][]>
  /** Which node keeps this key. */
  nodeOf(key: string): Promise<number>
  /** SIGKILL. */
  kill(node: number): Promise<void>
  /** Starts it again on the same data; resolves when the cluster is whole. */
  restart(node: number): Promise<void>
  stop(): Promise<void>
}

const MASTER = 'kaifeng'
const PASSWORD = 'a:b/c#d'

/** Of whoever listens on 127.0.0.1; PEM. */
interface Identity {
  cert: string
  key: string
  ca: string
}

/**
 * A master and a replica that ask for a password, and one Sentinel, which decides alone. With an identity everything
 * is over TLS, and this process must trust it.
 */
export async function startSentinels(identity?: Identity): Promise<TestSentinels> {
  const folder = temporaryFolder('sentinels')
  const ports = [await freePort(), await freePort(), await freePort()] as const
  const [first, second, sentinel] = ports
  const encrypted = identity ? tlsSettings(folder, identity) : {}
  const scheme = identity ? 'rediss' : 'redis'
  /** Where TLS is spoken nothing else is. */
  const listens = (port: number) => ({ [identity ? 'tls-port' : 'port']: String(port), ...encrypted })
  const secured = { requirepass: PASSWORD, masterauth: PASSWORD }
  const servers = new Map<number, RunningProcess>()
  const urlOf = (port: number): string => `${scheme}://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`
  const start = async (port: number, more: Record<string, string> = {}): Promise<void> => {
    const settings = { port: '0', ...secured, ...listens(port), ...more }
    servers.set(
      port,
      await startRedisServer(join(folder, String(port)), port, { settings, url: urlOf(port) }),
    )
  }
  await start(first)
  await start(second, { replicaof: `127.0.0.1 ${first}` })
  const configuration = join(folder, 'sentinel.conf')
  writeFileSync(
    configuration,
    [
      ...Object.entries({ port: '0', ...listens(sentinel) }).map((setting) => setting.join(' ')),
      'bind 127.0.0.1',
      `sentinel monitor ${MASTER} 127.0.0.1 ${first} 1`,
      `sentinel auth-pass ${MASTER} "${PASSWORD}"`,
      `sentinel down-after-milliseconds ${MASTER} 500`,
      `sentinel failover-timeout ${MASTER} 2000`,
    ].join('\n'),
  )
  const itself = `${scheme}://127.0.0.1:${sentinel}`
  const args = [configuration, '--sentinel']
  const watching = await startRedisServer(folder, sentinel, { args, url: itself })
  const ask = <T>(...words: [string, ...string[]]): Promise<T> =>
    withRedis(itself, (client) => client.call(...words) as Promise<T>)
  const masterPort = async () =>
    Number((await ask<[string, string]>('sentinel', 'get-master-addr-by-name', MASTER))[1])
  const another = (than: number): Promise<void> =>
    soon('another is the master', async () => (await masterPort()) !== than)
  await soon(
    'the replica is known',
    async () => (await ask<unknown[]>('sentinel', 'replicas', MASTER)).length === 1,
  )
  return {
    url: `${scheme}-sentinel://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${sentinel}/0#${MASTER}`,
    masterPort,
    async killMaster() {
      const port = await masterPort()
      await servers.get(port)!.kill9()
      servers.delete(port)
      await another(port)
    },
    async failOver() {
      const port = await masterPort()
      await ask('sentinel', 'failover', MASTER)
      await another(port)
    },
    async stop() {
      await Promise.all([watching, ...servers.values()].map((one) => one.kill9()))
      removeFolder(folder)
    },
  }
}

function tlsSettings(folder: string, identity: Identity): Record<string, string> {
  const fileOf = (part: keyof Identity): string => {
    const file = join(folder, `${part}.pem`)
    writeFileSync(file, identity[part])
    return file
  }
  return {
    'tls-cert-file': fileOf('cert'),
    'tls-key-file': fileOf('key'),
    'tls-ca-cert-file': fileOf('ca'),
    'tls-auth-clients': 'no',
    'tls-replication': 'yes',
  }
}

const SLOTS = 16_384
const NODES = 3

/** Three masters, a third of the slots each. */
export async function startCluster(): Promise<TestCluster> {
  const folder = temporaryFolder('cluster')
  const ports = await Promise.all(Array.from({ length: NODES }, freePort))
  const urlOf = (port: number): string => `redis://127.0.0.1:${port}`
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': '1000',
    'cluster-require-full-coverage': 'no',
  }
  const start = (port: number) => startRedisServer(join(folder, String(port)), port, { settings })
  const servers = new Map<number, RunningProcess>()
  for (const port of ports) servers.set(port, await start(port))
  const on = <T>(port: number, ...words: [string, ...string[]]): Promise<T> =>
    withRedis(urlOf(port), (client) => client.call(...words) as Promise<T>)
  const from = (i: number): number => Math.floor((i * SLOTS) / NODES)
  await Promise.all(
    ports.map((port, i) => on(port, 'cluster', 'addslotsrange', String(from(i)), String(from(i + 1) - 1))),
  )
  for (const port of ports.slice(1)) await on(ports[0]!, 'cluster', 'meet', '127.0.0.1', String(port))
  const isWhole = async (port: number) =>
    (await on<string>(port, 'cluster', 'info')).includes('cluster_state:ok')
  await soon('every slot has its node', async () => (await Promise.all(ports.map(isWhole))).every(Boolean))
  return {
    url: `redis-cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    keys: () => Promise.all(ports.map((port) => on<string[]>(port, 'keys', '*'))),
    nodeOf: async (key) => {
      const slot = await on<number>(ports[0]!, 'cluster', 'keyslot', key)
      return ports.findIndex((_, i) => slot < from(i + 1))
    },
    kill: async (node) => void (await servers.get(ports[node]!)!.kill9()),
    async restart(node) {
      const port = ports[node]!
      servers.set(port, await start(port))
      await soon('the node is back', () => isWhole(port))
    },
    async stop() {
      await Promise.all([...servers.values()].map((one) => one.kill9()))
      removeFolder(folder)
    },
  }
}

/** Asked while it starts or fails over, it may refuse. */
const soon = (what: string, holds: () => Promise<boolean>): Promise<void> =>
  until(what, () => holds().catch(() => false), { withinMs: 20_000, everyMs: 50 })
