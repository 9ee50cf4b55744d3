// Work on many things, some at a time: whoever is done takes the next.

/** Resolves when all are done; rejects with the first failure, after which nothing more is begun by whoever failed. */
export async function atOnce<T>(
  most: number,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const left = all.values()
  const worker = async (): Promise<void> => {
    for (const one of left) await work(one)
  }
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, worker))
}
