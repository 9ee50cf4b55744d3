// A department's exchange database on a real server, with the tables of the adapter's README, an adapter on it, and a
// line between the two that can be cut or fall silent.

import { readFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { Client } from 'pg'
import type { Test } from 'tap'
import { createDepartmentExchangeDb } from '../../adapters/department-exchange-db/adapter.ts'
import type { ExchangeSettings } from '../../adapters/department-exchange-db/settings.ts'
import type { Adapter, Attempt, PolledItem, PolledPage, SettledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_KEY, GIVEN_NOW, givenFiles } from '../../src/adapter-kit/givens.ts'
import { createDatabase, stopSharedPostgres } from '../support/database.ts'
import { hasMariadb, startMariadb, type TestMariadb } from '../support/mariadb.ts'

type Kind = 'postgresql' | 'mysql'

export interface Scene {
  settings: ExchangeSettings
  /** The department's own hand in its tables. */
  run(sql: string): Promise<Record<string, unknown>[]>
  /** An adapter on these tables; closed when the test ends. */
  open(change?: Partial<ExchangeSettings>): Adapter
}

export const house = { preset: 'house', database: '', user: '', password: 'secret-of-the-tests' } as const

const readme = readFileSync(
  new URL('../../adapters/department-exchange-db/README.md', import.meta.url),
  'utf8',
)
const ddl = [...readme.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, text]) => text!)

/** The same rule on both kinds of server; skipped by name where one is not installed. */
export function onBoth(
  t: Pick<Test, 'test'>,
  name: string,
  story: (t: Test, scene: Scene) => Promise<void>,
): void {
  for (const kind of ['postgresql', 'mysql'] as const) {
    const skip = kind === 'mysql' && !hasMariadb() ? 'mariadbd is not installed' : false
    t.test(`${kind}: ${name}`, { skip }, async (t) => story(t, await sceneOf(t, kind)))
  }
}

export function sceneOf(t: Test, kind: Kind): Promise<Scene> {
  return kind === 'postgresql' ? postgresScene(t) : mariadbScene(t)
}

const postgresTables = async (url: string): Promise<void> => void (await onPostgres(url, ddl[0]!))

async function postgresScene(t: Test): Promise<Scene> {
  const { url } = await createDatabase(t, postgresTables)
  const { port, pathname } = new URL(url)
  const settings = {
    ...house,
    dialect: 'postgresql' as const,
    host: '127.0.0.1',
    port: Number(port),
    database: pathname.slice(1),
    user: 'postgres',
  }
  return { settings, run: (sql) => onPostgres(url, sql), open: opener(t, settings) }
}

async function onPostgres(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString, types: { getTypeParser: () => (text: unknown) => text } })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

let mariadb: Promise<TestMariadb> | undefined
let databases = 0

/** Both servers end with the file: call it once, before its first test. */
export function endServers(t: Pick<Test, 'teardown'>): void {
  t.teardown(async () => {
    await stopSharedPostgres()
    await (await mariadb)?.stop()
    mariadb = undefined
  })
}

async function mariadbScene(t: Test): Promise<Scene> {
  mariadb ??= startMariadb()
  const server = await mariadb
  const database = `exchange_${++databases}`
  await server.administer(`create database ${database} default charset utf8mb4`)
  await server.administer(
    `create user if not exists tongban@'%' identified by '${house.password}'; grant all on ${database}.* to tongban@'%'`,
  )
  await server.administer(ddl[1]!, database)
  const settings = {
    ...house,
    dialect: 'mysql' as const,
    host: '127.0.0.1',
    port: server.port,
    database,
    user: 'tongban',
  }
  return { settings, run: (sql) => server.administer(sql, database), open: opener(t, settings) }
}

const opener =
  (t: Test, settings: ExchangeSettings): Scene['open'] =>
  (change = {}) => {
    const adapter = createDepartmentExchangeDb({ ...settings, ...change })
    t.teardown(() => adapter.close?.())
    return adapter
  }

/** The failure that this ends with. */
export async function failureOf(action: Promise<unknown>): Promise<AdapterFailure> {
  try {
    await action
  } catch (error) {
    if (error instanceof AdapterFailure) return error
    throw error
  }
  throw new Error('nothing failed')
}

/** One try, as delivery makes it. */
export function attemptOf(change: Partial<Attempt> = {}): Attempt {
  const refuse = () => {
    throw new Error('this adapter speaks no HTTP')
  }
  return {
    signal: AbortSignal.timeout(20_000),
    http: { request: refuse, target: refuse },
    key: GIVEN_KEY,
    number: 1,
    now: () => GIVEN_NOW,
    files: {
      open: async (sha256) => Readable.from([givenFiles.get(sha256) ?? Buffer.alloc(0)]),
      link: (file) => `https://gateway.example/v1/files/${file.sha256}?signature=secret-signature`,
      store: refuse,
    },
    ...change,
  }
}

/** One reading, as a poll begins with. */
export const read = (adapter: Adapter, after?: string): Promise<PolledPage> =>
  adapter.polling!.read(after, attemptOf())

/** The department writes a step of `case_<number>`, at 10:00 and so many seconds. */
export const writeStep = ({ run }: Scene, guid: string | null, number: string, second: number, code = '30') =>
  run(
    `insert into up_pro_process (row_guid, project_no, event_name, cd_time) values (${guid === null ? 'null' : `'${guid}'`}, 'case_${number}', '${code}', '2026-11-23 10:00:${String(second).padStart(2, '0')}')`,
  )

export const settledAs = (
  items: readonly PolledItem[],
  outcome: SettledItem['outcome'],
  reason?: string,
): SettledItem[] => items.map(({ key }) => ({ key, outcome, ...(reason ? { reason } : {}) }))

interface Wire {
  port: number
  /** Nothing passes from now on; the connections stay open. */
  fallSilent(): void
  /**
   * When the client's statement ends with these words, it is passed on and the answer never comes back: the
   * line is cut.
   */
  cutAfter(words: string): void
  /** The line is cut before these words are passed on. */
  cutBefore(words: string): void
}

/** PostgreSQL's statements end with a zero byte. */
const endsWith = (bytes: Buffer, words: string): boolean =>
  [words, `${words}\0`].some((ending) => bytes.toString('latin1').endsWith(ending))

/** A line to a server on this machine. */
export async function wireTo(t: Test, port: number): Promise<Wire> {
  const state = { silent: false, after: '', before: '' }
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    let deaf = false
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    client.on('data', (bytes: Buffer) => {
      if (state.silent) return
      if (state.before && bytes.includes(state.before)) return end()
      if (state.after && endsWith(bytes, state.after)) deaf = true
      upstream.write(bytes)
    })
    upstream.on('data', (bytes: Buffer) => {
      if (state.silent) return
      if (deaf) return end()
      client.write(bytes)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    fallSilent: () => {
      state.silent = true
    },
    cutAfter: (words) => {
      state.after = words
    },
    cutBefore: (words) => {
      state.before = words
    },
  }
}
