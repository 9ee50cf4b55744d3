// Text in the charsets that Chinese systems use. Decoding is strict: a wrong byte is an error, never a
// replacement character.

import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import type { Charset } from './http.ts'

const names: Readonly<Record<string, Charset>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  gbk: 'gbk',
  gb2312: 'gbk',
  'x-gbk': 'gbk',
  cp936: 'gbk',
  gb18030: 'gb18030',
}

/** The charset a Content-Type names: undefined when it names none, null when it names one we do not read. */
export function charsetOf(contentType: string | undefined): Charset | null | undefined {
  const name = contentType && /charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]
  return name ? (names[name.toLowerCase()] ?? null) : undefined
}

/** What servers name that nobody told what their programs write. */
const SAYS_NOTHING = /charset\s*=\s*"?(?:iso-8859-1|latin1|windows-1252)\b/i

/** The same of a system whose charset we know: what cannot be true of Chinese text counts as not said. */
export const charsetSaid = (contentType: string | undefined): Charset | null | undefined =>
  contentType && SAYS_NOTHING.test(contentType) ? undefined : charsetOf(contentType)

/**
 * What somebody sent whose `charset` we know: as its Content-Type says, or, where the bytes are not of that,
 * as we know better. Undefined when they are of neither, or the type names a charset that we do not read.
 */
export function decodeFrom(
  bytes: Buffer,
  contentType: string | undefined,
  charset: Charset,
): string | undefined {
  const named = charsetSaid(contentType)
  if (named === null) return undefined
  const text = named && decode(bytes, named)
  return text ?? (named === charset ? undefined : decode(bytes, charset))
}

/** Undefined when the bytes are not text of that charset. A byte order mark is dropped. */
export function decode(bytes: Buffer, charset: Charset): string | undefined {
  if (charset === 'utf-8') {
    if (!isUtf8(bytes)) return undefined
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
      ? bytes.toString('utf8', 3)
      : bytes.toString()
  }
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** GBK has no sign for what it lacks; use GB18030 where rare Han characters matter. */
export function encode(text: string, charset: Charset): Buffer {
  return charset === 'utf-8' ? Buffer.from(text) : iconv.encode(text, charset)
}

/** Undefined when the charset lacks a character of the text: the bytes would not read back as it. */
export function encodeWhole(text: string, charset: Charset): Buffer | undefined {
  const bytes = encode(text, charset)
  return charset === 'utf-8' || decode(bytes, charset) === text ? bytes : undefined
}
