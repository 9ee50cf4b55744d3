// What a dialect says, as bytes on the wire: JSON, form, XML, text, or multipart with its files streamed.
// Must not know what is said.

import { encode } from '../../../src/adapter-kit/charset.ts'
import type { AttemptFiles } from '../../../src/adapter-kit/contract.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'
import type { BodyForm, Speech } from '../dialect.ts'
import { formText } from './form.ts'
import { bytesWith, wholeBytes } from './lacking.ts'
import { multipart } from './multipart.ts'
import { unfit } from './unfit.ts'
import { xmlText } from './xml.ts'

export type Body = { type: string; bytes: Buffer } | StreamedBody

export interface StreamedBody {
  type: string
  /** Bytes in all. */
  length: number
  /** From the beginning, each time it is asked. */
  open(): AsyncIterable<Buffer>
}

export interface BodyContext {
  charset: Charset
  /** The same for every try. */
  key: string
  /** What the operation is about: only its files may travel. */
  content: unknown
  files: AttemptFiles
}

/** @throws AdapterFailure 'unrecognised', surely not sent, for what the form cannot carry */
export function bodyOf({ as, body }: Speech, context: BodyContext): Body | undefined {
  if (body === undefined) return undefined
  const form = as ?? (typeof body === 'string' ? 'text' : 'json')
  if (form === 'multipart') return multipart(body, context)
  const { charset } = context
  return { type: `${types[form]}; charset=${charset}`, bytes: bytes[form](body, charset) }
}

type Text = Exclude<BodyForm, 'multipart'>

const types: Readonly<Record<Text, string>> = {
  json: 'application/json',
  text: 'text/plain',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
}

const bytes: Readonly<Record<Text, (body: unknown, charset: Charset) => Buffer>> = {
  json: (body, charset) => bytesWith(JSON.stringify(body), charset, jsonEscape),
  text: (body, charset) => {
    if (typeof body === 'string') return wholeBytes(body, charset)
    throw unfit('正文应为文本 (the body is not a text)')
  },
  form: (body, charset) => Buffer.from(formText(body, charset, wholeBytes)),
  xml: (body, charset) => encode(xmlText(body, charset), charset),
}

/** `\uXXXX` for each of its UTF-16 units. */
function jsonEscape(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
