// Members or text to the bytes a platform reads: JSON, XML, plain text, a form or one field of it, in its charset.
// A character that GBK lacks is written by number where the form has a way to, so that no name is changed.

import { decode, encode, encodeWhole } from '../../src/adapter-kit/charset.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { percentBytes } from '../../src/adapter-kit/percent-bytes.ts'
import { isMembers } from './members.ts'
import type { XmlSettings } from './settings.ts'
import { xmlWriter } from './xml-write.ts'

type Form = 'json' | 'xml' | 'text' | 'form'

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

const FORM_TYPE = 'application/x-www-form-urlencoded'

const usualTypes: Readonly<Record<Form, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  text: 'text/plain',
  form: FORM_TYPE,
}

/** @param beside members that go with the value, such as its signature: into JSON, or as fields of a form */
type Render = (value: unknown, beside?: Readonly<Record<string, string>>) => Rendered

/** Made once for each place that speaks. */
export function renderer({ form, charset, xml = {}, contentType, formField }: Rendering): Render {
  const write = xmlWriter(xml, charset)
  const type = contentType ?? (formField === undefined ? usualTypes[form] : FORM_TYPE)
  const typed = (body: Buffer): Rendered => ({ contentType: `${type}; charset=${charset}`, body })
  return (value, beside = {}) => {
    if (form === 'form') return typed(formOf({ ...(isMembers(value) ? value : {}), ...beside }, charset))
    if (formField === undefined)
      return typed(
        encode(textOf(isMembers(value) ? { ...value, ...beside } : value, form, charset, write), charset),
      )
    return typed(formOf({ [formField]: textOf(value, form, charset, write), ...beside }, charset))
  }
}

/** What is no text goes as JSON; what is left out says nothing. */
function formOf(fields: Readonly<Record<string, unknown>>, charset: Charset): Buffer {
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return `${percent(whole(name, charset), charset)}=${percent(whole(text, charset), charset)}`
    })
  return Buffer.from(pairs.join('&'))
}

/** A field of a form has no way to write what its charset lacks. */
function whole(text: string, charset: Charset): Buffer {
  const bytes = encodeWhole(text, charset)
  if (bytes) return bytes
  throw new AdapterFailure(
    'unrecognised',
    `表单内容含有 ${charset} 没有的字符，可改用 gb18030 (the form holds a character that ${charset} lacks: use gb18030 where the platform can)`,
    { sent: false },
  )
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
const percent = (bytes: Buffer, charset: Charset): string =>
  percentBytes(bytes, charset, (one) => (/[A-Za-z0-9._*-]/.test(one) ? one : undefined))
