// The transport to a folder of this machine or a mounted network drive. The only file of the adapter that uses node:fs.
// Never follows a symbolic link: whoever may write into the folder must not lead us out of it.

import { constants } from 'node:fs'
import { type FileHandle, link, lstat, open, opendir, readdir, rename, unlink } from 'node:fs/promises'
import type { Charset } from '../../src/adapter-kit/http.ts'
import type { Drop, Entry, Listed, Matters, Transport } from './drop.ts'
import { codeOf, fileFault, lost } from './faults.ts'
import { bytesOfName, nameOfBytes } from './file-names.ts'

const PIECE = 256 * 1024

/** @param fileNames the charset of file names on the disk */
export function localTransport(root: string, fileNames: Charset): Transport {
  return {
    open: async (signal) => localDrop(root, fileNames, signal),
    close: async () => undefined,
  }
}

function localDrop(root: string, fileNames: Charset, signal: AbortSignal): Drop {
  const at = (path: string): Buffer =>
    Buffer.concat([Buffer.from(root.endsWith('/') ? root : `${root}/`), bytesOfName(path, fileNames)])
  const guard = <T>(doing: string, work: () => Promise<T>) => guarded(signal, doing, work)
  return {
    list: (directory, limit, wanted, matters = () => true) =>
      guard('列目录 (listing)', () => list(at, { directory, fileNames, limit, wanted, matters })),
    reach: (directory) => guard('查看目录 (looking at a directory)', () => reach(at(directory))),
    stat: (path) => guard('查看文件 (looking at a file)', () => stat(at(path), path)),
    read: (path) => read(at(path), guard),
    write: (path, bytes) => write(at(path), bytes, guard),
    rename: (from, to, replace) =>
      guard('改名 (renaming)', async () => {
        const moved = await move(at(from), at(to), replace)
        if (moved) await syncDirectory(at(folderOf(to)))
        return moved
      }),
    remove: (path) => guard('删除 (removing)', () => absentIs(unlink(at(path)), undefined)),
  }
}

async function guarded<T>(signal: AbortSignal, doing: string, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw lost(doing, signal.reason)
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    throw /^E[A-Z0-9]+$/.test(code) ? fileFault(doing, code, error) : error
  }
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

interface Looking {
  directory: string
  fileNames: Charset
  limit: number
  wanted(name: string): boolean
  matters: Matters
}

/** Files whose times are asked for at once. */
const AT_ONCE = 64

async function list(at: (path: string) => Buffer, looking: Looking): Promise<Listed> {
  const { directory, limit, wanted, matters } = looking
  const { names, unreadableNames } = await namesIn(at(directory), looking.fileNames)
  const asked = names.filter(wanted)
  const entries: Entry[] = []
  for (let n = 0; n < asked.length && entries.length < limit; n += AT_ONCE) {
    const some = asked.slice(n, n + AT_ONCE).map((name) => stat(at(`${directory}/${name}`), name))
    entries.push(...(await Promise.all(some)).filter((entry) => entry !== null).filter(matters))
  }
  return { entries: entries.slice(0, limit), unreadableNames }
}

async function namesIn(directory: Buffer, fileNames: Charset) {
  const found = await readdir(directory, { withFileTypes: true, encoding: 'buffer' })
  const names = found
    .filter((one) => one.isFile())
    .map(({ name }) => nameOfBytes(Buffer.from(name), fileNames))
  const readable = names.filter((name) => name !== undefined)
  return { names: readable, unreadableNames: names.length - readable.length }
}

async function reach(directory: Buffer): Promise<void> {
  await (await opendir(directory)).close()
}

async function stat(path: Buffer, name: string): Promise<Entry | null> {
  const stats = await absentIs(lstat(path), null)
  if (!stats?.isFile()) return null
  return { name: name.slice(name.lastIndexOf('/') + 1), size: stats.size, mtimeMs: stats.mtimeMs }
}

type Guard = <T>(doing: string, work: () => Promise<T>) => Promise<T>

async function* read(path: Buffer, guard: Guard): AsyncGenerator<Buffer> {
  const doing = '读取文件 (reading a file)'
  const file = await guard(doing, () => open(path, constants.O_RDONLY | constants.O_NOFOLLOW))
  try {
    for (;;) {
      const { buffer, bytesRead } = await guard(doing, () => file.read(Buffer.allocUnsafe(PIECE), 0, PIECE))
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function write(path: Buffer, bytes: AsyncIterable<Buffer>, guard: Guard): Promise<void> {
  const doing = '写入文件 (writing a file)'
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants
  const file = await guard(doing, () => open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o664))
  try {
    for await (const piece of bytes) await guard(doing, () => writeWhole(file, piece))
    await guard(doing, () => file.sync())
  } finally {
    await file.close()
  }
}

async function writeWhole(file: FileHandle, piece: Buffer): Promise<void> {
  for (let written = 0; written < piece.length; )
    written += (await file.write(piece, written, piece.length - written)).bytesWritten
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** A hard link refuses to replace, which rename(2) does not; drives without links are looked at first. */
async function move(from: Buffer, to: Buffer, replace: boolean): Promise<boolean> {
  if (replace) return renamed(from, to)
  try {
    await link(from, to)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') return false
    if (code === 'ENOENT' && !(await absentIs(lstat(from), null))) return false
    if (!withoutLinks.has(code)) throw error
    return (await absentIs(lstat(to), null)) ? false : renamed(from, to)
  }
  await absentIs(unlink(from), undefined)
  return true
}

async function renamed(from: Buffer, to: Buffer): Promise<boolean> {
  if (!(await absentIs(lstat(from), null))) return false
  await rename(from, to)
  return true
}

async function absentIs<T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await asked
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return otherwise
    throw error
  }
}

/**
 * A new name is on the disk only with its directory. Some network drives cannot sync a directory: then the
 * name is enough.
 */
async function syncDirectory(path: Buffer): Promise<void> {
  try {
    const directory = await open(path, constants.O_RDONLY)
    await directory.sync().finally(() => directory.close())
  } catch (error) {
    if (!['EINVAL', 'EISDIR', 'EPERM', 'EACCES', 'ENOTSUP', 'EBADF'].includes(codeOf(error))) throw error
  }
}
