// Marks the rows that were read: done, unknown or failed. A row is marked only while our own claim on it stands, so a
// second telling changes nothing, and a row that the department wrote anew in the meantime stays new.

import type { Attempt, SettledItem } from '../../src/adapter-kit/contract.ts'
import { canClaim } from './claims.ts'
import type { Database } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { readKey } from './reading.ts'
import { equals, join, oneOf, type Statement, sql } from './sql.ts'
import { assigned, isNew } from './statements.ts'

const LONGEST_REASON = 200

interface Group {
  table: Table
  token: string
  flag: string
  reason: string | null
  guids: string[]
}

export async function settle(
  layout: Layout,
  database: Database,
  items: readonly SettledItem[],
  attempt: Attempt,
): Promise<void> {
  const groups = groupsOf(layout, items)
  if (groups.length === 0) return
  await database.transaction(attempt.signal, async (session) => {
    for (const group of groups) await session.run(marking(layout, database, group), group.table.title)
  })
}

function groupsOf(layout: Layout, items: readonly SettledItem[]): Group[] {
  const groups = new Map<string, Group>()
  for (const item of items) {
    const { table: key, token, guid } = readKey(item.key)
    const table = layout.polled.find((one) => one.key === key)
    if (!table) continue
    const flag = flagOf(layout, item)
    const reason = item.reason ? [...item.reason].slice(0, LONGEST_REASON).join('') : null
    const name = JSON.stringify([key, token, flag, reason])
    const group = groups.get(name) ?? { table, token, flag, reason, guids: [] }
    group.guids.push(guid)
    groups.set(name, group)
  }
  return [...groups.values()]
}

function flagOf({ flags }: Layout, { outcome }: SettledItem): string {
  if (outcome === 'recorded' || outcome === 'duplicate') return flags.done
  return outcome === 'unknown' ? flags.unknown : flags.failed
}

function marking(
  layout: Layout,
  { dialect }: Database,
  { table, token, flag, reason, guids }: Group,
): Statement {
  const changes = [
    assigned(table.column('is_sync'), flag),
    ...(canClaim(table) ? [assigned(table.column('sync_time'), dialect.ago(0))] : []),
    ...(table.has('sync_error') ? [assigned(table.column('sync_error'), reason)] : []),
  ]
  const ours = canClaim(table)
    ? sql`${equals(table.column('is_sync'), layout.flags.taken)} and ${table.column('sync_by')} = ${token}`
    : isNew(layout, table)
  return sql`update ${table.name} set ${join(changes, ', ')} where ${table.column('row_guid')} in ${oneOf(guids)} and ${ours}`
}
