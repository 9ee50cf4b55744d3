// What the city gives each institution: its own chance, pretended time, and the road to the gateway.
// Must not know any institution.

import type { CityContext } from './actor.ts'
import type { Caller } from './caller.ts'
import type { FaultBoard } from './faults.ts'
import { openPush } from './push.ts'
import { createRandom } from './random.ts'

const MAX_ERRORS_KEPT = 20

/** By institution. When `stopping` is aborted, every timer ends and nothing new begins. */
export function openContexts(parts: {
  gatewayUrl: string
  speed: number
  seed: string
  board: FaultBoard
  caller: Caller
  stopping: AbortController
  /** Filled with what an institution failed to do, the first few. */
  errors: string[]
}): (name: string) => CityContext {
  const { gatewayUrl, speed, stopping, errors, board, caller } = parts
  const timers = new Set<NodeJS.Timeout>()
  stopping.signal.addEventListener('abort', () => {
    for (const timer of timers) clearTimeout(timer)
  })
  const failed = (name: string, error: unknown) => {
    if (!stopping.signal.aborted && errors.length < MAX_ERRORS_KEPT) errors.push(`${name}: ${String(error)}`)
  }
  const push = openPush({ gatewayUrl, caller, board, stopping: stopping.signal })
  return (name) => ({
    board,
    random: createRandom(`${parts.seed} ${name}`),
    gatewayUrl,
    speed,
    push,
    later(ms, action) {
      if (stopping.signal.aborted) return
      const timer = setTimeout(async () => {
        timers.delete(timer)
        try {
          await action()
        } catch (error) {
          failed(name, error)
        }
      }, ms / speed)
      timers.add(timer)
    },
  })
}
