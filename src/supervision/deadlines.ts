// Watches the limits: what is due to be warned of, or has passed, is told the domain, which shows the card. One process
// does it; asking twice does no harm.

import { submissionOf } from '../domain/submission.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { ringingCases } from '../ledger/ringing.ts'

export interface DeadlineDeps {
  ledger: Ledger
  observer: {
    warned(facts: { cards: number }): void
    fault(message: string, error: unknown): void
  }
}

export interface DeadlineWatch {
  /** Shows every card that is due now; resolves with how many. */
  round(): Promise<number>
  close(): Promise<void>
}

const EVERY_MS = 60_000
const AT_ONCE = 200

export function watchDeadlines(deps: DeadlineDeps): DeadlineWatch {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let under: Promise<unknown> = Promise.resolve()

  async function round(): Promise<number> {
    let [cards, after] = [0, '']
    for (;;) {
      const ids = await ringingCases(deps.ledger.readers, after, AT_ONCE)
      const rung = await Promise.all(ids.map((id) => ring(deps.ledger, id)))
      cards += rung.filter(Boolean).length
      after = ids.at(-1) ?? after
      if (ids.length < AT_ONCE || closed) return cards
    }
  }

  async function whenLeading(): Promise<void> {
    if (!(await deps.ledger.presence.leads())) return
    const cards = await round()
    if (cards > 0) deps.observer.warned({ cards })
  }

  function again(): void {
    if (closed) return
    timer = setTimeout(look, EVERY_MS)
    timer.unref()
  }

  function look(): void {
    under = whenLeading()
      .catch((error) => deps.observer.fault('watching deadlines', error))
      .finally(again)
  }

  look()
  return {
    round,
    async close() {
      closed = true
      clearTimeout(timer)
      await under
    },
  }
}

async function ring(ledger: Ledger, caseId: string): Promise<boolean> {
  const submissionId = submissionOf(caseId)!
  const { outcome } = await ledger.record({ submissionId, event: { type: 'clock.rang', caseId } })
  return outcome === 'applied'
}
