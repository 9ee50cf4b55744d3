// How many submissions are in work at once. One in work is some forty kilobytes of objects that the collector
// moves about for as long as it waits for its commit; one at the door is a request. So no more come in than
// the ledger writes in its next commits, and what departments tell us and what is under way to them goes
// first. Whoever waits keeps its body in memory: places and bytes are divided among the clients that wait, so
// that none takes the place of the others.

import { problem } from '../http/problems.ts'

interface Door {
  /**
   * Runs `work` when its turn has come. @throws problem `unavailable` when its client has its share of those
   * who wait already
   * @param bytes of the body that is kept until then
   */
  pass<T>(client: string, bytes: number, work: () => Promise<T>): Promise<T>
}

interface DoorOptions {
  /** Events that wait for their commit or are in one. */
  pending(): number
  /** False while PostgreSQL is known not to answer: whoever comes is let in, and told so. */
  answers(): boolean
  /** How many wait, whenever that changes. */
  observe(waiting: number): void
  limits?: DoorLimits
}

interface DoorLimits {
  /** In work, or waiting for a commit, whichever are more. */
  atOnce: number
  /** In work at least, however much else waits for a commit. */
  always: number
  /** One client's, while no other waits; of two that wait half of it each, and so on. */
  waiting: number
  /** In the same way; of bodies. */
  waitingBytes: number
}

/** What one client has waiting. */
interface Held {
  places: number
  bytes: number
}

const usual: DoorLimits = { atOnce: 128, always: 16, waiting: 10_000, waitingBytes: 256 * 1024 * 1024 }

export function createDoor({ pending, answers, observe, limits = usual }: DoorOptions): Door {
  const line: (() => void)[] = []
  /** One for each client, made once: nothing is made for a request. */
  const heldBy = new Map<string, Held>()
  let clientsWaiting = 0
  let inside = 0

  const hasRoom = (): boolean =>
    inside < limits.always || Math.max(inside, pending()) < limits.atOnce || !answers()

  function admit(): void {
    const before = line.length
    while (line.length > 0 && hasRoom()) {
      inside++
      line.shift()!()
    }
    if (line.length !== before) observe(line.length)
  }

  function heldOf(client: string): Held {
    const known = heldBy.get(client)
    if (known) return known
    const held = { places: 0, bytes: 0 }
    heldBy.set(client, held)
    return held
  }

  /** Whoever has nothing waiting may always wait. */
  function hasShare({ places, bytes }: Held, more: number): boolean {
    if (places === 0) return true
    return places < limits.waiting / clientsWaiting && bytes + more <= limits.waitingBytes / clientsWaiting
  }

  /** Null where there is room at once. */
  function enter(client: string, bytes: number): Promise<void> | null {
    admit()
    if (line.length > 0 || !hasRoom()) return itsTurn(heldOf(client), bytes)
    inside++
    return null
  }

  async function itsTurn(held: Held, bytes: number): Promise<void> {
    if (!hasShare(held, bytes)) throw problem('unavailable')
    if (held.places++ === 0) clientsWaiting++
    held.bytes += bytes
    const turn = new Promise<void>((resolve) => line.push(resolve))
    observe(line.length)
    await turn
    held.bytes -= bytes
    if (--held.places === 0) clientsWaiting--
  }

  return {
    async pass(client, bytes, work) {
      const turn = enter(client, bytes)
      if (turn) await turn
      try {
        return await work()
      } finally {
        inside--
        admit()
      }
    },
  }
}
