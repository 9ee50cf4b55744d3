// Characters of XML: from references to characters and back. Knows the five names of XML 1.0 and numbers, nothing else.
// What XML cannot carry is refused, never dropped.

import { decode, encode } from '../../../src/adapter-kit/charset.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'

const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));|&/g

/**
 * Text as meant.
 * @throws AdapterFailure 'unrecognised' for an entity of a DTD, or a character that XML cannot hold
 */
export function plainText(written: string): string {
  const text = written.includes('&') ? written.replace(REFERENCE, meant) : written
  if (!isXmlText(text)) throw unreadable('XML 含有非法字符 (holds a character that XML cannot hold)')
  return text
}

function meant(_all: string, name?: string, decimal?: string, hex?: string): string {
  if (name !== undefined) return names[name] ?? ''
  const point = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16)
  if (!(point > 0 && point <= 0x10ffff)) throw unreadable('XML 含有未声明的实体 (uses an entity)')
  return String.fromCodePoint(point)
}

/** Char of XML 1.0, 5th edition. */
export function isXmlText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
  return text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)
}

export interface XmlWriter {
  /** Fit to stand between tags and between double quotes. */
  text(value: string): string
  /** An element with this content, which is markup already. */
  element(name: string, content: string, attributes?: Readonly<Record<string, string | undefined>>): string
  /** The whole text as CDATA; what the charset lacks must have been referenced within it. */
  cdata(markup: string): string
}

/** Writes for a charset: characters that it lacks go as numeric references, so that no rare name is spoilt. */
export function xmlWriter(charset: Charset): XmlWriter {
  const text = (value: string) => legible(escaped(value), charset)
  return {
    text,
    element(name, content, attributes = {}) {
      const pairs = Object.entries(attributes).map(([key, value]) =>
        value === undefined ? '' : ` ${key}="${text(value)}"`,
      )
      return `<${name}${pairs.join('')}>${content}</${name}>`
    },
    cdata: (markup) => `<![CDATA[${markup.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`,
  }
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

function escaped(value: string): string {
  if (!isXmlText(value)) {
    const what = '内容含有 XML 无法承载的字符 (holds a character that XML cannot hold)'
    throw new AdapterFailure('unrecognised', what, { sent: false })
  }
  return value.replace(/[&<>"'\t\n\r]/g, (character) => escapes[character] ?? '')
}

function legible(markup: string, charset: Charset): string {
  if (charset !== 'gbk' || decode(encode(markup, charset), charset) === markup) return markup
  return [...markup].map((one) => (inGbk(one) ? one : `&#x${one.codePointAt(0)?.toString(16)};`)).join('')
}

const inGbk = (character: string) => decode(encode(character, 'gbk'), 'gbk') === character

function unreadable(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', what)
}
