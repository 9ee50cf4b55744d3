// Keeps a public or often polled question from becoming a load on the database.

/** Calls `read` at most once in `ms`, one call at a time; callers meanwhile share its answer, or its failure. */
export function atMostEvery<T>(
  ms: number,
  read: () => Promise<T>,
  now: () => number = Date.now,
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
