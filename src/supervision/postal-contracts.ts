// Orders that waited for their county's postal contract go out by themselves once there is one. One process
// sees to it; twice does no harm.

import type { Rules } from '../domain/decide.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { ordersWithoutCarrier, type WaitingOrder } from '../ledger/waiting-orders.ts'
import { type Rounds, startRounds, tellEach } from './rounds.ts'

export interface ContractWatchDeps {
  ledger: Ledger
  /** The contract of a division, or what is missing of it. */
  postal: Rules['postal']
  observer: {
    ordersReleased(facts: { orders: number }): void
    fault(message: string, error: unknown): void
  }
}

interface ContractWatch extends Rounds {
  /** Resolves with how many orders went out. */
  round(signal?: AbortSignal): Promise<number>
}

const EVERY_MS = 60_000
const AT_ONCE = 200

export function watchContracts({ ledger, postal, observer }: ContractWatchDeps): ContractWatch {
  const untold = ({ transfer }: WaitingOrder, error: unknown): void =>
    observer.fault(`the order ${transfer}`, error)

  async function round(signal?: AbortSignal): Promise<number> {
    let [released, after] = [0, '']
    for (;;) {
      const waiting = await ordersWithoutCarrier(ledger.readers, after, AT_ONCE)
      const now = ledger.now().toISOString()
      const ready = waiting.filter(({ homeDivision }) => !('missing' in postal(homeDivision, now)))
      const recorded = await tellEach(ready, (one) => release(ledger, one), untold)
      released += recorded.filter(Boolean).length
      after = waiting.at(-1)?.transfer ?? after
      if (waiting.length < AT_ONCE || signal?.aborted) return released
    }
  }

  const rounds = startRounds({
    leads: () => ledger.presence.leads(),
    everyMs: EVERY_MS,
    what: 'watching postal contracts',
    fault: observer.fault,
    async round(signal) {
      const orders = await round(signal)
      if (orders > 0) observer.ordersReleased({ orders })
    },
  })
  return { round, close: rounds.close }
}

async function release(ledger: Ledger, { transfer, submission }: WaitingOrder): Promise<boolean> {
  const { outcome } = await ledger.record({
    submissionId: submission,
    event: {
      type: 'transfer.revived',
      transferId: transfer,
      by: 'gateway',
      reason: '该县（区）已有邮政寄递合同 (its county has a postal contract now)',
    },
  })
  return outcome === 'applied'
}
