// Keeps a public or often polled question from becoming a load on the database, and what many meet at once from filling
// the log. By a clock that nobody sets: after a step back of the machine's, an old answer would be shared for as long.

/** Calls `read` at most once in `ms`, one call at a time; callers meanwhile share its answer, or its failure. */
export function atMostEvery<T>(
  ms: number,
  read: () => Promise<T>,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let answer: Promise<T> | undefined
  let freshUntil = 0
  return () => {
    if (answer === undefined || now() >= freshUntil) {
      freshUntil = Number.POSITIVE_INFINITY
      answer = read().finally(() => {
        freshUntil = now() + ms
      })
    }
    return answer
  }
}

/**
 * Null in place of a failure. `failed` is told of the first in a row: a question that is asked every few
 * seconds must not fill the log.
 */
export function orNull<T>(read: () => Promise<T>, failed: (error: unknown) => void): () => Promise<T | null> {
  let failing = false
  return async () => {
    try {
      const answer = await read()
      failing = false
      return answer
    } catch (error) {
      if (!failing) failed(error)
      failing = true
      return null
    }
  }
}

/** Whether something is news: true when nobody has met it for `ms`. */
export function newsAfter(ms: number, now: () => number = () => performance.now()): () => boolean {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const before = last
    last = now()
    return last - before > ms
  }
}
