// A gateway may run for months without a migration: every hour the clock role sees that the next months have
// their partitions.

import type { Ledger } from '../ledger/ledger.ts'
import { ensurePartitions } from '../ledger/partitions.ts'
import { type Rounds, type RoundsDeps, startRounds } from './rounds.ts'

const EVERY_MS = 3_600_000

export function keepPartitions(deps: {
  ledger: Pick<Ledger, 'writers' | 'presence'>
  fault: RoundsDeps['fault']
  /** Default: an hour. */
  everyMs?: number
}): Rounds {
  const { ledger, fault, everyMs = EVERY_MS } = deps
  return startRounds({
    leads: () => ledger.presence.leads(),
    everyMs,
    what: 'making partitions for the months to come',
    round: () => ensurePartitions(ledger.writers),
    fault,
  })
}
