// Percent-encoding over the bytes of a charset. All bytes of a character of GBK or GB18030 are escaped, though some of them
// are letters or digits (珺 is AC 42): Java's URLDecoder takes what is not escaped for a character of its own.

import type { Charset } from './http.ts'

/** @param plain what a character below 0x80 is written as; undefined: escaped */
export function percentBytes(
  bytes: Buffer,
  charset: Charset,
  plain: (character: string) => string | undefined,
): string {
  let out = ''
  /** Where the character that is being written ends. */
  let end = 0
  for (const [at, byte] of bytes.entries()) {
    if (at >= end && byte > SINGLE && charset !== 'utf-8') end = at + (isDigit(bytes[at + 1]) ? 4 : 2)
    const single = at >= end ? plain(String.fromCharCode(byte)) : undefined
    out += single ?? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

/** The last byte that is a character by itself. */
const SINGLE = 0x80
const isDigit = (byte = 0): boolean => byte >= 0x30 && byte <= 0x39
