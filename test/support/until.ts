// Waiting for what comes by itself, with a sentence when it does not.

import { setTimeout as sleep } from 'node:timers/promises'

/** A rejection of `holds` is the caller's. @throws Error that names `what` when it does not hold in time */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  { withinMs = 15_000, everyMs = 10 }: { withinMs?: number; everyMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await sleep(everyMs)
  }
}
