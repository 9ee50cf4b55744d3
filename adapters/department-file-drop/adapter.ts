// A department that exchanges files: what is asked of it is dropped, what it tells is picked up.

import { decode } from '../../src/adapter-kit/charset.ts'
import type { Adapter, Attempt, Contents, Outgoing } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { maskText, personsIn } from '../../src/adapter-kit/masking.ts'
import { checkDrop } from './check.ts'
import { deposit, lookFor } from './deposit.ts'
import type { Drop, Transport } from './drop.ts'
import { type Layout, layoutOf } from './layout.ts'
import { listDay } from './listing.ts'
import { localTransport } from './local.ts'
import type { DroppedContent } from './names.ts'
import { readPage } from './reading.ts'
import { archiveParts, linesOf, setOf } from './set.ts'
import { type DroppedOperation, droppedOperations, type FileDropSettings } from './settings.ts'
import { settleItems } from './settling.ts'
import { sftpTransport } from './sftp.ts'

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function createFileDrop(settings: FileDropSettings): Adapter {
  const layout = layoutOf(settings)
  const transport = transportOf(settings)
  return {
    outgoing: {
      submitCase: outgoingOf(transport, layout, 'submitCase'),
      supplementCase: outgoingOf(transport, layout, 'supplementCase'),
      withdrawCase: outgoingOf(transport, layout, 'withdrawCase'),
    },
    polling: {
      read: (_after, attempt) => at(transport, attempt, (drop) => readPage(drop, layout, attempt)),
      settle: (items, attempt) => at(transport, attempt, (drop) => settleItems(drop, layout, items, attempt)),
    },
    listing: {
      async *list(day, attempt) {
        yield* listDay(await transport.open(attempt.signal), layout, day)
      },
    },
    check: (attempt) => checked(transport, layout, attempt),
    preview: (operation, content, attempt) => preview(layout, operation, content, attempt),
    close: transport.close,
  }
}

function transportOf({ transport, fileNames }: FileDropSettings): Transport {
  const charset = fileNames ?? 'utf-8'
  return 'sftp' in transport
    ? sftpTransport(transport.sftp, charset)
    : localTransport(transport.folder.path, charset)
}

/** A stopped attempt ends as a failure of the transport: nothing of ours is whole before the manifest has its name. */
async function at<T>(transport: Transport, { signal }: Attempt, use: (drop: Drop) => Promise<T>): Promise<T> {
  try {
    return await use(await transport.open(signal))
  } catch (error) {
    if (error instanceof AdapterFailure || !signal.aborted) throw error
    throw new AdapterFailure('unavailable', '已中止 (stopped)', { sent: false, cause: error })
  }
}

/** Sending again is safe: the name is the key, and what lies there whole is found first. */
function outgoingOf<K extends DroppedOperation>(
  transport: Transport,
  layout: Layout,
  operation: K,
): Outgoing<Contents[K]> {
  return {
    honoursKey: true,
    async send(content, attempt) {
      const set = await setOf(layout, operation, content, attempt)
      return at(transport, attempt, (drop) => deposit(drop, layout, set, content, attempt))
    },
    async find(content, attempt) {
      const set = await setOf(layout, operation, content, attempt)
      return at(transport, attempt, (drop) => lookFor(drop, layout, set, content, attempt))
    },
  }
}

async function checked(transport: Transport, layout: Layout, attempt: Attempt) {
  try {
    return await at(transport, attempt, (drop) => checkDrop(drop, layout, attempt))
  } catch (error) {
    if (error instanceof AdapterFailure) return { ok: false, summary: error.message }
    throw error
  }
}

const isDropped = (operation: string): operation is DroppedOperation =>
  droppedOperations.includes(operation as DroppedOperation)

async function preview(
  layout: Layout,
  operation: string,
  content: unknown,
  attempt: Attempt,
): Promise<string[]> {
  if (!isDropped(operation)) return []
  const set = await setOf(layout, operation, content as DroppedContent, attempt)
  const parts = layout.zip ? await archiveParts(layout, set) : set.parts
  const files = (await linesOf(layout, parts)).map(
    ({ name, size, sum }) => `${name} ${size} bytes ${layout.checksum} ${sum}`,
  )
  const inside = layout.zip ? [`${layout.at('out', set.name)}:`, ...files.map((line) => `  ${line}`)] : files
  const written = layout.zip ? inside : files.map((line) => layout.at('out', line))
  const text = maskText(decode(set.document, layout.charset) ?? '', personsIn(content))
  return [...written, `${layout.at('out', set.name)}${layout.manifestSuffix}`, text]
}
