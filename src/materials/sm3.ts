// SM3 beside SHA-256, off the main thread. The worker reads each file as it grows, from the page cache, so no byte
// is copied between threads and a slow hash never holds up the upload. One worker for a store, started when needed.

import { Worker } from 'node:worker_threads'

export type Sm3Order =
  | { type: 'start'; id: number; path: string }
  | { type: 'grown'; id: number; size: number }
  | { type: 'finish'; id: number }
  | { type: 'cancel'; id: number }

export interface Sm3Answer {
  id: number
  /** Lower-case hex. */
  digest?: string
  fault?: string
}

/** The hashing of one growing file. Exactly one of `finish` and `cancel` ends it. */
export interface Sm3Hash {
  /** `size` bytes of the file have been written by now. */
  grown(size: number): void
  finish(): Promise<string>
  cancel(): void
}

interface Sm3Hasher {
  follow(path: string): Sm3Hash
  close(): Promise<void>
}

interface Waiting {
  resolve: (digest: string) => void
  reject: (error: Error) => void
}

export function openSm3Hasher(): Sm3Hasher {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0

  function settle({ id, digest, fault }: Sm3Answer): void {
    const caller = waiting.get(id)
    waiting.delete(id)
    if (digest === undefined) caller?.reject(new Error(`SM3: ${fault ?? 'no digest'}`))
    else caller?.resolve(digest)
    if (waiting.size === 0) worker?.unref()
  }

  function lose(cause: Error): void {
    worker = undefined
    for (const caller of waiting.values()) caller.reject(new Error('SM3: the worker died', { cause }))
    waiting.clear()
  }

  function start(): Worker {
    const started = new Worker(new URL('./sm3-worker.ts', import.meta.url))
    started.on('message', settle).on('error', lose)
    started.unref()
    return started
  }

  const tell = (order: Sm3Order) => {
    worker ??= start()
    worker.postMessage(order)
  }

  return {
    follow(path) {
      const id = ++lastId
      tell({ type: 'start', id, path })
      return {
        grown: (size) => tell({ type: 'grown', id, size }),
        cancel: () => tell({ type: 'cancel', id }),
        finish: () =>
          new Promise((resolve, reject) => {
            waiting.set(id, { resolve, reject })
            tell({ type: 'finish', id })
            worker?.ref()
          }),
      }
    },
    async close() {
      await worker?.terminate()
      worker = undefined
    },
  }
}
