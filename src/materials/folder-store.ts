// The material store in a local folder: objects/ab/cd/<sha256>, temp/ for what is still
// arriving, aside/ for what is just being judged. A file gets its
// name only after its bytes are on disk, and `put` resolves only after the name is too. It must never write into
// an object, only replace whole files by rename.

import { randomUUID } from 'node:crypto'
import { mkdir, open, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { asStoreFailure, isGone, materialFailure, unreachable } from './failures.ts'
import { type Place, type Space, spaceOf, watchRoom } from './free-space.ts'
import { openObjects } from './objects.ts'
import { openSm3Hasher } from './sm3.ts'
import type { Kept, MaterialStore, PutOptions } from './store.ts'
import { sweepFolder } from './sweep.ts'
import { writeDown } from './write-down.ts'

export interface FolderStoreOptions {
  /** Share of the file system below which no file is taken. Default 0.1. */
  minFreeShare?: number
  /** Measures the file system; the default asks statfs(2). */
  measure?: () => Promise<Space>
}

export async function openFolderStore(place: URL, options: FolderStoreOptions = {}): Promise<MaterialStore> {
  const root = fileURLToPath(place)
  const temp = join(root, 'temp')
  await mkdir(temp, { recursive: true, mode: 0o700 })
  const objects = await openObjects(join(root, 'objects'), join(root, 'aside'))
  const hasher = openSm3Hasher()
  const room = watchRoom({
    minFreeShare: options.minFreeShare ?? 0.1,
    measure: options.measure ?? (() => spaceOf(root)),
  })

  async function put(source: Readable, wanted: PutOptions): Promise<Kept> {
    source.on('error', ignore)
    if ((wanted.expectedBytes ?? 0) > wanted.maxBytes) throw materialFailure('too-large')
    const place = await room.enter(mostOf(wanted)).catch(inOurWords)
    const path = join(temp, randomUUID())
    try {
      return await receive(path, source, wanted, place)
    } catch (error) {
      await rm(path, { force: true }).catch(ignore)
      return inOurWords(error)
    } finally {
      place.leave()
    }
  }

  /** Bytes that are kept already are not flushed a second time. */
  async function receive(path: string, source: Readable, wanted: PutOptions, room: Place): Promise<Kept> {
    await using handle = await open(path, 'wx', 0o600)
    const sm3 = wanted.sm3 ? hasher.follow(path) : undefined
    try {
      const kept = await writeDown(handle, source, wanted, room, sm3)
      const keptBefore = await objects.touch(kept)
      // The worker opens the file by its name, so the hash comes before the name changes.
      const [digest] = await Promise.all([sm3?.finish(), keptBefore ? undefined : handle.sync()])
      await (keptBefore ? unlink(path) : objects.adopt(path, kept.sha256))
      return digest === undefined ? kept : { ...kept, sm3: digest }
    } catch (error) {
      sm3?.cancel()
      throw error
    }
  }

  return {
    put,
    open: objects.open,
    has: async (sha256) => (await objects.stat(sha256)) !== null,
    stat: objects.stat,
    remove: objects.remove,
    collect: objects.collect,
    list: objects.list,
    verify: objects.verify,
    setAside: objects.setAside,
    sweepTemp: (olderThanMs) => sweepFolder(temp, olderThanMs),
    space: room.space,
    close: hasher.close,
  }
}

/** A form's parts do not say how long they are; the form does. */
function mostOf({ expectedBytes, atMostBytes, maxBytes }: PutOptions): number | undefined {
  return expectedBytes ?? (atMostBytes === undefined ? undefined : Math.min(atMostBytes, maxBytes))
}

/** Of a new file, what is not there is the folder. */
function inOurWords(error: unknown): never {
  throw isGone(error) ? unreachable(error) : asStoreFailure(error)
}

/** An error that comes while nobody listens would end the process; it is read from the source later. */
function ignore(): void {}
