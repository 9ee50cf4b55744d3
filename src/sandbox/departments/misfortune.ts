// Misfortune of departments that are not spoken to by HTTP, by the same figures: what a request suffers elsewhere, each
// second of their work suffers here. `unavailable` keeps the gateway out for a while, `lost` cuts it off, `slow` lets
// the department come late. Must not touch what was written.

import { pause } from '../caller.ts'
import type { FaultBoard } from '../faults.ts'

export interface Misfortunes {
  /** Nobody gets in; the answer lets them in again. */
  shut?(): Promise<() => Promise<void>>
  /** The name under which being shut is counted: `locked`, `missing`. */
  shutAs: string
  /** Connections end. */
  cut?(): Promise<void>
}

interface Suffering {
  /** To be awaited before each round of work. */
  before(): Promise<void>
}

const EACH_MS = 1_000
/** Outlasts a try, never a breaker. */
const SHUT_MS = 700

export function openSuffering(
  board: FaultBoard | undefined,
  actor: string,
  { shut, shutAs, cut }: Misfortunes,
  stopping: AbortSignal,
): Suffering {
  let next = Date.now() + EACH_MS
  const rest = (ms: number): Promise<void> => pause(ms, stopping).catch(() => undefined)
  return {
    async before() {
      if (!board || Date.now() < next) return
      next = Date.now() + EACH_MS
      const { unavailable, lost, slow, slowMs } = board.of(actor)
      if (unavailable + lost + slow === 0) return
      const fate = board.fate(actor, 'round', 'before')
      if (fate < unavailable && shut) {
        board.note(actor, shutAs)
        const open = await shut()
        await rest(SHUT_MS * (0.5 + fate)).finally(open)
      } else if (fate >= unavailable && fate < unavailable + lost && cut) {
        board.note(actor, 'cut')
        await cut()
      } else if (fate >= unavailable + lost && fate < unavailable + lost + slow) {
        board.note(actor, 'late')
        await rest(slowMs * 2)
      }
    },
  }
}
