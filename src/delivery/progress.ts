// Whether each system's work moves. Old work alone says nothing: a slow department has plenty of it and gets it as fast
// as it takes it. Only when work has been due for long and no attempt has ended meanwhile is something wrong here.

/** A system with work that may go now. */
export interface Seen {
  system: string
  /** How long its oldest transfer has been due, ms. */
  dueMs: number
  /** When an attempt last ended in this process, by `performance.now()`. */
  progressAt: number
  /** An attempt under way may be silent for that long, ms; 0 when none is. */
  excusedMs: number
}

interface Judgement {
  /** The longest that due work has been waiting without any progress, ms. */
  stalledMs: number
  /** Systems whose consumers should be made anew. */
  renew: string[]
  /** The process is of no use to this system and should be replaced. */
  stuck: { system: string; silentMs: number } | null
}

/** Without any progress for this long, a system's consumer is made anew. */
const STALE_MS = 60_000
/** Still none after this: the process should be replaced. */
const STUCK_MS = 120_000
/** Looked at more seldom than this (the database was away, the machine slept), nothing is known of the time between. */
const UNSEEN_MS = 15_000

/** Remembers since when each system has had work without a break, and when it was renewed last. */
export function createProgress(): { judge(seen: readonly Seen[], now: number): Judgement } {
  const since = new Map<string, number>()
  const renewedAt = new Map<string, number>()
  let lookedAt = 0

  // What was paused, held or broken until a moment ago was silent for a good reason.
  function forgetOthers(seen: readonly Seen[], now: number): void {
    const ids = new Set(now - lookedAt > UNSEEN_MS ? [] : seen.map((one) => one.system))
    for (const id of since.keys()) if (!ids.has(id)) since.delete(id)
    lookedAt = now
  }

  return {
    judge(seen, now) {
      forgetOthers(seen, now)
      const judgement: Judgement = { stalledMs: 0, renew: [], stuck: null }
      for (const { system, dueMs, progressAt, excusedMs } of seen) {
        const begun = since.get(system) ?? now
        since.set(system, begun)
        const silentFrom = (from: number): number => Math.max(0, now - from - excusedMs)
        const silentMs = silentFrom(Math.max(progressAt, begun))
        judgement.stalledMs = Math.max(judgement.stalledMs, Math.min(dueMs, silentMs))
        if (dueMs > STUCK_MS && silentMs > STUCK_MS) judgement.stuck ??= { system, silentMs }
        const idleMs = Math.min(silentMs, silentFrom(renewedAt.get(system) ?? 0))
        if (dueMs < STALE_MS || idleMs < STALE_MS) continue
        renewedAt.set(system, now)
        judgement.renew.push(system)
      }
      return judgement
    },
  }
}
