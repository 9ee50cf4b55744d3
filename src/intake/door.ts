// How many submissions are in work at once. One in work is some forty kilobytes of objects that the collector moves about for
// as long as it waits for its commit; one at the door is a request. So no more come in than the ledger writes in its next
// commits, and what departments tell us and what is under way to them goes first.

import { problem } from './problems.ts'

export interface Door {
  /** Runs `work` when its turn has come. @throws problem `unavailable` when too many wait already */
  pass<T>(work: () => Promise<T>): Promise<T>
}

export interface DoorOptions {
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
  waiting: number
}

const usual: DoorLimits = { atOnce: 128, always: 16, waiting: 10_000 }

export function createDoor({ pending, answers, observe, limits = usual }: DoorOptions): Door {
  const line: (() => void)[] = []
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

  async function enter(): Promise<void> {
    admit()
    if (line.length === 0 && hasRoom()) {
      inside++
      return
    }
    if (line.length >= limits.waiting) throw problem('unavailable')
    const turn = new Promise<void>((resolve) => line.push(resolve))
    observe(line.length)
    await turn
  }

  return {
    async pass(work) {
      await enter()
      try {
        return await work()
      } finally {
        inside--
        admit()
      }
    },
  }
}
