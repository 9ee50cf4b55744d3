// Watches the limits: what is due to be warned of, or has passed, is told the domain, which shows the card. One process
// does it; asking twice does no harm.

import { submissionOf } from '../domain/submission.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { ringingCases } from '../ledger/ringing.ts'
import { type Rounds, startRounds } from './rounds.ts'

export interface DeadlineDeps {
  ledger: Ledger
  observer: {
    warned(facts: { cards: number }): void
    fault(message: string, error: unknown): void
  }
}

export interface DeadlineWatch extends Rounds {
  /** Shows every card that is due now; resolves with how many. */
  round(signal?: AbortSignal): Promise<number>
}

const EVERY_MS = 60_000
const AT_ONCE = 200

export function watchDeadlines({ ledger, observer }: DeadlineDeps): DeadlineWatch {
  async function round(signal?: AbortSignal): Promise<number> {
    let [cards, after] = [0, '']
    for (;;) {
      const ids = await ringingCases(ledger.readers, after, AT_ONCE)
      const rung = await Promise.all(ids.map((id) => ring(ledger, id)))
      cards += rung.filter(Boolean).length
      after = ids.at(-1) ?? after
      if (ids.length < AT_ONCE || signal?.aborted) return cards
    }
  }

  const rounds = startRounds({
    leads: () => ledger.presence.leads(),
    everyMs: EVERY_MS,
    atOnce: true,
    what: 'watching deadlines',
    fault: observer.fault,
    async round(signal) {
      const cards = await round(signal)
      if (cards > 0) observer.warned({ cards })
    },
  })
  return { round, close: rounds.close }
}

async function ring(ledger: Ledger, caseId: string): Promise<boolean> {
  const submissionId = submissionOf(caseId)!
  const { outcome } = await ledger.record({ submissionId, event: { type: 'clock.rang', caseId } })
  return outcome === 'applied'
}
