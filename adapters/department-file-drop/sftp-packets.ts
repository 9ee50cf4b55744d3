// Packets of SSH_FXP version 3 (draft-ietf-secsh-filexfer-02), as far as files are exchanged, to bytes and back. Pure.
// Names are bytes on the wire, and departments write them in GBK; the libraries there are take them for UTF-8.

export const requests = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  opendir: 11,
  readdir: 12,
  remove: 13,
  rename: 18,
  extended: 200,
} as const
export const answers = { version: 2, status: 101, handle: 102, data: 103, name: 104, attrs: 105 } as const
export const statuses = { ok: 0, eof: 1, noSuchFile: 2, failure: 4 } as const
export const openFlags = { read: 0x01, write: 0x02, create: 0x08, truncate: 0x10 } as const

export const VERSION = 3

/** uint32, uint64, or a string: its length and its bytes. */
export type Field = number | bigint | Buffer | string

export function packetOf(type: number, fields: readonly Field[]): Buffer {
  const body = fields.flatMap(bytesOfField)
  const length = Buffer.alloc(5)
  length.writeUInt32BE(1 + body.reduce((sum, one) => sum + one.length, 0))
  length[4] = type
  return Buffer.concat([length, ...body])
}

function bytesOfField(field: Field): Buffer[] {
  if (typeof field === 'bigint') {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(field)
    return [bytes]
  }
  if (typeof field === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(field)
    return [bytes]
  }
  const bytes = Buffer.from(field)
  return [...bytesOfField(bytes.length), bytes]
}

/** Each read takes the next field; one that is not there throws RangeError. */
export interface Fields {
  number(): number
  long(): number
  bytes(): Buffer
  isOver(): boolean
}

export function fieldsOf(packet: Buffer): Fields {
  let at = 0
  const take = (length: number): Buffer => {
    if (at + length > packet.length) throw new RangeError('a packet of the SFTP server ends too early')
    at += length
    return packet.subarray(at - length, at)
  }
  const number = () => take(4).readUInt32BE()
  return {
    number,
    long: () => Number(take(8).readBigUInt64BE()),
    bytes: () => take(number()),
    isOver: () => at >= packet.length,
  }
}

export interface Attributes {
  /** A regular file: no directory, link or device. Undefined where the server does not say. */
  isFile: boolean | undefined
  size: number | undefined
  /** Whole seconds. */
  mtime: number
}

const attributeFlags = { size: 1, owner: 2, permissions: 4, times: 8, extended: 0x80000000 } as const
const S_IFMT = 0o170000
const S_IFREG = 0o100000

export function readAttributes(fields: Fields): Attributes {
  const flags = fields.number()
  const has = (flag: number): boolean => (flags & flag) !== 0
  const size = has(attributeFlags.size) ? fields.long() : undefined
  if (has(attributeFlags.owner)) [fields.number(), fields.number()]
  const type = has(attributeFlags.permissions) ? fields.number() & S_IFMT : 0
  const [, mtime = 0] = has(attributeFlags.times) ? [fields.number(), fields.number()] : []
  const more = has(attributeFlags.extended) ? fields.number() : 0
  for (let n = 0; n < more; n++) [fields.bytes(), fields.bytes()]
  return { isFile: type === 0 ? undefined : type === S_IFREG, size, mtime }
}

/** Larger than any packet that a server sends for what we ask. */
const LONGEST_PACKET = 1024 * 1024

/**
 * Packets out of the pieces of a stream, without their length.
 * @throws RangeError for a length that cannot be
 */
export function packetSplitter(take: (packet: Buffer) => void): (piece: Buffer) => void {
  let held: Buffer = Buffer.alloc(0)
  return (piece) => {
    held = held.length === 0 ? piece : Buffer.concat([held, piece])
    while (held.length >= 4) {
      const end = 4 + held.readUInt32BE()
      if (end > LONGEST_PACKET) throw new RangeError('a packet of the SFTP server is too large')
      if (held.length < end) return
      const packet = held.subarray(4, end)
      held = held.subarray(end)
      take(packet)
    }
  }
}
