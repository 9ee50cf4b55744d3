// After a dump was restored into a younger cluster its rows seem to be of transactions still to come, and GET
// /v1/events would show none of them: they are put in order anew (order_feed() in
// migrations/0006_supervision.sql) before anybody is answered.

import type pg from 'pg'
import { connectPatiently } from './database.ts'
import { statements } from './statements.ts'

/** That of `tongban migrate` too. */
export const LEDGER_LOCK = 7700

type Session = Pick<pg.ClientBase, 'query'>

/** Cheap, however large the ledger is. */
export async function wasRestored(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ restored: boolean }>(statements.restored.text)
  return rows[0]?.restored ?? false
}

/** Takes a minute for each million rows, and is done once. Resolves with whether it was needed. */
export async function orderFeedIfRestored(session: Session): Promise<boolean> {
  if (!(await wasRestored(session))) return false
  await session.query('select order_feed()')
  return true
}

/** The same in a session of its own, by one process at a time. */
export async function orderRestoredLedger(url: string): Promise<boolean> {
  const client = await connectPatiently(url, 'tongban-restored')
  try {
    if (!(await wasRestored(client))) return false
    await client.query('select pg_advisory_lock($1)', [LEDGER_LOCK])
    return await orderFeedIfRestored(client)
  } finally {
    await client.end()
  }
}
