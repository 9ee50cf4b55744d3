// The transport to an SFTP server (SSH_FXP version 3, with OpenSSH's fsync and posix-rename where they are offered).
// Names travel as bytes of the configured charset; one in another charset counts as unreadable.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import type { Drop, Entry, Listed, Matters, Transport } from './drop.ts'
import { bytesOfName, nameOfBytes } from './file-names.ts'
import type { SftpSettings } from './settings.ts'
import { askedAhead } from './sftp-ahead.ts'
import {
  absentIs,
  ask,
  closeHandle,
  done,
  handle,
  type Line,
  looked,
  type Named,
  NO_SUCH_FILE,
  offers,
  page,
  unlessEnd,
} from './sftp-ask.ts'
import { keepSession } from './sftp-connection.ts'
import { read, write } from './sftp-content.ts'
import { type Attributes, requests } from './sftp-packets.ts'

const DEFAULT_REQUEST_MS = 30_000
const FAILURE = 'SSH_4'

const POSIX_RENAME = 'posix-rename@openssh.com'

/** @param fileNames the charset of file names on the server */
export function sftpTransport(settings: SftpSettings, fileNames: Charset): Transport {
  const keeper = keepSession(settings)
  const base = settings.path ?? '.'
  return {
    open: async (signal) => {
      const session = await keeper.session(signal)
      return sftpDrop({
        session,
        signal,
        requestMs: settings.requestMs ?? DEFAULT_REQUEST_MS,
        base,
        fileNames,
      })
    },
    close: keeper.close,
  }
}

function sftpDrop(line: Line): Drop {
  const at = (path: string): Buffer =>
    bytesOfName(path.startsWith('/') ? path : `${line.base}/${path}`, line.fileNames)
  return {
    list: async (directory, limit, wanted, matters = () => true) =>
      list(line, at(directory), limit, wanted, matters),
    reach: async (directory) => reach(line, at(directory)),
    stat: async (path) => stat(line, at(path), path),
    read: (path) => read(line, at(path)),
    write: async (path, bytes) => write(line, at(path), bytes),
    rename: async (from, to, replace) => rename(line, at(from), at(to), replace),
    remove: async (path) => remove(line, '删除 (removing)', at(path)),
  }
}

async function list(
  line: Line,
  directory: Buffer,
  limit: number,
  wanted: (name: string) => boolean,
  matters: Matters,
): Promise<Listed> {
  const doing = '列目录 (listing)'
  const opened = await ask(line, doing, requests.opendir, [directory], handle)
  const listed: Listed = { entries: [], unreadableNames: 0 }
  try {
    for await (const found of askedAhead(() => nextPage(line, doing, opened))) {
      for (const { bytes, attributes } of found) {
        if (attributes.isFile === false) continue
        const name = nameOfBytes(bytes, line.fileNames)
        if (name === undefined) listed.unreadableNames++
        else if (wanted(name)) {
          const entry = await entryFound(line, directory, { bytes, attributes }, name)
          if (entry && matters(entry)) listed.entries.push(entry)
        }
      }
      if (listed.entries.length >= limit) break
    }
  } finally {
    await closeHandle(line, opened)
  }
  listed.entries.splice(limit)
  return listed
}

/** Some servers tell the kind of a file only to who asks for it. */
async function entryFound(
  line: Line,
  directory: Buffer,
  { bytes, attributes }: Named,
  name: string,
): Promise<Entry | null> {
  if (attributes.isFile) return entryOf(name, attributes)
  return stat(line, Buffer.concat([directory, Buffer.from('/'), bytes]), name)
}

async function reach(line: Line, directory: Buffer): Promise<void> {
  const doing = '查看目录 (looking at a directory)'
  await closeHandle(line, await ask(line, doing, requests.opendir, [directory], handle))
}

const nextPage = (line: Line, doing: string, opened: Buffer): Promise<Named[] | undefined> =>
  unlessEnd(ask(line, doing, requests.readdir, [opened], page))

function entryOf(name: string, { size, mtime }: Attributes): Entry {
  return { name: name.slice(name.lastIndexOf('/') + 1), size: size ?? 0, mtimeMs: mtime * 1000 }
}

/** What a server does not call a file, and nothing else either, is taken for one: it can still fail to open. */
async function stat(line: Line, path: Buffer, name: string): Promise<Entry | null> {
  const found = await looked(line, path)
  return found && found.isFile !== false ? entryOf(name, found) : null
}

async function remove(line: Line, doing: string, path: Buffer): Promise<void> {
  await absentIs(ask(line, doing, requests.remove, [path], done), undefined)
}

async function rename(line: Line, from: Buffer, to: Buffer, replace: boolean): Promise<boolean> {
  const doing = '改名 (renaming)'
  if (!replace && (await stat(line, to, ''))) return false
  try {
    if (replace && offers(line, POSIX_RENAME)) {
      await ask(line, doing, requests.extended, [POSIX_RENAME, from, to], done)
      return true
    }
    if (replace) {
      // Another process may have moved it: what lies at `to` may be just that.
      if (!(await stat(line, from, ''))) return false
      await remove(line, doing, to)
    }
    await ask(line, doing, requests.rename, [from, to], done)
    return true
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    if (error.code === FAILURE && !replace && (await stat(line, to, ''))) return false
    if (error.code === NO_SUCH_FILE && !(await stat(line, from, ''))) return false
    throw error
  }
}
