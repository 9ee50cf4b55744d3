// Where the ledger is for a command: DATABASE_URL as it stands, or the embedded PostgreSQL, started and migrated.

import { join } from 'node:path'
import { migrateQueues } from '../delivery/queue.ts'
import { startEmbedded } from '../ledger/embedded.ts'
import { migrate } from '../ledger/migrate.ts'

export interface OpenedDatabase {
  url: string
  embedded: boolean
  /** Migrations that were applied now. */
  applied: string[]
  /** Stops the embedded database if this command started it. */
  close(): Promise<void>
}

/** Migrations run by themselves only on the embedded database; elsewhere they are a step of the deployment. */
export async function openDatabase(settings: {
  databaseUrl: string | null
  dataDir: string
}): Promise<OpenedDatabase> {
  if (settings.databaseUrl !== null)
    return { url: settings.databaseUrl, embedded: false, applied: [], close: async () => undefined }
  const embedded = await startEmbedded({ folder: join(settings.dataDir, 'postgres') })
  const applied = await migrateAll(embedded.url)
  return {
    url: embedded.url,
    embedded: true,
    applied,
    close: async () => (embedded.started ? embedded.stop() : undefined),
  }
}

/** Ours and BullMQ's, in that order. */
export async function migrateAll(url: string): Promise<string[]> {
  const applied = await migrate(url)
  await migrateQueues(url)
  return applied
}
