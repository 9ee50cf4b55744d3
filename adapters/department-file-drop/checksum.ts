// The sums that manifests carry: SHA-256, SM3 (GB/T 32905) where commercial cryptography is demanded, or MD5 of older
// exchanges. Whether two sets are the same is always told by SHA-256.

import { createHash, hash } from 'node:crypto'

export const checksums = ['sha256', 'sm3', 'md5'] as const
export type Checksum = (typeof checksums)[number]

export const checksumNames: Readonly<Record<Checksum, string>> = {
  sha256: 'SHA-256',
  sm3: 'SM3',
  md5: 'MD5',
}

/** Hexadecimal digits. */
export const checksumLength: Readonly<Record<Checksum, number>> = { sha256: 64, sm3: 64, md5: 32 }

export const sumOfBytes = (bytes: Buffer, checksum: Checksum): string => hash(checksum, bytes, 'hex')

/** Passes the pieces on; when they have ended, `into` holds their sum and size. */
export async function* measuring(
  pieces: AsyncIterable<Buffer>,
  checksum: Checksum,
  into: { sum: string; size: number },
): AsyncGenerator<Buffer> {
  const sum = createHash(checksum)
  for await (const piece of pieces) {
    sum.update(piece)
    into.size += piece.length
    yield piece
  }
  into.sum = sum.digest('hex')
}

export async function sumOfStream(pieces: AsyncIterable<Buffer>, checksum: Checksum): Promise<string> {
  const sum = createHash(checksum)
  for await (const piece of pieces) sum.update(piece)
  return sum.digest('hex')
}
