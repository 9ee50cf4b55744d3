// The finished files of a folder store, two levels of folders deep so that no folder grows large. What was
// found damaged lies beside them as <sha256>.damaged. Names become durable here: the folder is flushed before
// `adopt` and `touch` resolve.

import { createHash } from 'node:crypto'
import { createReadStream, open as openDescriptor } from 'node:fs'
import { mkdir, open, readdir, rename, stat, unlink, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { asStoreFailure, isGone, isMaterialFailure, missing, unreachable } from './failures.ts'
import type { ByteRange, FileFacts, Kept } from './store.ts'

// A bare descriptor: a FileHandle that nobody closes ends the whole process when the collector finds it.
const openForReading = promisify(openDescriptor)

const READ_BYTES = 256 * 1024
const SHA256 = /^[0-9a-f]{64}$/

/** `aside` is on the same file system. */
export async function openObjects(root: string, aside: string) {
  await mkdir(root, { recursive: true, mode: 0o700 })
  await mkdir(aside, { recursive: true, mode: 0o700 })
  await flushFolder(dirname(root))
  /** Folders whose own names are known to be on disk. */
  const durable = new Set<string>()

  function pathOf(sha256: string): string {
    if (!SHA256.test(sha256)) throw new TypeError('a SHA-256 in lower-case hex is needed')
    return join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  }

  /** A parent is flushed too, unless this process has done so: another upload may have made the folder just now. */
  async function flushName(path: string): Promise<void> {
    const folder = dirname(path)
    const parent = dirname(folder)
    const unsure = [...(durable.has(folder) ? [] : [parent]), ...(durable.has(parent) ? [] : [root])]
    await Promise.all([folder, ...unsure].map(flushFolder))
    durable.add(folder).add(parent)
  }

  /** Two levels and no more: made anew, a root that was taken away would be in the way when it is put back. */
  async function makeFolder(folder: string): Promise<boolean> {
    try {
      return await makeOne(folder)
    } catch (error) {
      if (!isGone(error)) throw error
      await makeOne(dirname(folder))
      return makeOne(folder)
    }
  }

  function forget(path: string): void {
    durable.delete(dirname(path))
    durable.delete(dirname(dirname(path)))
  }

  /** Gives a finished, flushed file its name for good. */
  async function adopt(from: string, sha256: string): Promise<void> {
    const path = pathOf(sha256)
    if (await makeFolder(dirname(path))) forget(path)
    await rename(from, path)
    await flushName(path)
  }

  /** True when the file is kept already; it then counts as stored now, so that no collector takes it for old. */
  async function touch({ sha256, size }: Kept): Promise<boolean> {
    if ((await factsOf(sha256))?.size !== size) return false
    const path = pathOf(sha256)
    const now = new Date()
    try {
      await utimes(path, now, now)
    } catch (error) {
      return none(error, false)
    }
    await flushName(path)
    return true
  }

  async function factsOf(sha256: string): Promise<FileFacts | null> {
    try {
      const { size, mtime } = await stat(pathOf(sha256))
      return { sha256, size, storedAt: mtime }
    } catch (error) {
      return none(error, null)
    }
  }

  async function openObject(sha256: string, range?: ByteRange): Promise<Readable> {
    try {
      const fd = await openForReading(pathOf(sha256), 'r')
      return createReadStream('', { fd, highWaterMark: READ_BYTES, ...range })
    } catch (error) {
      if (!isGone(error)) throw asStoreFailure(error)
      await mustBeThere(error)
      throw missing(error, sha256)
    }
  }

  /** Of a folder that was taken away no file is there, and none is missing. */
  async function mustBeThere(gone: unknown): Promise<void> {
    await stat(aside).catch(() => {
      throw unreachable(gone)
    })
  }

  /** @throws MaterialFailure `unavailable` where nothing is known of any file */
  async function factsHere(sha256: string): Promise<FileFacts | null> {
    const facts = await factsOf(sha256).catch((error: unknown) => {
      throw asStoreFailure(error)
    })
    if (facts === null) await mustBeThere({ code: 'ENOENT' })
    return facts
  }

  async function verify(sha256: string): Promise<'intact' | 'damaged' | 'missing'> {
    const hash = createHash('sha256')
    try {
      for await (const chunk of await openObject(sha256)) hash.update(chunk)
    } catch (error) {
      if (isMaterialFailure(error) && error.materialFailure === 'missing') return 'missing'
      throw error
    }
    return hash.digest('hex') === sha256 ? 'intact' : 'damaged'
  }

  async function setAside(sha256: string): Promise<string | null> {
    if ((await verify(sha256)) !== 'damaged') return null
    const to = `${pathOf(sha256)}.damaged`
    await rename(pathOf(sha256), to)
    await flushName(to)
    return to
  }

  async function remove(sha256: string): Promise<boolean> {
    try {
      await unlink(pathOf(sha256))
      return true
    } catch (error) {
      return none(error, false)
    }
  }

  /**
   * Moved aside first and judged there: whoever stored the same bytes before the move has renewed its time, and it is put
   * back; whoever does so after it finds no file and stores its own.
   */
  async function collect(sha256: string, storedBefore: Date): Promise<boolean> {
    const moved = join(aside, sha256)
    try {
      await rename(pathOf(sha256), moved)
      const { mtime } = await stat(moved)
      if (mtime >= storedBefore) {
        await adopt(moved, sha256)
        return false
      }
      await unlink(moved)
      return true
    } catch (error) {
      return none(error, false)
    }
  }

  /** What a process that died while it judged has left aside. */
  async function putBack(): Promise<void> {
    for (const sha256 of await readdir(aside)) {
      if (!SHA256.test(sha256)) continue
      await adopt(join(aside, sha256), sha256).catch((error) => none(error, undefined))
    }
  }

  async function* list(): AsyncGenerator<FileFacts, void> {
    const folders = await readdir(root)
    // Begins anywhere, so that whoever stops early does not always see the same.
    const from = Math.floor(Math.random() * folders.length)
    for (const first of [...folders.slice(from), ...folders.slice(0, from)]) {
      for (const second of await readdir(join(root, first))) {
        for (const sha256 of await readdir(join(root, first, second))) {
          const facts = SHA256.test(sha256) ? await factsOf(sha256) : null
          if (facts !== null) yield facts
        }
      }
    }
  }

  await putBack()
  return { adopt, touch, collect, stat: factsHere, open: openObject, verify, setAside, remove, list }
}

/** False where it is there already. */
async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function none<T>(error: unknown, answer: T): T {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return answer
  throw error
}

async function flushFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r')
  await handle.sync()
}
