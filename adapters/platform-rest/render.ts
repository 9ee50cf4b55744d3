// Members or text to the bytes a platform reads: JSON, XML, plain text or a form field, in its charset.
// A character that GBK lacks is written by number where the form has a way to, so that no name is changed.

import { decode, encode } from '../../src/adapter-kit/charset.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { isMembers } from './members.ts'
import type { XmlSettings } from './settings.ts'
import { xmlWriter } from './xml-write.ts'

type Form = 'json' | 'xml' | 'text'

interface Rendering {
  form: Form
  charset: Charset
  xml?: XmlSettings
  /** Content-Type without charset, where it is not the usual one. */
  contentType?: string
  /** The document travels as this field of a URL-encoded form. */
  formField?: string
}

export interface Rendered {
  contentType: string
  body: Buffer
}

const usualTypes: Readonly<Record<Form, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  text: 'text/plain',
}

/** Made once for each place that speaks. */
export function renderer({
  form,
  charset,
  xml = {},
  contentType,
  formField,
}: Rendering): (value: unknown) => Rendered {
  const write = xmlWriter(xml, charset)
  const type =
    contentType ?? (formField === undefined ? usualTypes[form] : 'application/x-www-form-urlencoded')
  return (value) => {
    const bytes = encode(textOf(value, form, charset, write), charset)
    const body =
      formField === undefined ? bytes : Buffer.from(`${percent(Buffer.from(formField))}=${percent(bytes)}`)
    return { contentType: `${type}; charset=${charset}`, body }
  }
}

function textOf(
  value: unknown,
  form: Form,
  charset: Charset,
  write: (members: Record<string, unknown>) => string,
): string {
  if (form === 'json')
    return written(JSON.stringify(value ?? {}), charset, (unit) => `\\u${hex(unit).padStart(4, '0')}`)
  if (form === 'xml' && isMembers(value)) return writtenWhole(write(value), charset)
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** JSON: each half of a character beyond GBK by its own number. */
function written(text: string, charset: Charset, unit: (code: number) => string): string {
  if (charset !== 'gbk') return text
  return text.replace(BEYOND_ASCII, (one) =>
    fits(one) ? one : [...Array(one.length).keys()].map((i) => unit(one.charCodeAt(i))).join(''),
  )
}

function writtenWhole(text: string, charset: Charset): string {
  if (charset !== 'gbk') return text
  return text.replace(BEYOND_ASCII, (one) => (fits(one) ? one : `&#x${hex(one.codePointAt(0) ?? 0)};`))
}

const BEYOND_ASCII = /[\u0080-\u{10ffff}]/gu
const fits = (one: string): boolean => decode(encode(one, 'gbk'), 'gbk') === one
const hex = (code: number): string => code.toString(16)

/** application/x-www-form-urlencoded of bytes that need not be UTF-8. */
function percent(bytes: Buffer): string {
  return Array.from(bytes, (byte) => {
    const one = String.fromCharCode(byte)
    return /[A-Za-z0-9._*-]/.test(one) ? one : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}
