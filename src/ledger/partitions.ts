// Entries and attempts are kept by month: a month without a partition of its own would fill the default one, from which
// nothing can be taken away as a whole.

import type { Pool } from './database.ts'

/** This month's and those of the next two. */
const MONTHS_AHEAD = 2

/**
 * Makes what is missing; mostly nothing is. Gives way to whoever is at work: a new partition waits for its
 * parent's lock, and all others behind it.
 */
export async function ensurePartitions(writers: Pool): Promise<void> {
  const client = await writers.connect()
  try {
    await client.query('begin')
    await client.query("set local lock_timeout = '1s'")
    await client.query('select ensure_partitions($1)', [MONTHS_AHEAD])
    await client.query('commit')
    client.release()
  } catch (error) {
    // Its transaction ends with the connection.
    client.release(error as Error)
    throw error
  }
}
