// A fresh database for each test in a few milliseconds: one PostgreSQL per test process, one migrated template,
// and a clone of it for whoever asks. Not durable on purpose; tests that crash the server start their own.

import { randomUUID } from 'node:crypto'
import { migrate } from '../../src/ledger/migrate.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

interface TestDatabase {
  url: string
  /** Ends every session on it and drops it. */
  drop(): Promise<void>
}

/** Brings an empty database to the layout the tests need. */
type Prepare = (databaseUrl: string) => Promise<unknown>

/** What `t` of tap offers; given, the database is dropped when the test ends. */
export interface Teardown {
  teardown(action: () => Promise<unknown> | unknown): void
}

let shared: Promise<TestPostgres> | undefined
const templates = new Map<Prepare, Promise<string>>()

/** A database cloned from the template that `prepare` (default: the ledger's migrations) made, once per process. */
export async function createDatabase(t?: Teardown, prepare: Prepare = migrate): Promise<TestDatabase> {
  const server = await sharedPostgres()
  const template = await templateOf(server, prepare)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await server.administer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
  const database = {
    url: server.url(name),
    drop: () => server.administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
  t?.teardown(database.drop)
  return database
}

/**
 * The server behind `createDatabase`. Call in the last teardown of a file to end it at once; otherwise it
 * ends with the process.
 */
export async function stopSharedPostgres(): Promise<void> {
  const server = await shared
  shared = undefined
  templates.clear()
  await server?.stop()
}

function sharedPostgres(): Promise<TestPostgres> {
  shared ??= startPostgres({ durable: false, background: true })
  return shared
}

function templateOf(server: TestPostgres, prepare: Prepare): Promise<string> {
  const known = templates.get(prepare)
  if (known !== undefined) return known
  const name = `template_${templates.size + 1}`
  const made = server
    .administer(`CREATE DATABASE ${name}`)
    .then(() => prepare(server.url(name)))
    .then(() => name)
  templates.set(prepare, made)
  return made
}
