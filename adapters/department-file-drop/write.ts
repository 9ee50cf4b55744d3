// A document as the bytes of a file: JSON, XML or CSV, in the department's charset. What the charset cannot write is
// refused, never replaced by a question mark: a person's name would be another's. Pure.

import { decode, encode } from '../../src/adapter-kit/charset.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import type { Format } from './settings.ts'

const encodings: Readonly<Record<Charset, string>> = { 'utf-8': 'UTF-8', gbk: 'GBK', gb18030: 'GB18030' }

/** @throws AdapterFailure 'rejected' for characters that the charset or XML cannot write */
export function documentBytes(document: unknown, root: string, format: Format, charset: Charset): Buffer {
  if (format === 'csv') return textBytes(csvOf(document), charset)
  if (format === 'json') return textBytes(`${JSON.stringify(document, null, 1)}\n`, charset)
  return textBytes(
    `<?xml version="1.0" encoding="${encodings[charset]}"?>\n${element(root, document)}\n`,
    charset,
  )
}

export function textBytes(text: string, charset: Charset): Buffer {
  const bytes = encode(text, charset)
  if (charset === 'utf-8' || decode(bytes, charset) === text) return bytes
  const sentence = `内容有 ${charset} 无法表示的字符，请改用 gb18030 (characters that ${charset} cannot write; use gb18030)`
  throw new AdapterFailure('rejected', sentence, { sent: false })
}

const xmlName = /^[\p{L}_][\p{L}\p{N}_.-]*$/u
const singles: Readonly<Record<string, string>> = { materials: 'material', files: 'file', events: 'event' }

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  const [open, close] = xmlName.test(name) ? [name, name] : [`field name="${escaped(name)}"`, 'field']
  return `<${open}>${inner(name, value)}</${close}>`
}

function inner(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => element(singles[name] ?? 'item', one)).join('')
  if (typeof value !== 'object' || value === null) return escaped(String(value))
  return Object.entries(value)
    .map(([member, one]) => element(member, one))
    .join('')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these characters
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

const marks: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

function escaped(text: string): string {
  if (notXml.test(text))
    throw new AdapterFailure(
      'rejected',
      '内容有 XML 无法表示的控制字符 (control characters that XML cannot write)',
      {
        sent: false,
      },
    )
  return text.replace(/[&<>"\r]/g, (mark) => marks[mark] ?? mark)
}

/** RFC 4180: one heading, one row per document; `applicant.name` for members, lists as JSON. */
function csvOf(document: unknown): string {
  const rows = (Array.isArray(document) ? document : [document]).map((one) => flat(one))
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('')
}

function flat(value: unknown, at = ''): Record<string, string> {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object') return { [at || 'value']: String(value) }
  if (Array.isArray(value)) return { [at || 'value']: JSON.stringify(value) }
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, one]) => flat(one, at ? `${at}.${name}` : name)),
  ) as Record<string, string>
}

const quoted = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
