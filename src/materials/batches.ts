// Turns a stream into few large batches of chunks, so that disk and hash are called rarely, while the next batch
// arrives as the last is written. Bounded in bytes and in chunks: a sender of one-byte chunks gains nothing.
// It never destroys the source: an HTTP request must stay open for its answer.

import type { Readable } from 'node:stream'
import { materialFailure } from './failures.ts'

const KIB = 1024
const ENOUGH_BYTES = 256 * KIB
const FULL_BYTES = 512 * KIB
const FULL_CHUNKS = 1024

/** Throws the MaterialFailure `truncated` when the source fails, closes early, or the signal aborts. */
export async function* batchesOf(source: Readable, signal?: AbortSignal): AsyncGenerator<Buffer[], void> {
  const inbox = openInbox(source, signal)
  try {
    for (let batch = await inbox.take(); batch !== null; batch = await inbox.take()) yield batch
  } finally {
    inbox.close()
  }
}

interface Inbox {
  /** Null at the end of the stream. */
  take(): Promise<Buffer[] | null>
  close(): void
}

function openInbox(source: Readable, signal?: AbortSignal): Inbox {
  let held: Buffer[] = []
  let bytes = 0
  let ended = false
  let failure: Error | undefined
  let wake: (() => void) | undefined

  const isReady = () => failure !== undefined || ended || bytes >= ENOUGH_BYTES || held.length >= FULL_CHUNKS
  const notify = () => {
    if (wake !== undefined && isReady()) wake()
  }
  const onData = (chunk: Buffer | string) => {
    const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (data.length === 0) return
    held.push(data)
    bytes += data.length
    if (bytes >= FULL_BYTES || held.length >= FULL_CHUNKS) source.pause()
    notify()
  }
  const onEnd = () => {
    ended = true
    notify()
  }
  const fail = (cause?: unknown) => {
    if (!ended) failure ??= materialFailure('truncated', undefined, cause)
    notify()
  }
  const onClose = () => fail()
  const onAbort = () => fail(signal?.reason)

  source.on('error', fail).on('close', onClose).on('end', onEnd)
  signal?.addEventListener('abort', onAbort)
  if (source.destroyed || source.readableEnded) fail(source.errored ?? undefined)
  if (signal?.aborted) onAbort()
  source.on('data', onData)
  source.resume()

  return {
    async take() {
      while (!isReady()) await new Promise<void>((resolve) => (wake = resolve))
      wake = undefined
      if (failure !== undefined) throw failure
      if (held.length === 0) return null
      const batch = held
      held = []
      bytes = 0
      source.resume()
      return batch
    },
    close() {
      signal?.removeEventListener('abort', onAbort)
      source.off('data', onData).off('end', onEnd).off('close', onClose)
      source.pause()
    },
  }
}
