// What an attempt makes of files that it does not get: a folder that was taken away comes back, a file that is not there
// or not what it was needs a person. And nothing that is not what the applicant gave leaves.

import { renameSync, truncateSync, unlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { attemptTransfer } from '../../src/delivery/attempt.ts'
import { attemptTools } from '../../src/delivery/attempt-tools.ts'
import type { MaterialStoreOptions } from '../../src/materials/store.ts'
import { openTempStore, roomy } from '../materials/setup.ts'
import { leasedOnce, systemWith, tools } from './scene.ts'

const TEXT = 'the applicant’s own words'.repeat(1_000)

/** A store with one file, and a system that is sent it. */
async function stage(t: Test, options: MaterialStoreOptions = roomy) {
  const { folder, store } = await openTempStore(t, roomy)
  const { sha256 } = await store.put(Readable.from([Buffer.from(TEXT)]), { maxBytes: 1e6 })
  const names = await readdir(join(folder, 'objects'), { recursive: true })
  const path = join(folder, 'objects', names.find((name) => name.endsWith(sha256))!)
  const kept = options === roomy ? store : await fullAt(t, options)
  const { files } = attemptTools({ store: kept, ledger: {} } as never)
  const arrived: string[] = []
  const attempt = (send: (attempt: Attempt) => Promise<unknown>) =>
    attemptTransfer(
      leasedOnce(),
      systemWith({
        submitCase: {
          find: async () => null,
          send: async (_, attempt) => {
            await send(attempt)
            return {}
          },
        },
      }),
      { ...tools, files },
      new AbortController().signal,
    )
  const read = async ({ files }: Attempt) => {
    let text = ''
    for await (const piece of await files.open(sha256)) text += piece
    arrived.push(text)
  }
  return { folder, path, sha256, attempt, read, arrived }
}

const fullAt = async (t: Test, options: MaterialStoreOptions) => (await openTempStore(t, options)).store

t.test('what is read is what was given', async (t) => {
  const { attempt, read, arrived } = await stage(t)
  t.match(await attempt(read), { delivered: {} })
  t.strictSame(arrived, [TEXT])
})

t.test('a folder that was taken away is waited for', async (t) => {
  const { attempt, read, folder } = await stage(t)
  renameSync(folder, `${folder}-away`)
  t.match(await attempt(read), { failure: { kind: 'unavailable', message: /MATERIALS_URL.*材料库/ } })
  renameSync(`${folder}-away`, folder)
  t.match(await attempt(read), { delivered: {} })
})

t.test('that a body could not be read on its way is told as what it was', async (t) => {
  const { attempt, read, folder } = await stage(t)
  renameSync(folder, `${folder}-away`)
  const result = await attempt(async (attempt) => {
    const cause: unknown = await read(attempt).catch((error: unknown) => error)
    throw new AdapterFailure('uncertain', 'POST /cases got no whole answer', { cause })
  })
  renameSync(`${folder}-away`, folder)
  t.match(result, { failure: { kind: 'unavailable', sent: true, message: /cannot be reached \(ENOENT\)/ } })
})

t.test('a file that is not there waits for a person', async (t) => {
  const { attempt, read, path, sha256 } = await stage(t)
  unlinkSync(path)
  t.match(await attempt(read), { bug: { message: new RegExp(`no such file in the store: ${sha256}`) } })
})

t.test('a file that was cut off is handed to nobody', async (t) => {
  const { attempt, read, path, arrived, sha256 } = await stage(t)
  truncateSync(path, 100)
  t.match(await attempt(read), { bug: { message: new RegExp(`have changed: ${sha256}`) } })
  t.strictSame(arrived, [])
})

t.test('a result that finds no room is asked for again', async (t) => {
  const { attempt } = await stage(t, { measure: async () => ({ freeBytes: 1, totalBytes: 1e13 }) })
  const result = await attempt(({ files }) =>
    files.store(Buffer.from(TEXT), { fileName: 'a.pdf', mediaType: 'application/pdf', maxBytes: 1e6 }),
  )
  t.match(result, { failure: { kind: 'unavailable', message: /no room/ } })
})
