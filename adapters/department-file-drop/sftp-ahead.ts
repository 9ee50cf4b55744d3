// Several requests under way at once: a server far away answers sixteen nearly as soon as one.

/** Few enough that a line of 20 KB/s answers the last of them in the usual time for one request. */
const MOST_AHEAD = 16

/** Lets so many requests of a connection through at once, whosever they are; the others wait for their turn. */
export interface Window {
  through<T>(ask: () => Promise<T>): Promise<T>
}

export function windowOf(most = MOST_AHEAD): Window {
  let free = most
  const waiting: (() => void)[] = []
  return {
    async through(ask) {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await ask()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else free++
      }
    },
  }
}

/**
 * Asks on before the answers are there, and hands these on in order; ends with the first that has nothing. It
 * begins with one request, so that what is small costs no more.
 */
export async function* askedAhead<T>(askNext: () => Promise<T | undefined>): AsyncGenerator<T> {
  const ahead: Promise<T | undefined>[] = []
  for (let width = 1; ; width = Math.min(2 * width, MOST_AHEAD)) {
    while (ahead.length < width) ahead.push(calm(askNext()))
    const answer = await ahead.shift()
    if (answer === undefined) return
    yield answer
  }
}

/** Takes requests whose answers only say that they were done. */
interface Sending {
  /** Resolves when there is room for another. @throws what an earlier one failed with */
  add(request: () => Promise<void>): Promise<void>
  /** Resolves when all are done. */
  all(): Promise<void>
}

export function sendingAhead(): Sending {
  const ahead: Promise<void>[] = []
  return {
    async add(request) {
      if (ahead.length >= MOST_AHEAD) await ahead.shift()
      ahead.push(calm(request()))
    },
    async all() {
      await Promise.all(ahead)
    },
  }
}

/** Nobody may be there any more to hear that it failed. */
function calm<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => undefined)
  return asked
}
