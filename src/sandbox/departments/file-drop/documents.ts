// The department's own reading and writing of files: JSON in UTF-8, or XML in GB18030 as its older systems have it.
// Strict: what is not exactly that is refused. Shares nothing with the gateway's adapter.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import iconv from 'iconv-lite'

export type FileFormat = 'json' | 'xml'
type Fields = Record<string, unknown>

/** Undefined when the bytes are no document of that format. */
export function readDocument(bytes: Buffer, format: FileFormat): Fields | undefined {
  try {
    const document: unknown = format === 'json' ? JSON.parse(utf8(bytes)) : readXml(bytes)
    return isFields(document) ? document : undefined
  } catch {
    return undefined
  }
}

const utf8 = (bytes: Buffer): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

const lists: Readonly<Record<string, string>> = { materials: 'material', files: 'file', events: 'item' }
const numbers = new Set(['size', 'round', 'number', 'limitDays'])

function readXml(bytes: Buffer): unknown {
  const text = new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  if (!/^<\?xml [^>]*encoding="GB18030"/.test(text) || XMLValidator.validate(text) !== true) return undefined
  const parser = new XMLParser({ ignoreDeclaration: true, parseTagValue: false, ignoreAttributes: true })
  const [root] = Object.values(parser.parse(text) as Fields)
  return typed(root, '')
}

/** XML knows only texts: lists and numbers are known by their names. */
function typed(value: unknown, name: string): unknown {
  const single = lists[name]
  if (single) return [(value as Fields)[single] ?? []].flat().map((one) => typed(one, ''))
  if (name === 'formData') return isFields(value) ? value : {}
  if (isFields(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typed(one, key)]))
  return numbers.has(name) ? Number(value) : value
}

export function writeDocument(document: Fields, root: string, format: FileFormat): Buffer {
  if (format === 'json') return Buffer.from(JSON.stringify(document))
  return iconv.encode(`<?xml version="1.0" encoding="GB18030"?>\n${element(root, document)}`, 'gb18030')
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value))
    return `<${name}>${value.map((one) => element(lists[name] ?? 'item', one)).join('')}</${name}>`
  if (!isFields(value)) return `<${name}>${escaped(String(value))}</${name}>`
  return `<${name}>${Object.entries(value)
    .map(([key, one]) => element(key, one))
    .join('')}</${name}>`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
