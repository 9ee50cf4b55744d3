// What a file holds, over SFTP: read and written with several requests under way, and proved to be there as
// it was written.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { askedAhead, sendingAhead } from './sftp-ahead.ts'
import {
  ask,
  askInTurn,
  closed,
  closeHandle,
  data,
  done,
  handle,
  type Line,
  looked,
  offers,
  unlessEnd,
} from './sftp-ask.ts'
import { openFlags, requests } from './sftp-packets.ts'

const KIB = 1024
/** What every server must take (draft-ietf-secsh-filexfer-02, section 3). */
const PIECE = 32 * KIB
const FSYNC = 'fsync@openssh.com'

export async function* read(line: Line, path: Buffer): AsyncGenerator<Buffer> {
  const doing = '读取文件 (reading a file)'
  const opened = await ask(line, doing, requests.open, [path, openFlags.read, 0], handle)
  const pieceAt = async (position: number, most: number) => {
    const where = [opened, BigInt(position), most]
    const bytes = await unlessEnd(askInTurn(line, doing, requests.read, where, data))
    return bytes?.length ? { position, bytes } : undefined
  }
  let next = 0
  const nextPiece = () => {
    next += PIECE
    return pieceAt(next - PIECE, PIECE)
  }
  try {
    for await (const { position, bytes } of askedAhead(nextPiece)) {
      yield bytes
      // A server may give less than was asked for, and the rest of the piece was asked for by nobody.
      for (let got = bytes.length; got < PIECE; ) {
        const rest = await pieceAt(position + got, PIECE - got)
        if (!rest) return
        yield rest.bytes
        got += rest.bytes.length
      }
    }
  } finally {
    await closeHandle(line, opened)
  }
}

const WRITING = '写入文件 (writing a file)'

export async function write(line: Line, path: Buffer, bytes: AsyncIterable<Buffer>): Promise<void> {
  const flags = openFlags.write | openFlags.create | openFlags.truncate
  const opened = await ask(line, WRITING, requests.open, [path, flags, 0], handle)
  const size = await writeAll(line, opened, bytes).catch(async (error: unknown) => {
    await closeHandle(line, opened)
    throw error
  })
  // Some servers tell only here that the disk was full, and some not even here.
  await closed(line, opened)
  const lies = await looked(line, path)
  if (lies?.size !== undefined && lies.size !== size) throw otherSize()
}

/** Resolves with how many bytes there were. */
async function writeAll(line: Line, opened: Buffer, bytes: AsyncIterable<Buffer>): Promise<number> {
  const sending = sendingAhead()
  let position = 0
  for await (const whole of bytes) {
    for (let at = 0; at < whole.length; at += PIECE) {
      const piece = whole.subarray(at, at + PIECE)
      const fields = [opened, BigInt(position), piece]
      await sending.add(() => askInTurn(line, WRITING, requests.write, fields, done))
      position += piece.length
    }
  }
  await sending.all()
  // Where the server does not offer fsync the close must do.
  if (offers(line, FSYNC)) await ask(line, WRITING, requests.extended, [FSYNC, opened], done)
  return position
}

function otherSize(): AdapterFailure {
  const sentence = `${WRITING}: 写入后大小不符，可能磁盘已满 (it has not the size that was written, perhaps a full disk)`
  return new AdapterFailure('unavailable', sentence, { sent: false, code: 'SIZE' })
}
