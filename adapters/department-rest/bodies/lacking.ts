// Text whose charset has not every character: what it lacks is refused or written otherwise, never sent as a
// question mark.

import { encode, encodeWhole } from '../../../src/adapter-kit/charset.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'
import { unfit } from './unfit.ts'

/** How a character that the charset lacks is written instead. */
type Instead = (character: string) => string

const NOT_ASCII = /[\u{80}-\u{10ffff}]/gu

/** @throws AdapterFailure 'unrecognised', surely not sent, for a character that the charset lacks */
export function wholeBytes(text: string, charset: Charset): Buffer {
  const bytes = encodeWhole(text, charset)
  if (bytes) return bytes
  throw unfit(`内容含有 ${charset} 没有的字符 (the text holds a character that ${charset} lacks)`)
}

export function bytesWith(text: string, charset: Charset, instead: Instead): Buffer {
  return encodeWhole(text, charset) ?? encode(rewritten(text, charset, instead), charset)
}

export function rewritten(text: string, charset: Charset, instead: Instead): string {
  if (charset === 'utf-8') return text
  return text.replace(NOT_ASCII, (one) => (encodeWhole(one, charset) ? one : instead(one)))
}
