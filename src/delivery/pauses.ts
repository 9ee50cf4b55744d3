// Pauses that stand in the ledger are obeyed in every process, and lifted in every process: by its gates,
// which transfers and questions pass alike, and by the queues. Looked at every second; looking twice does no
// harm.

import type { Ledger } from '../ledger/ledger.ts'
import { readPauses } from '../ledger/pauses.ts'
import { isEngineAway } from './engine-faults.ts'
import type { Queues } from './queue.ts'
import type { System } from './systems.ts'

export interface PausesDeps {
  ledger: Pick<Ledger, 'readers'>
  queues: Pick<Queues, 'pause' | 'resume'>
  systems: ReadonlyMap<string, System>
  observer: { fault(message: string, error: unknown): void }
  /** Default: a second. */
  everyMs?: number
}

interface Pauses {
  /** Ends after the look that is under way. */
  close(): Promise<void>
}

const EVERY_MS = 1_000

/** Resolves once every gate that is to be shut is shut. */
export async function obeyPauses(deps: PausesDeps): Promise<Pauses> {
  const { ledger, systems, observer, everyMs = EVERY_MS } = deps
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void>
  const tell = queueTeller(deps, () => closed)
  const isShut = ({ gate }: System): boolean => gate.state().paused !== null
  let shutBefore: ReadonlySet<string> = new Set()

  /**
   * A pause of the gate alone, seen for the first time, may not have reached the ledger yet: it is lifted by
   * the next look.
   */
  function obey(reasons: ReadonlyMap<string, string>): void {
    for (const system of systems.values()) {
      const reason = reasons.get(system.id)
      if (reason !== undefined) system.gate.pause(reason)
      else if (isShut(system) && shutBefore.has(system.id)) system.gate.resume()
    }
    shutBefore = new Set([...systems.values()].filter(isShut).map(({ id }) => id))
  }

  async function look(): Promise<void> {
    const reasons = await reasonsNow(ledger)
    obey(reasons)
    tell(new Set(reasons.keys()))
  }

  function again(): void {
    if (closed) return
    timer = setTimeout(next, everyMs).unref()
  }

  function next(): void {
    round = look()
      .catch((error) => observer.fault('obeying pauses', error))
      .finally(again)
  }

  obey(await reasonsNow(ledger))
  next()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await round
    },
  }
}

const reasonsNow = async ({ readers }: PausesDeps['ledger']): Promise<Map<string, string>> =>
  new Map((await readPauses(readers)).map(({ system, reason }) => [system, reason]))

/**
 * Tells each queue what has changed for it. An engine remembers pauses that were lifted while nobody ran, so
 * that at first all are told; one that is away holds up no gate, is told when it is back, and its connections say so.
 */
function queueTeller({ queues, systems, observer }: PausesDeps, closed: () => boolean) {
  const told = new Map<string, 'pause' | 'resume'>()
  let telling = false

  async function tellAll(paused: ReadonlySet<string>): Promise<void> {
    for (const id of systems.keys()) {
      const word = paused.has(id) ? 'pause' : 'resume'
      if (told.get(id) === word || closed()) continue
      await queues[word](id)
      told.set(id, word)
    }
  }

  return (paused: ReadonlySet<string>): void => {
    if (telling) return
    telling = true
    void tellAll(paused)
      .catch((error) => void (closed() || isEngineAway(error) || observer.fault('pausing queues', error)))
      .finally(() => {
        telling = false
      })
  }
}
