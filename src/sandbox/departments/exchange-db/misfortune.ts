// What happens to an exchange database: another program of the department holds its tables, and connections are cut in
// the middle of what they do.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Misfortunes } from '../misfortune.ts'

/** One table that the gateway writes and one that it reads: no transaction needs both, so none waits in a ring. */
const held = ['up_pro_accept', 'up_pro_process']
/** So long the gateway has to come and wait, before it is cut off. */
const LURE_MS = 300

/** `pool` is not the department's own, whose connections may all wait for what is held here. */
export function exchangeMisfortunes(pool: Pool, schema: string): Misfortunes {
  const shut = () => hold(pool, schema)
  return {
    shutAs: 'locked',
    shut,
    async cut() {
      const open = await shut()
      try {
        await sleep(LURE_MS)
        await cutOff(pool, schema)
      } finally {
        await open()
      }
    },
  }
}

/** Holds the tables; the answer lets go of them. */
async function hold(pool: Pool, schema: string): Promise<() => Promise<void>> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(`lock table ${held.map((one) => `${schema}.${one}`).join(', ')} in exclusive mode`)
  } catch (error) {
    client.release(true)
    throw error
  }
  return async () => {
    await client.query('rollback').then(
      () => client.release(),
      () => client.release(true),
    )
  }
}

/** Those of the gateway that hold or wait for something of this schema, and no others. */
async function cutOff(pool: Pool, schema: string): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'tongban' and pid in (
       select l.pid from pg_locks l join pg_class c on c.oid = l.relation
       join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1)`,
    [schema],
  )
}
