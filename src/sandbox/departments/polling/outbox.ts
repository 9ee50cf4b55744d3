// Reports in the order in which they were made, each kept until somebody asks for what comes after it.

interface Outbox {
  /** Resolves once the report was acknowledged; rejects when the outbox closes. */
  put(report: unknown): Promise<void>
  /**
   * What comes after a cursor; everything up to it is acknowledged and forgotten. A cursor of the future is of an
   * earlier life of the city: then it begins again.
   */
  after(cursor: number, most: number): { items: unknown[]; cursor: string; more: boolean }
  close(): void
}

interface Waiting {
  number: number
  report: unknown
  taken(): void
  given(up: Error): void
}

export function openOutbox(): Outbox {
  let made = 0
  let closed = false
  const waiting: Waiting[] = []
  const stopped = () => new Error('the city stops')
  return {
    put: (report) =>
      new Promise((taken, given) => {
        if (closed) given(stopped())
        else waiting.push({ number: ++made, report, taken, given })
      }),
    after(given, most) {
      const cursor = given > made ? 0 : given
      const still = waiting.findIndex(({ number }) => number > cursor)
      for (const one of waiting.splice(0, still === -1 ? waiting.length : still)) one.taken()
      const page = waiting.slice(0, most)
      return {
        items: page.map(({ report }) => report),
        cursor: String(page.at(-1)?.number ?? made),
        more: waiting.length > page.length,
      }
    },
    close() {
      closed = true
      for (const one of waiting.splice(0)) one.given(stopped())
    },
  }
}
