// Work that comes round again and again, in one process of the installation: the one that leads.

import { isPassing } from '../ledger/database.ts'

export interface Rounds {
  /** Ends after the round under way, which is told by its signal. */
  close(): Promise<void>
}

export interface RoundsDeps {
  leads(): Promise<boolean>
  everyMs: number
  /** The first round begins now, not after `everyMs`. */
  atOnce?: boolean
  /** What is done; `what` names it where it fails. It is done again at its time, whatever came of it. */
  round(signal: AbortSignal): Promise<void>
  what: string
  fault(message: string, error: unknown): void
}

/** One that cannot be told keeps nobody else waiting; while the database is away nobody can be, and that is thrown. */
export async function tellEach<T, R>(
  all: readonly T[],
  tell: (one: T) => Promise<R>,
  fault: (one: T, error: unknown) => void,
): Promise<R[]> {
  const told = await Promise.allSettled(all.map(tell))
  return told.flatMap((one, i) => {
    if (one.status === 'fulfilled') return [one.value]
    if (isPassing(one.reason)) throw one.reason
    fault(all[i]!, one.reason)
    return []
  })
}

export function startRounds({ leads, everyMs, atOnce, round, what, fault }: RoundsDeps): Rounds {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let under: Promise<void> = Promise.resolve()

  async function once(): Promise<void> {
    try {
      if (await leads()) await round(stop.signal)
    } catch (error) {
      if (!stop.signal.aborted) fault(what, error)
    }
    if (!stop.signal.aborted) again()
  }

  function again(): void {
    timer = setTimeout(() => {
      under = once()
    }, everyMs)
    timer.unref()
  }

  if (atOnce) under = once()
  else again()
  return {
    async close() {
      stop.abort(new Error('shutting down'))
      clearTimeout(timer)
      await under
    },
  }
}
