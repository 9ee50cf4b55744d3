// The gauges: what waits, by system, read from the ledger when Prometheus asks and at most once a second.

import { Gauge, type Registry } from 'prom-client'
import { atMostEvery, orNull } from './at-most-every.ts'

/** What the gauges show. The ledger is the source, not the queues. */
export interface Backlog {
  /** How long the oldest due transfer of a system that is not paused has been due; null when none is due. */
  oldestDueMs: number | null
  systems: readonly SystemBacklog[]
}

interface SystemBacklog {
  system: string
  /** Transfers due or to come, not yet settled. */
  waiting: number
  deadLetters: number
  breakerOpen: boolean
  paused: boolean
}

const FRESH_MS = 1_000

/**
 * Adds the gauges to `registry`; a read that fails leaves them out of that answer, and `failed` is told of
 * the first in a row.
 */
export function watchBacklog(
  registry: Registry,
  read: () => Promise<Backlog>,
  failed: (error: unknown) => void,
): void {
  const readOnce = atMostEvery(FRESH_MS, orNull(read, failed))

  function gauge(name: string, help: string, reading: (it: SystemBacklog) => number): void {
    new Gauge({
      name: `tongban_${name}`,
      help,
      labelNames: ['system'],
      registers: [registry],
      async collect() {
        this.reset()
        const backlog = await readOnce()
        for (const it of backlog?.systems ?? []) this.set({ system: it.system }, reading(it))
      },
    })
  }

  new Gauge({
    name: 'tongban_oldest_due_age_seconds',
    help: 'Age of the oldest due transfer of a system that is not paused',
    registers: [registry],
    async collect() {
      const backlog = await readOnce()
      if (backlog === null) this.remove()
      else this.set((backlog.oldestDueMs ?? 0) / 1000)
    },
  })
  gauge('queue_depth', 'Transfers not yet settled', (it) => it.waiting)
  gauge('dead_letters', 'Transfers that wait for a person', (it) => it.deadLetters)
  gauge('breaker_open', '1 while the circuit breaker is open', (it) => Number(it.breakerOpen))
  gauge('system_paused', '1 while the system is paused', (it) => Number(it.paused))
}
