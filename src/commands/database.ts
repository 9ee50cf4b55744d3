// Where the ledger is for a command: DATABASE_URL as it stands, or the embedded PostgreSQL, started and migrated.

import { join } from 'node:path'
import { startEmbedded } from '../ledger/embedded.ts'
import { type Pooling, poolingOf } from '../ledger/inspect.ts'
import { migrate } from '../ledger/migrate.ts'
import { anyonePresent } from '../ledger/presence.ts'

export interface OpenedDatabase {
  url: string
  embedded: boolean
  /** Migrations that were applied now. */
  applied: string[]
  /** Makes this process answerable for an embedded database that it found running, as if it had started it. */
  adopt(): void
  /** Ends the embedded database if this process is answerable for it and no gateway uses it any more. */
  close(): Promise<void>
}

/** For a gateway that ends at the same time. */
const OTHERS_END_WITHIN_MS = 1_500

/**
 * Migrations run by themselves only on the embedded database; elsewhere they are a step of the deployment.
 * @param launched told when the embedded database works on its own and this thread may be busy
 */
export async function openDatabase(
  settings: { databaseUrl: string | null; dataDir: string },
  launched?: () => void,
): Promise<OpenedDatabase> {
  if (settings.databaseUrl !== null)
    return {
      url: settings.databaseUrl,
      embedded: false,
      applied: [],
      adopt: () => undefined,
      close: async () => undefined,
    }
  const embedded = await startEmbedded({
    folder: join(settings.dataDir, 'postgres'),
    ...(launched && { launched }),
  })
  let answerable = embedded.started
  const applied = await migrateAll(embedded.url).catch(async (error: unknown) => {
    if (answerable) await embedded.stop()
    throw error
  })
  return {
    url: embedded.url,
    embedded: true,
    applied,
    adopt: () => {
      answerable = true
    },
    async close() {
      // A server that cannot be asked is used by nobody.
      const used = answerable && (await anyonePresent(embedded.url, OTHERS_END_WITHIN_MS).catch(() => false))
      if (answerable && !used) await embedded.stop()
    },
  }
}

const done: Record<Pooling, { en: string; zh: string }> = {
  'refuses-settings': { en: 'refuses the settings that a session starts with', zh: '拒绝会话启动参数' },
  'drops-settings': { en: 'drops the settings that a session starts with', zh: '丢弃会话启动参数' },
}

/** Null where DATABASE_URL names PostgreSQL itself, or what behaves like it. */
export async function whyNotThroughPooler(url: string): Promise<string | null> {
  const pooling = await poolingOf(url)
  if (!pooling) return null
  const { en, zh } = done[pooling]
  return (
    `DATABASE_URL leads to a pooler, such as PgBouncer, that ${en}, and may share sessions, in which our locks and prepared statements live. Name PostgreSQL itself; ` +
    `a process opens few connections and keeps them. · DATABASE_URL 指向的连接池（如 PgBouncer）${zh}，且可能多方共用会话，而网关的锁与预备语句均在会话中；请直接连接 PostgreSQL。`
  )
}

/** Ours and BullMQ's, which know nothing of each other. */
export async function migrateAll(url: string, tell?: (sentence: string) => void): Promise<string[]> {
  const [applied] = await Promise.all([
    migrate(url, tell),
    import('../delivery/queue.ts').then(({ migrateQueues }) => migrateQueues(url)),
  ])
  return applied
}
