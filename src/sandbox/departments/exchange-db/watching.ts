// Waits for the gateway's marks on the department's own rows: one question for all that are waited for.
// Must not change a row.

import type { Pool } from 'pg'
import type { Watch } from './reports.ts'

interface Watching {
  watch: Watch
  /** Asks once; resolves those whose row was marked. */
  look(): Promise<void>
}

/** Still on their way: new, and taken. */
const open = ['0', '2']

export function openWatching(pool: Pool, schema: string): Watching {
  const waiting = new Map<string, Map<string, ((mark: string) => void)[]>>()
  return {
    watch: (table, guid) =>
      new Promise((resolve) => {
        const rows = waiting.get(table) ?? new Map<string, ((mark: string) => void)[]>()
        waiting.set(table, rows)
        rows.set(guid, [...(rows.get(guid) ?? []), resolve])
      }),
    async look() {
      for (const [table, rows] of waiting) {
        if (rows.size === 0) continue
        const { rows: marked } = await pool.query<{ row_guid: string; is_sync: string }>(
          `select row_guid, is_sync from ${schema}.${table} where row_guid = any($1) and not is_sync = any($2)`,
          [[...rows.keys()], open],
        )
        for (const { row_guid, is_sync } of marked) {
          for (const resolve of rows.get(row_guid) ?? []) resolve(is_sync)
          rows.delete(row_guid)
        }
      }
    },
  }
}
