// Bytes to XML text. The Content-Type's charset decides; without one the XML declaration; without both the settings.
// Bytes that are not of that charset are refused, never replaced.

import { charsetOf, decode } from '../../../src/adapter-kit/charset.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'
import { refusedXml } from '../../../src/adapter-kit/xml.ts'
import { declaredCharset } from '../../../src/adapter-kit/xml-members.ts'

type Headers = Record<string, string | string[] | undefined>

/** @throws AdapterFailure 'unrecognised' */
export function xmlTextOf(body: Buffer, headers: Headers, usual: Charset): string {
  const coding = headers['content-encoding']
  if (coding !== undefined && coding !== 'identity') throw refusedXml('经过压缩 (came compressed, unasked)')
  const type = headers['content-type']
  const named = charsetOf(typeof type === 'string' ? type : undefined)
  const charset = named === undefined ? declaredCharset(body) : named
  const text = charset === null ? undefined : decode(body, charset ?? usual)
  if (text === undefined) throw refusedXml('编码与所称不符 (is not of the charset it names)')
  return text
}
