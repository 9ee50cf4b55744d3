// How a file appears: whole or not at all. Written under a temporary name, on the disk, then renamed.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Drop } from './drop.ts'
import { unrecognised } from './faults.ts'
import { TEMPORARY } from './layout.ts'

/** Replaces a file of that name: only for names that nobody takes yet (no manifest), and for acknowledgements. */
export async function place(drop: Drop, path: string, bytes: AsyncIterable<Buffer> | Buffer): Promise<void> {
  const temporary = `${path}${TEMPORARY}`
  await writeAside(drop, temporary, Buffer.isBuffer(bytes) ? once(bytes) : bytes)
  if (await drop.rename(temporary, path, true)) return
  // Gone with its directory: a manifest must not follow that names a file which is not there.
  throw new AdapterFailure(
    'unavailable',
    '写好的文件在改名前消失，目录可能被移走 (a file was gone before it got its name; its directory may have been taken away)',
    { sent: false },
  )
}

/** What was begun and failed is taken away again, if that is possible; a later try empties it otherwise. */
export async function writeAside(drop: Drop, path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  try {
    await drop.write(path, bytes)
  } catch (error) {
    await drop.remove(path).catch(() => undefined)
    throw error
  }
}

export async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

/**
 * The whole file in memory.
 * @throws AdapterFailure 'unrecognised' as soon as it is longer than `maxBytes`
 */
export async function readWhole(drop: Drop, path: string, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of drop.read(path)) {
    size += piece.length
    if (size > maxBytes)
      throw unrecognised(`文件超过 ${maxBytes} 字节 (the file has more than ${maxBytes} bytes)`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces, size)
}

/** Null when it is not there. */
export async function readIfThere(drop: Drop, path: string, maxBytes: number): Promise<Buffer | null> {
  return (await drop.stat(path)) && unlessGone(readWhole(drop, path, maxBytes))
}

/** Null when it was taken away after it was seen. */
export async function unlessGone<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read
  } catch (error) {
    if (error instanceof AdapterFailure && (error.code === 'ENOENT' || error.code === 'SSH_2')) return null
    throw error
  }
}
