// Watches the limits: what is due to be warned of, or has passed, is told the domain, which shows the card,
// reminds of the appointment, or misses the report on it. One process does it; asking twice does no harm.

import { type Entry, submissionOf } from '../domain/submission.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { ringingCases } from '../ledger/ringing.ts'
import { type Rounds, startRounds, tellEach } from './rounds.ts'

export interface DeadlineDeps {
  ledger: Ledger
  observer: {
    /** Not of reminders: they are nobody's fault. */
    warned(facts: Warnings): void
    fault(message: string, error: unknown): void
  }
}

export interface Warnings {
  /** Cards and alarms. */
  cards: number
  /** Appointments that no hall reported on. */
  unreported: number
}

interface DeadlineWatch extends Rounds {
  /** Rings for every case that is due now. */
  round(signal?: AbortSignal): Promise<Warnings>
}

const EVERY_MS = 60_000
const AT_ONCE = 200

export function watchDeadlines({ ledger, observer }: DeadlineDeps): DeadlineWatch {
  const untold = (id: string, error: unknown): void => observer.fault(`the limits of ${id}`, error)

  async function round(signal?: AbortSignal): Promise<Warnings> {
    const warnings: Warnings = { cards: 0, unreported: 0 }
    let after = ''
    for (;;) {
      const ids = await ringingCases(ledger.readers, after, AT_ONCE)
      const rung = await tellEach(ids, (id) => ring(ledger, id), untold)
      for (const entries of rung) add(warnings, entries)
      after = ids.at(-1) ?? after
      if (ids.length < AT_ONCE || signal?.aborted) return warnings
    }
  }

  const rounds = startRounds({
    leads: () => ledger.presence.leads(),
    everyMs: EVERY_MS,
    atOnce: true,
    what: 'watching deadlines',
    fault: observer.fault,
    async round(signal) {
      const warnings = await round(signal)
      if (warnings.cards + warnings.unreported > 0) observer.warned(warnings)
    },
  })
  return { round, close: rounds.close }
}

async function ring(ledger: Ledger, caseId: string): Promise<readonly Entry[]> {
  const submissionId = submissionOf(caseId)!
  const { entries } = await ledger.record({ submissionId, event: { type: 'clock.rang', caseId } })
  return entries ?? []
}

/** One bell may ring for several: each is counted once, whatever came of it. */
function add(warnings: Warnings, entries: readonly Entry[]): void {
  const rangFor = (kind: string): boolean => entries.some(({ type }) => type.startsWith(kind))
  if (rangFor('deadline.') || rangFor('custody.')) warnings.cards++
  if (rangFor('appointment.unreported')) warnings.unreported++
}
