// Which files the ledger names, for the collector of those that nobody does. It looks for hashes in every row of every
// table, whatever the column, so that no table that comes later can be forgotten; only those that hold none are left out.

import type { Client, Pool } from './database.ts'

/** Names of tables (and their partitions) that never name a file: what one attempt came to, in words. */
const WITHOUT_FILES = /^attempts/
/** Where nearly every file is named; what is left after these is little, and mostly nothing. */
const FIRST = ['uploads', 'materials']
/** Exactly received bytes are long, and name no file that the rest of the row does not. */
const columnsOf = (table: string): string => (table === 'messages' ? 't.document::text' : 't::text')
/** 8 KiB each. */
const PAGES_AT_ONCE = 256

interface Table {
  name: string
  pages: number
}

/**
 * Takes out of `suspects` (SHA-256 in hex) all that any row names, and ends as soon as none is left. Reads
 * one state of the ledger, a piece at a time: what is written meanwhile is not seen. Rejects with the
 * signal's reason.
 */
export async function takeOutNamed(readers: Pool, suspects: Set<string>, signal: AbortSignal): Promise<void> {
  const client = await readers.connect()
  let failed = true
  try {
    // A row that is changed moves within its table; in one state of it, it is met exactly once.
    await client.query('begin isolation level repeatable read read only')
    await client.query(`set local statement_timeout = '5min'`)
    for (const table of await tablesOf(client)) await readTable(client, table, suspects, signal)
    failed = false
  } finally {
    if (!failed) await client.query('rollback')
    client.release(failed)
  }
}

async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; pages: string }>(
    `select relname as name, pg_relation_size(oid) / current_setting('block_size')::integer as pages from pg_class
     where relkind = 'r' and relnamespace = current_schema()::regnamespace order by pg_relation_size(oid)`,
  )
  const tables = rows
    .filter(({ name }) => !WITHOUT_FILES.test(name))
    .map(({ name, pages }) => ({ name, pages: Number(pages) }))
  const rank = ({ name }: Table): number => (FIRST.includes(name) ? 0 : 1)
  return tables.sort((a, b) => rank(a) - rank(b))
}

async function readTable(
  client: Client,
  { name, pages }: Table,
  suspects: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  for (let page = 0; page < pages && suspects.size > 0; page += PAGES_AT_ONCE) {
    signal.throwIfAborted()
    const { rows } = await client.query<{ sha256: string }>(
      `select distinct found[1] as sha256
       from "${name}" t, regexp_matches(${columnsOf(name)}, '[0-9a-f]{64}', 'g') found
       where t.ctid >= '(${page},0)'::tid and t.ctid < '(${page + PAGES_AT_ONCE},0)'::tid`,
    )
    for (const { sha256 } of rows) suspects.delete(sha256)
  }
}
