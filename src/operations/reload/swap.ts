// The moment at which other systems stand under the ids. Nothing in it waits: whoever looks a system up sees all of
// the new configuration or none of it, and what is under way keeps what it began with.

import type { Logger } from 'pino'
import type { Delivery } from '../../delivery/delivery.ts'
import type { Queues } from '../../delivery/queue.ts'
import { retire, type System, takePlace } from '../../delivery/systems.ts'
import type { Prepared } from './prepare.ts'

export interface SwapDeps {
  /** The one live map: whoever wants a system looks it up here. */
  systems: Map<string, System>
  queues: Pick<Queues, 'open' | 'shut' | 'tune' | 'resume'>
  delivery: Pick<Delivery, 'join'>
  log: Pick<Logger, 'warn'>
}

interface Swapping {
  swap(prepared: Prepared): void
  /** Replaced systems that are still in use. */
  retiring(): readonly System[]
}

export function swapping({ systems, queues, delivery, log }: SwapDeps): Swapping {
  const retiring = new Set<System>()

  const sayWhyNot = (system: string) => (error: unknown) =>
    log.warn({ system, reason: (error as Error).message }, 'system.swap')

  function letGo(system: System, ended: Promise<void>): void {
    retiring.add(system)
    void ended.catch(sayWhyNot(system.id)).finally(() => retiring.delete(system))
  }

  function change(system: System): void {
    const before = systems.get(system.id)
    const ended = takePlace(systems, system)
    if (before) letGo(before, ended)
    queues.tune(system.id, system.settings.delivery.concurrency)
  }

  function add(system: System): void {
    queues.open(system.id)
    // An engine remembers a pause of a system that went and came back.
    if (system.gate.state().paused === null) queues.resume(system.id).catch(sayWhyNot(system.id))
    void takePlace(systems, system)
    delivery.join(system.id)
  }

  function remove(system: System): void {
    letGo(system, retire(system))
    queues.shut(system.id).catch(sayWhyNot(system.id))
  }

  return {
    swap({ changed, added, removed }) {
      changed.forEach(change)
      added.forEach(add)
      removed.forEach(remove)
    },
    retiring: () => [...retiring],
  }
}
