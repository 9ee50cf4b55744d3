// Everything one try needs: the adapter with its settings pointed at a local server, the real client, canned files.

import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Adapter, AdapterManifest, Attempt, AttemptFiles, StoredFile } from '../contract.ts'
import { GIVEN_KEY, GIVEN_NOW, givenFiles } from '../givens.ts'
import { originsIn } from '../origins.ts'
import { systemHttpClient } from '../system-client.ts'

export interface Stage {
  adapter: Adapter
  attempt(options?: { number?: number; signal?: AbortSignal }): Attempt
  close(): Promise<void>
}

const TIMEOUT_MS = 5_000

/** @param origin where every address of the settings leads instead */
export function setStage(manifest: AdapterManifest, settings: unknown, origin: string): Stage {
  const local = redirected(settings, originsIn(manifest.settings, settings), origin)
  const adapter = manifest.create(local)
  const client = systemHttpClient(manifest, local, { timeoutMs: TIMEOUT_MS, connections: 2 })
  const files = cannedFiles()
  return {
    adapter,
    attempt: ({ number = 1, signal = new AbortController().signal } = {}) => ({
      signal,
      http: client.forAttempt(signal),
      key: GIVEN_KEY,
      number,
      now: () => GIVEN_NOW,
      files,
    }),
    async close() {
      await adapter.close?.()
      await client.close()
    },
  }
}

function redirected(value: unknown, origins: readonly string[], origin: string): unknown {
  if (typeof value === 'string') return origins.reduce((text, one) => text.replaceAll(one, origin), value)
  if (Array.isArray(value)) return value.map((one) => redirected(one, origins, origin))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, redirected(one, origins, origin)]),
  )
}

/** The files of givens.ts, and whatever is stored beside them, in memory. */
export function cannedFiles(): AttemptFiles {
  const stored = new Map(givenFiles)
  return {
    open: async (sha256) => {
      const bytes = stored.get(sha256)
      if (!bytes) throw new Error(`no file ${sha256}`)
      return Readable.from([bytes])
    },
    link: (file: StoredFile) => `https://gateway.example/v1/files/${file.sha256}`,
    store: async (bytes, about) => {
      const content = await collect(bytes, about.maxBytes)
      const sha256 = hash('sha256', content, 'hex')
      stored.set(sha256, content)
      return { sha256, size: content.length, mediaType: about.mediaType, fileName: about.fileName }
    },
  }
}

async function collect(bytes: Readable | Buffer, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of Buffer.isBuffer(bytes) ? [bytes] : bytes) pieces.push(Buffer.from(piece))
  const content = Buffer.concat(pieces)
  if (content.length > maxBytes) throw new Error(`more than ${maxBytes} bytes`)
  return content
}
