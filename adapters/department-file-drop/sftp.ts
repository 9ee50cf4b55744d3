// The transport to an SFTP server (SSH_FXP version 3, with OpenSSH's fsync and posix-rename where they are offered).
// Names travel as UTF-8: the library underneath knows no other, so a name in another charset counts as unreadable.

import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Drop, Entry, Listed, Transport } from './drop.ts'
import { codeOf, fileFault, lost } from './faults.ts'
import type { SftpSettings } from './settings.ts'
import { keepSession, type Session } from './sftp-connection.ts'

const PIECE = 128 * 1024
export const DEFAULT_REQUEST_MS = 30_000
const NO_SUCH_FILE = 'SSH_2'
const FAILURE = 'SSH_4'

export function sftpTransport(settings: SftpSettings): Transport {
  const keeper = keepSession(settings)
  const base = settings.path ?? '.'
  return {
    open: async (signal) => {
      const session = await keeper.session(signal)
      return sftpDrop({ session, signal, requestMs: settings.requestMs ?? DEFAULT_REQUEST_MS, base })
    },
    close: keeper.close,
  }
}

interface Line {
  session: Session
  signal: AbortSignal
  requestMs: number
  base: string
}

type Done<T> = (error?: Error | null | undefined, answer?: T) => void

/** One request. Silence cuts the connection: an answer that comes later must not be taken for another's. */
function ask<T = void>(
  line: Line,
  doing: string,
  start: (sftp: SFTPWrapper, done: Done<T>) => void,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const silent = AbortSignal.timeout(line.requestMs)
  const stop = AbortSignal.any([line.signal, line.session.ended, silent])
  const stopped = () => {
    if (silent.aborted) line.session.cut()
    reject(lost(doing, stop.reason))
  }
  if (stop.aborted) {
    stopped()
    return promise
  }
  stop.addEventListener('abort', stopped, { once: true })
  start(line.session.sftp, (error, answer) => {
    if (!error) resolve(answer as T)
    else if (codeOf(error).startsWith('SSH_')) reject(fileFault(doing, codeOf(error), error))
    else reject(lost(doing, error))
  })
  return promise.finally(() => stop.removeEventListener('abort', stopped))
}

function sftpDrop(line: Line): Drop {
  const at = (path: string): string => (path.startsWith('/') ? path : `${line.base}/${path}`)
  return {
    list: (directory, limit) => list(line, at(directory), limit),
    stat: (path) => stat(line, at(path)),
    read: (path) => read(line, at(path)),
    write: (path, bytes) => write(line, at(path), bytes),
    rename: (from, to, replace) => rename(line, at(from), at(to), replace),
    remove: (path) =>
      absentIs(
        ask(line, '删除 (removing)', (sftp, done) => sftp.unlink(at(path), done)),
        undefined,
      ),
  }
}

async function list(line: Line, directory: string, limit: number): Promise<Listed> {
  const doing = '列目录 (listing)'
  const handle = await ask<Buffer>(line, doing, (sftp, done) => sftp.opendir(directory, done))
  const listed: Listed = { entries: [], unreadableNames: 0 }
  try {
    for (let seen = 0; seen < limit; ) {
      const page = await nextPage(line, doing, handle)
      if (!page) break
      seen += page.length
      for (const { filename, attrs } of page) {
        if (!attrs.isFile()) continue
        if (filename.includes('\uFFFD')) listed.unreadableNames++
        else listed.entries.push(entryOf(filename, attrs))
      }
    }
  } finally {
    await closeHandle(line, handle)
  }
  return listed
}

const END_OF_LIST = 'SSH_1'

async function nextPage(
  line: Line,
  doing: string,
  handle: Buffer,
): Promise<FileEntryWithStats[] | undefined> {
  try {
    return await ask<FileEntryWithStats[]>(line, doing, (sftp, done) => sftp.readdir(handle as never, done))
  } catch (error) {
    if (error instanceof AdapterFailure && error.code === END_OF_LIST) return undefined
    throw error
  }
}

function entryOf(name: string, { size, mtime }: Pick<Stats, 'size' | 'mtime'>): Entry {
  return { name: name.slice(name.lastIndexOf('/') + 1), size, mtimeMs: mtime * 1000 }
}

async function stat(line: Line, path: string): Promise<Entry | null> {
  const asked = ask<Stats>(line, '查看文件 (looking at a file)', (sftp, done) => sftp.lstat(path, done))
  const stats = await absentIs(asked, null)
  return stats?.isFile() ? entryOf(path, stats) : null
}

async function* read(line: Line, path: string): AsyncGenerator<Buffer> {
  const doing = '读取文件 (reading a file)'
  const handle = await ask<Buffer>(line, doing, (sftp, done) => sftp.open(path, 'r', done))
  try {
    for (let position = 0; ; ) {
      const piece = Buffer.allocUnsafe(PIECE)
      const count = await ask<number>(line, doing, (sftp, done) =>
        sftp.read(handle, piece, 0, PIECE, position, (error, bytesRead) => {
          if (error && codeOf(error) === END_OF_LIST) done(null, 0)
          else done(error, bytesRead)
        }),
      )
      if (!count) return
      position += count
      yield piece.subarray(0, count)
    }
  } finally {
    await closeHandle(line, handle)
  }
}

async function write(line: Line, path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  const doing = '写入文件 (writing a file)'
  const handle = await ask<Buffer>(line, doing, (sftp, done) => sftp.open(path, 'w', done))
  try {
    let position = 0
    for await (const piece of bytes) {
      await ask(line, doing, (sftp, done) => sftp.write(handle, piece, 0, piece.length, position, done))
      position += piece.length
    }
    await sync(line, doing, handle)
  } finally {
    await closeHandle(line, handle)
  }
}

/** The library throws at once where the server does not offer fsync; then the close must do. */
async function sync(line: Line, doing: string, handle: Buffer): Promise<void> {
  await ask(line, doing, (sftp, done) => {
    try {
      sftp.ext_openssh_fsync(handle, done)
    } catch {
      done()
    }
  })
}

/** Nothing more can be done about a handle that will not close; the connection's end frees it. */
async function closeHandle(line: Line, handle: Buffer): Promise<void> {
  const calm = { ...line, signal: new AbortController().signal }
  await ask(calm, '关闭文件 (closing a file)', (sftp, done) => sftp.close(handle, done)).catch(
    () => undefined,
  )
}

async function rename(line: Line, from: string, to: string, replace: boolean): Promise<boolean> {
  const doing = '改名 (renaming)'
  if (!replace && (await stat(line, to))) return false
  try {
    if (replace && (await replaced(line, doing, from, to))) return true
    if (replace)
      await absentIs(
        ask(line, doing, (sftp, done) => sftp.unlink(to, done)),
        undefined,
      )
    await ask(line, doing, (sftp, done) => sftp.rename(from, to, done))
    return true
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    if (error.code === FAILURE && !replace && (await stat(line, to))) return false
    if (error.code === NO_SUCH_FILE && !(await stat(line, from))) return false
    throw error
  }
}

/** posix-rename@openssh.com: atomic, replacing. False where the server has it not. */
async function replaced(line: Line, doing: string, from: string, to: string): Promise<boolean> {
  return ask<boolean>(line, doing, (sftp, done) => {
    try {
      sftp.ext_openssh_rename(from, to, (error) => done(error, true))
    } catch {
      done(null, false)
    }
  })
}

async function absentIs<T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof AdapterFailure && error.code === NO_SUCH_FILE) return otherwise
    throw error
  }
}
