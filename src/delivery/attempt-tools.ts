// What an attempt may do with files, and how its content is put together: the submission from memory, or read anew.

import type { Readable } from 'node:stream'
import { Readable as ReadableStream } from 'node:stream'
import type { Attempt } from '../adapter-kit/contract.ts'
import type { Leased } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Links } from '../materials/links.ts'
import type { MaterialStore } from '../materials/store.ts'
import type { Settings } from '../settings/settings.ts'
import type { AttemptTools } from './attempt.ts'
import {
  type CatalogueNames,
  type ComposeDocument,
  compose,
  notification,
  settledContext,
} from './compose.ts'
import type { System } from './systems.ts'

export function attemptTools(parts: {
  ledger: Ledger
  store: MaterialStore
  links: Links
  settings: Pick<Settings, 'postal' | 'calendar' | 'city'>
  catalogues: CatalogueNames
}): AttemptTools {
  const { ledger, settings } = parts
  return {
    now: ledger.now,
    files: attemptFiles(parts.store, parts.links),
    async compose(leased) {
      const { transfer } = leased
      if ('event' in transfer.about) return notification(transfer.about)
      const { aggregate, document } = await whole(ledger, leased)
      return compose(transfer, {
        ...settledContext(settings, parts.catalogues),
        aggregate,
        document: document as ComposeDocument,
      })
    },
  }
}

/** What an adapter is handed for one attempt at its system: until `signal` is aborted, and under `key`. */
export const attemptAt = (
  system: System,
  { signal, key, number = 1 }: { signal: AbortSignal; key: string; number?: number },
  { now, files }: Pick<AttemptTools, 'now' | 'files'>,
): Attempt => ({
  signal,
  timeoutMs: system.settings.delivery.timeoutMs,
  http: system.http.forAttempt(signal),
  key,
  number,
  now,
  files,
})

async function whole(
  ledger: Ledger,
  leased: Leased,
): Promise<{ aggregate: NonNullable<Leased['aggregate']>; document: Record<string, unknown> }> {
  const { aggregate, submissionId } = leased
  if (aggregate)
    return { aggregate, document: leased.document ?? (await ledger.document(submissionId)) ?? {} }
  const read = await ledger.read(submissionId)
  if (!read) throw new Error(`submission ${submissionId} is not in the ledger`)
  return { aggregate: read.aggregate, document: read.document ?? {} }
}

function attemptFiles(store: MaterialStore, links: Links): Attempt['files'] {
  return {
    open: (sha256) => store.open(sha256),
    link: (file, seconds) => links.link(file, seconds),
    async store(bytes: Readable | Buffer, { fileName, mediaType, maxBytes }) {
      const source = Buffer.isBuffer(bytes) ? ReadableStream.from([bytes]) : bytes
      const { sha256, size } = await store.put(source, { maxBytes })
      return { sha256, size, mediaType, fileName }
    },
  }
}
