// Readiness and backlog, asked of the parts that know.

import type { Queues } from '../delivery/queue.ts'
import type { Sweeper } from '../delivery/sweeper.ts'
import type { System } from '../delivery/systems.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { pending } from '../ledger/migrate.ts'
import { backlogOf } from '../ledger/reads.ts'
import type { Backlog } from './backlog-metrics.ts'
import type { Vitals } from './health.ts'

export function vitals(ledger: Ledger, queues: Queues, sweeper: Sweeper | undefined): Vitals {
  return {
    database: async () => {
      await ledger.readers.query('select 1')
      if (!ledger.presence.alive())
        throw new Error('the session that proves this process alive is being made again')
    },
    pendingMigrations: async () => (await pending(ledger.readers)).length,
    queues: () => queues.check(),
    oldestDueMs: async () => sweeper?.oldestDueMs() ?? null,
    stalledMs: () => sweeper?.stalledMs() ?? null,
  }
}

export function backlog(
  parts: { ledger: Ledger; systems: ReadonlyMap<string, System> },
  sweeper: Sweeper | undefined,
): () => Promise<Backlog> {
  return async () => {
    const counted = await backlogOf(parts.ledger.readers)
    return {
      oldestDueMs: sweeper?.oldestDueMs() ?? null,
      systems: [...parts.systems.values()].map(({ id, gate }) => {
        const state = gate.state()
        return {
          system: id,
          waiting: counted.get(id)?.waiting ?? 0,
          deadLetters: counted.get(id)?.dead ?? 0,
          breakerOpen: state.breaker !== 'closed',
          paused: state.paused !== null,
        }
      }),
    }
  }
}
