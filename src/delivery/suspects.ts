// Which transfers seem to take their worker down: attempts at them began again and again, and each time the process
// ended before the attempt did. Whoever is innocent was only under way when something else ended the process: a gateway
// killed every few seconds never sees the end of an attempt that takes longer. So a suspect is not given up at once.
// Its attempts come ever further apart, which an innocent one outlasts, and in which a guilty one does little harm.

import type { Spacing } from '../ledger/leases.ts'

/** Attempts that began and never ended, after which the next one waits. Up to here work goes on at once. */
const UNSUSPECTED = 6
/** After so many it is given up. */
const MOST = 16

/** Short at first, for most are innocent; all sixteen take thirteen minutes at least. */
export const spacing: Spacing = { from: UNSUSPECTED, firstMs: 1_000, mostMs: 300_000 }

/**
 * What becomes of a transfer that was claimed for its `claims`th attempt, none of which ended: sent, `look`ed for once
 * more, or given up.
 */
export function verdictOn({ claims, look }: { claims: number; look: boolean }): 'send' | 'look' | 'giveUp' {
  if (claims <= MOST) return 'send'
  return claims === MOST + 1 && look ? 'look' : 'giveUp'
}

/** Why it was given up, for whoever reads its dead letter. */
export const takesWorkerDown = (claims: number): Error =>
  new Error(
    `${claims - 1} attempts began and none ended: it seems to take its worker down · 已开始 ${claims - 1} 次投递均无结果，疑似导致进程崩溃`,
  )
