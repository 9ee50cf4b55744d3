// Bytes to XML text. The Content-Type's charset decides; without one the XML declaration; without both the settings.
// Bytes that are not of that charset are refused, never replaced.

import { charsetOf, decode } from '../../../src/adapter-kit/charset.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'
import { refused } from './read.ts'

type Headers = Record<string, string | string[] | undefined>

const LONGEST_DECLARATION = 200

/** @throws AdapterFailure 'unrecognised' */
export function xmlTextOf(body: Buffer, headers: Headers, usual: Charset): string {
  const coding = headers['content-encoding']
  if (coding !== undefined && coding !== 'identity') throw refused('经过压缩 (came compressed, unasked)')
  const type = headers['content-type']
  const named = charsetOf(typeof type === 'string' ? type : undefined)
  const charset = named === undefined ? declared(body) : named
  const text = charset === null ? undefined : decode(body, charset ?? usual)
  if (text === undefined) throw refused('编码与所称不符 (is not of the charset it names)')
  return text
}

function declared(body: Buffer): Charset | null | undefined {
  const start = body.toString('latin1', 0, LONGEST_DECLARATION)
  const encoding = /^(?:\u00ef\u00bb\u00bf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)["']/.exec(start)?.[1]
  return encoding === undefined ? undefined : charsetOf(`text/xml; charset=${encoding}`)
}
