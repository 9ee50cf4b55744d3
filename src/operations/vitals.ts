// Readiness and backlog, asked of the parts that know: the sweeper, or the ledger in a process that has none.
// Pauses are the ledger's as well, since without a sweeper nobody tells the gates.

import { QueuesRefuse } from '../delivery/engine-faults.ts'
import type { Queues } from '../delivery/queue.ts'
import { isOpen, type Sweeper } from '../delivery/sweeper.ts'
import type { System } from '../delivery/systems.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { pending } from '../ledger/migrate.ts'
import { readPauses } from '../ledger/pauses.ts'
import { backlogOf } from '../ledger/reads.ts'
import type { Backlog } from './backlog-metrics.ts'
import { NotWell, type Vitals } from './health.ts'

interface Known {
  ledger: Ledger
  systems: ReadonlyMap<string, System>
}

export function vitals(parts: Known & { queues: Queues }, sweeper: Sweeper | undefined): Vitals {
  const { ledger, queues } = parts
  return {
    database: async () => {
      const { rows } = await ledger.readers.query<{ read_only: string }>(
        "select current_setting('transaction_read_only') as read_only",
      )
      if (!ledger.presence.alive())
        throw new Error('the session that proves this process alive is being made again')
      return rows[0]!.read_only === 'off'
    },
    pendingMigrations: async () => (await pending(ledger.readers)).length,
    queues: () =>
      queues.check().catch((error: Error) => {
        throw error instanceof QueuesRefuse ? new NotWell('refuses calls', error) : error
      }),
    oldestDueMs: async () => sweeper?.oldestDueMs() ?? oldestDueMs(parts, await pausedSystems(ledger)),
    stalledMs: () => sweeper?.stalledMs() ?? null,
  }
}

const pausedSystems = async ({ readers }: Ledger): Promise<ReadonlySet<string>> =>
  new Set((await readPauses(readers)).map(({ system }) => system))

/** null when nothing is due of a system that may go. */
async function oldestDueMs({ ledger, systems }: Known, paused: ReadonlySet<string>): Promise<number | null> {
  const ages: number[] = []
  for (const [id, ageMs] of await ledger.oldestDue()) {
    const system = systems.get(id)
    if (system && !paused.has(id) && isOpen(system)) ages.push(ageMs)
  }
  return ages.length > 0 ? Math.max(...ages) : null
}

export function backlog(parts: Known, sweeper: Sweeper | undefined): () => Promise<Backlog> {
  return async () => {
    const [counted, paused] = await Promise.all([
      backlogOf(parts.ledger.readers),
      pausedSystems(parts.ledger),
    ])
    return {
      oldestDueMs: sweeper?.oldestDueMs() ?? (await oldestDueMs(parts, paused)),
      systems: [...parts.systems.values()].map(({ id, gate }) => {
        const state = gate.state()
        return {
          system: id,
          waiting: counted.get(id)?.waiting ?? 0,
          deadLetters: counted.get(id)?.dead ?? 0,
          breakerOpen: state.breaker !== 'closed',
          paused: paused.has(id),
        }
      }),
    }
  }
}
