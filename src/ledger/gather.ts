// Group commit. What arrives while a commit is in flight is written together in the next one; an idle gateway
// commits at once, for there is no timer. If a batch fails, it is halved until the one that cannot be written
// fails alone: nobody pays for a neighbour's fault.

export interface Gatherer<I, O> {
  /** Resolves with this item's own outcome once it is durable. */
  submit(item: I): Promise<O>
  /** How many wait for a commit or are in one. */
  readonly pending: number
  /** Resolves when nothing is pending. */
  idle(): Promise<void>
}

export interface GatherOptions<I, O> {
  /** Writes a batch in one transaction; one outcome per item, in order. Rejects when nothing was written. */
  commit(items: readonly I[]): Promise<readonly O[]>
  maxBatch: number
  maxInFlight: number
  /** Items with the same key are not put in one batch (the second must see the first). */
  key?(item: I): string | undefined
  /** Items of one subject are not in two commits at once, but may be in one batch, in their order. */
  subject?(item: I): string | undefined
  /** True when halving cannot help: the database is away. */
  hopeless?(error: unknown): boolean
  observe?(size: number, ms: number): void
}

interface Waiting<I, O> {
  item: I
  subject: string | undefined
  resolve(outcome: O): void
  reject(error: unknown): void
}

export function createGatherer<I, O>(options: GatherOptions<I, O>): Gatherer<I, O> {
  let waiting: Waiting<I, O>[] = []
  let inFlight = 0
  let pending = 0
  let scheduled = false
  let idlers: (() => void)[] = []
  const inCommit = new Set<string>()

  function submit(item: I): Promise<O> {
    pending++
    return new Promise<O>((resolve, reject) => {
      waiting.push({ item, subject: options.subject?.(item), resolve, reject })
      schedule()
    })
  }

  // A turn of the event loop, so that requests read from one socket poll are gathered even when idle.
  function schedule(): void {
    if (scheduled || inFlight >= options.maxInFlight) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      start()
    })
  }

  function start(): void {
    if (inFlight >= options.maxInFlight || waiting.length === 0) return
    const batch = take()
    // All of them wait for a subject that is being committed; its end starts the next.
    if (batch.length === 0) return
    const subjects = batch.flatMap(({ subject }) => subject ?? [])
    for (const one of subjects) inCommit.add(one)
    inFlight++
    void write(batch).finally(() => {
      inFlight--
      pending -= batch.length
      for (const one of subjects) inCommit.delete(one)
      if (pending === 0) {
        for (const tell of idlers) tell()
        idlers = []
      }
      if (waiting.length > 0) schedule()
    })
    if (waiting.length > 0) schedule()
  }

  function take(): Waiting<I, O>[] {
    if (!options.key && !options.subject) return waiting.splice(0, options.maxBatch)
    const keys = new Set<string>()
    const batch: Waiting<I, O>[] = []
    const rest: Waiting<I, O>[] = []
    let i = 0
    for (; i < waiting.length && batch.length < options.maxBatch; i++) {
      const one = waiting[i]!
      const key = options.key?.(one.item)
      if (mustWait(one, key, keys)) rest.push(one)
      else batch.push(one)
    }
    waiting = rest.concat(waiting.slice(i))
    return batch
  }

  /** Of those that need not wait the key is now among `keys`. */
  function mustWait({ subject }: Waiting<I, O>, key: string | undefined, keys: Set<string>): boolean {
    if (subject !== undefined && inCommit.has(subject)) return true
    if (key === undefined) return false
    const before = keys.size
    return keys.add(key).size === before
  }

  async function write(batch: Waiting<I, O>[]): Promise<void> {
    const began = performance.now()
    try {
      const outcomes = await options.commit(batch.map((one) => one.item))
      options.observe?.(batch.length, performance.now() - began)
      batch.forEach((one, i) => {
        one.resolve(outcomes[i]!)
      })
    } catch (error) {
      if (batch.length === 1 || options.hopeless?.(error)) {
        for (const one of batch) one.reject(error)
        return
      }
      const half = batch.length >> 1
      await write(batch.slice(0, half))
      await write(batch.slice(half))
    }
  }

  return {
    submit,
    get pending() {
      return pending
    },
    idle: () => (pending === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  }
}
