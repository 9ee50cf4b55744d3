// The gauge of the daily reconciliation: differences of the newest comparison with each system, read when
// Prometheus asks and at most once a minute.

import { Gauge, type Registry } from 'prom-client'
import type { newestDifferences } from '../ledger/reconciliations.ts'
import { atMostEvery } from './at-most-every.ts'

const FRESH_MS = 60_000

/** Adds the gauge to `registry`; a read that fails leaves it out of that answer. */
export function watchReconciliations(
  registry: Registry,
  read: () => ReturnType<typeof newestDifferences>,
): void {
  const readOnce = atMostEvery(FRESH_MS, read)
  new Gauge({
    name: 'tongban_reconciliation_differences',
    help: 'Differences that the newest daily reconciliation found',
    labelNames: ['system', 'class'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { system, counts } of await readOnce().catch(() => [])) {
        this.set({ system, class: 'only-ours' }, counts.onlyOurs)
        this.set({ system, class: 'only-theirs' }, counts.onlyTheirs)
        this.set({ system, class: 'different' }, counts.different)
        this.set({ system, class: 'doubled' }, counts.doubled)
        this.set({ system, class: 'unanswered' }, counts.unanswered)
      }
    },
  })
}
