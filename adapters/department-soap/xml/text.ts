// Markup for a charset. What XML cannot carry is refused, never dropped.

import { decode, encode } from '../../../src/adapter-kit/charset.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import type { Charset } from '../../../src/adapter-kit/http.ts'
import { escapedXml } from '../../../src/adapter-kit/xml-text.ts'

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

function escaped(value: string): string {
  const text = escapedXml(value)
  if (text !== undefined) return text
  const what = '内容含有 XML 无法承载的字符 (holds a character that XML cannot hold)'
  throw new AdapterFailure('unrecognised', what, { sent: false })
}

function legible(markup: string, charset: Charset): string {
  if (charset !== 'gbk' || decode(encode(markup, charset), charset) === markup) return markup
  return [...markup].map((one) => (inGbk(one) ? one : `&#x${one.codePointAt(0)?.toString(16)};`)).join('')
}

const inGbk = (character: string) => decode(encode(character, 'gbk'), 'gbk') === character
