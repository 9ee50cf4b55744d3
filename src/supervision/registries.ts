// Watches the registries of certificates: where one has not answered for long, the domain is told, which lets
// the applicant upload instead where the catalogue allows. One process does it; asking twice does no harm.
// Reusable materials whose time is over are forgotten in the same rounds.

import { submissionOf } from '../domain/submission.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { dropExpired } from '../ledger/reusable.ts'
import { unansweredLookUps } from '../ledger/waiting-certificates.ts'
import { type Rounds, startRounds, tellEach } from './rounds.ts'

export interface RegistryWatchDeps {
  ledger: Ledger
  /** As it is now: it may change while this runs. */
  uploadAfterMs(): number
  observer: {
    uploadsOffered(facts: { materials: number }): void
    fault(message: string, error: unknown): void
  }
}

interface RegistryWatch extends Rounds {
  /** Tells of every look-up that became too old since the last round; resolves with how many applicants were asked. */
  round(signal?: AbortSignal): Promise<number>
}

/** As often as the wait asks for, within these. */
const [SHORTEST_MS, EVERY_MS] = [1_000, 60_000]
const AT_ONCE = 200
/** Rounds overlap by this much, so that a look-up written while one was under way is not passed over. */
const OVERLAP_MS = 60_000

export function watchRegistries({ ledger, uploadAfterMs, observer }: RegistryWatchDeps): RegistryWatch {
  // Until a whole round has been made, everything is looked at; after that, what has become too old since.
  let last = Number.NEGATIVE_INFINITY
  let waited = uploadAfterMs()

  const untold = (id: string, error: unknown): void => observer.fault(`the look-up ${id}`, error)

  async function round(signal?: AbortSignal): Promise<number> {
    const began = performance.now()
    const patienceMs = uploadAfterMs()
    // With less patience, what is too old by now was too young in every round so far.
    if (patienceMs < waited) last = Number.NEGATIVE_INFINITY
    waited = patienceMs
    const sinceMs = Math.min(patienceMs + (began - last) + OVERLAP_MS, LONGEST_MS)
    let [offered, after] = [0, '']
    for (;;) {
      const asked = { olderThanMs: patienceMs, sinceMs, after, limit: AT_ONCE }
      const ids = await unansweredLookUps(ledger.readers, asked)
      const told = await tellEach(ids, (id) => tell(ledger, id), untold)
      offered += told.filter(Boolean).length
      after = ids.at(-1) ?? after
      if (signal?.aborted) return offered
      if (ids.length < AT_ONCE) break
    }
    last = began
    return offered
  }

  async function leads(): Promise<boolean> {
    const leading = await ledger.presence.leads()
    if (!leading) last = Number.NEGATIVE_INFINITY
    return leading
  }

  const rounds = startRounds({
    leads,
    everyMs: Math.min(Math.max(waited / 10, SHORTEST_MS), EVERY_MS),
    atOnce: true,
    what: 'watching registries',
    fault: observer.fault,
    async round(signal) {
      const materials = await round(signal)
      if (materials > 0) observer.uploadsOffered({ materials })
      await dropExpired(ledger.writers)
    },
  })
  return { round, close: rounds.close }
}

/** Older than any retry lasts. */
const LONGEST_MS = 10 * 365 * 24 * 3_600_000

async function tell(ledger: Ledger, transferId: string): Promise<boolean> {
  const submissionId = submissionOf(transferId)!
  const { outcome } = await ledger.record({
    submissionId,
    event: { type: 'certificate.overdue', transferId },
  })
  return outcome === 'applied'
}
