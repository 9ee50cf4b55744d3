// Messages that cannot be read and prove no sender. One may be a department's with a wrong setting, so a
// person should see it; but anybody can send them, so each is kept shortened and only so many a day, by this
// process. Its sender is answered the same.

import { type Evidence, keepEvidence, type ReportDeps, type ReportObserver } from './reporting.ts'

export interface UnprovedEvidence {
  keep(system: string, evidence: Evidence, reason: string): Promise<void>
}

export interface UnprovedObserver extends ReportObserver {
  /** How many were not kept since it was told last. */
  notKept(system: string, messages: number): void
}

export const MOST_A_DAY = 100
export const MOST_BYTES = 16 * 1024
const DAY_MS = 24 * 60 * 60 * 1000
const TELL_EVERY_MS = 60 * 1000

interface Deps extends ReportDeps {
  observer: UnprovedObserver
}

export function keepUnproved(
  deps: Deps,
  { now = () => performance.now(), tellEveryMs = TELL_EVERY_MS } = {},
): UnprovedEvidence {
  const days = new Map<string, { kept: number; endsAt: number }>()
  const notKept = new Map<string, number>()

  function today(system: string) {
    const known = days.get(system)
    if (known && known.endsAt > now()) return known
    const day = { kept: 0, endsAt: now() + DAY_MS }
    days.set(system, day)
    return day
  }

  function pass(system: string): void {
    const before = notKept.get(system) ?? 0
    notKept.set(system, before + 1)
    if (before === 0) setTimeout(tell, tellEveryMs, system).unref()
  }

  function tell(system: string): void {
    deps.observer.notKept(system, notKept.get(system) ?? 0)
    notKept.delete(system)
  }

  return {
    async keep(system, evidence, reason) {
      const day = today(system)
      if (day.kept >= MOST_A_DAY) return pass(system)
      // Counted before it is written, so that many at once gain nothing.
      day.kept++
      let isNew = false
      try {
        isNew = await keepEvidence(deps, system, shortened(evidence), reasonWith(evidence, reason), 'once')
      } finally {
        if (!isNew) day.kept--
      }
    },
  }
}

const shortened = ({ body, mediaType }: Evidence): Evidence => ({
  body: body.subarray(0, MOST_BYTES),
  mediaType: mediaType.slice(0, 200),
})

const reasonWith = ({ body }: Evidence, reason: string): string =>
  body.length > MOST_BYTES ? `${reason} (first ${MOST_BYTES} of ${body.length} bytes)` : reason
