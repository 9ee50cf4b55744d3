// application/x-www-form-urlencoded (WHATWG URL, 5.2), percent-encoding the bytes of the system's own charset.

import { encode } from '../../../src/adapter-kit/charset.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'
import { percentBytes } from '../../../src/adapter-kit/percent-bytes.ts'
import { fieldsOf } from './fields.ts'
import { unfit } from './unfit.ts'

type BytesOf = (text: string, charset: Charset) => Buffer

/**
 * Lists repeat their name; what is no text, number or truth value goes as JSON, as such interfaces expect it.
 * @param bytesOf says what becomes of characters that the charset lacks; by default a question mark
 */
export function formText(body: unknown, charset: Charset, bytesOf: BytesOf = encode): string {
  const write = (text: string): string => escaped(text, charset, bytesOf)
  return fieldsOf(body)
    .map(([name, value]) => `${write(name)}=${write(written(value))}`)
    .join('&')
}

/** A field's value as text. */
export function written(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function escaped(text: string, charset: Charset, bytesOf: BytesOf): string {
  if (!text.isWellFormed()) throw unfit('内容含有无法编码的字符 (holds a character that cannot be encoded)')
  if (charset === 'utf-8')
    return encodeURIComponent(text)
      .replace(/%20/g, '+')
      .replace(/[!'()~]/g, percent)
  return percentBytes(bytesOf(text, charset), charset, plain)
}

function plain(character: string): string | undefined {
  if (character === ' ') return '+'
  return /[A-Za-z0-9*._-]/.test(character) ? character : undefined
}

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
