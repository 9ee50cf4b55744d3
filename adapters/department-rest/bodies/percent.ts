// Percent-encoding of what becomes part of a path or query (RFC 3986, 2.1), over the bytes of the system's own charset.

import type { Charset } from '../../../src/adapter-kit/http.ts'
import { percentBytes } from '../../../src/adapter-kit/percent-bytes.ts'
import { wholeBytes } from './lacking.ts'
import { unfit } from './unfit.ts'

const UNRESERVED = /[A-Za-z0-9._~-]/

/** @throws AdapterFailure 'unrecognised', surely not sent, for a character that the charset lacks */
export function percentEncoded(text: string, charset: Charset): string {
  if (!text.isWellFormed()) throw unfit('内容含有无法编码的字符 (holds a character that cannot be encoded)')
  if (charset === 'utf-8') return encodeURIComponent(text)
  return percentBytes(wholeBytes(text, charset), charset, (one) => (UNRESERVED.test(one) ? one : undefined))
}
