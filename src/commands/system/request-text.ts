// A captured request as lines of text: request line, headers, body by its media type. Secrets never pass.

import { hash } from 'node:crypto'
import {
  type CapturedBody,
  type CapturedRequest,
  charsetOfRequest,
  typeOfRequest,
} from '../../adapter-kit/capture.ts'
import { charsetOf, decode } from '../../adapter-kit/charset.ts'
import { formFields } from '../../adapter-kit/form-fields.ts'
import type { Charset } from '../../adapter-kit/http.ts'
import { hiddenValue, type Mask, type Proves, proves as usuallyProves } from './masking.ts'

interface RequestText {
  /** `POST https://…` */
  line: string
  /** `name: value`, by name. */
  headers: string[]
  body: string[]
}

export interface TextOptions {
  mask: Mask
  /** Members of JSON objects by name: their order says nothing. */
  sorted?: boolean
  /** Names whose values are hidden; default: those that usually prove something. */
  proves?: Proves
  /** Of bodies whose request names none; default utf-8. */
  charset?: Charset
}

/** The convention `charset` of adapter settings; utf-8 where they say none that we read. */
export function charsetIn(settings: unknown): Charset {
  const { charset } = (settings ?? {}) as { charset?: unknown }
  return charsetOf(typeof charset === 'string' ? `charset=${charset}` : undefined) ?? 'utf-8'
}

export function requestText(
  request: CapturedRequest,
  { mask, sorted = false, proves = usuallyProves, charset = 'utf-8' }: TextOptions,
): RequestText {
  const { method, url, headers, body } = request
  return {
    line: mask(`${method} ${hideQuery(url, proves)}`),
    headers: Object.entries(headers)
      .map(([name, value]) => mask(`${name.toLowerCase()}: ${proves(name) ? hiddenValue(value) : value}`))
      .sort(),
    body: bodyLines(body, request, { sorted, proves, charset }).map(mask),
  }
}

export const allLines = ({ line, headers, body }: RequestText): string[] => [
  line,
  ...headers.map((header) => `  ${header}`),
  ...(body.length > 0 ? ['', ...body.map((one) => `  ${one}`)] : []),
]

function hideQuery(url: string, proves: Proves): string {
  const [place = '', query] = url.split('?', 2)
  if (query === undefined) return place
  return `${place}?${query
    .split('&')
    .map((pair) => hidePair(pair, proves))
    .join('&')}`
}

function hidePair(pair: string, proves: Proves): string {
  const at = pair.indexOf('=')
  const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
  if (!isReadable(pair)) return hiddenValue(pair)
  return at !== -1 && proves(name) ? `${name}=${hiddenValue(value)}` : pair
}

/** Masks know persons in UTF-8 escapes only. */
const isReadable = (pair: string): boolean => formFields(Buffer.from(pair), 'utf-8') !== undefined

interface Shown {
  sorted: boolean
  proves: Proves
  charset: Charset
}

function bodyLines(body: CapturedBody, request: CapturedRequest, how: Shown): string[] {
  if (body === null) return []
  if ('parts' in body)
    return body.parts.map(({ name, value, fileName, bytes }) =>
      value === undefined
        ? `${name}: file ${fileName}, ${bytes} bytes`
        : `${name}: ${how.proves(name) ? hiddenValue(value) : value}`,
    )
  const more = body.whole ? [] : [`… and more, streamed`]
  return [...wholeLines(body.bytes, request, how), ...more]
}

function wholeLines(bytes: Buffer, request: CapturedRequest, how: Shown): string[] {
  const named = charsetOfRequest(request)
  if (named === null) return binary(bytes)
  const charset = named ?? how.charset
  // Two charsets that no header names would else look the same.
  const told = named === undefined && charset !== 'utf-8' ? [`(${charset})`] : []
  if (typeOfRequest(request).toLowerCase().includes('x-www-form-urlencoded'))
    return [...told, ...formLines(bytes, charset, how.proves)]
  const text = decode(bytes, charset)
  if (text === undefined || text.includes('\0')) return binary(bytes)
  return [...told, ...textLines(text, how)]
}

const binary = (bytes: Buffer): string[] => [`${bytes.length} bytes, SHA-256 ${hash('sha256', bytes, 'hex')}`]

function textLines(text: string, how: Shown): string[] {
  const json = parsed(text)
  if (json !== undefined) return JSON.stringify(shown(json, how), null, 2).split('\n')
  if (text.trimStart().startsWith('<')) return xmlLines(text, how.proves)
  return text.split('\n')
}

/** One field a line, decoded; no byte of what is not text of the charset is shown, since no mask would know it. */
function formLines(bytes: Buffer, charset: Charset, proves: Proves): string[] {
  return bytes
    .toString('latin1')
    .split('&')
    .map((pair) => {
      const field = formFields(Buffer.from(pair, 'latin1'), charset)?.[0]
      if (!field) return pair === '' ? '' : hiddenValue(pair)
      const [name, value] = field
      return pair.includes('=') ? `${name}=${proves(name) ? hiddenValue(value) : value}` : name
    })
}

/** One element a line; values of elements and attributes that prove who we are are hidden. */
function xmlLines(text: string, proves: Proves): string[] {
  return text
    .replace(
      /<((?:[\w-]+:)?([\w-]+))((?:\s[^<>]*)?)>([^<]+)</g,
      (all, tag: string, name: string, rest, value) =>
        proves(name) ? `<${tag}${rest}>${hiddenValue(value)}<` : all,
    )
    .replace(/(\s(?:[\w-]+:)?([\w-]+)=)"([^"<>]*)"/g, (all, start: string, name: string, value: string) =>
      proves(name) ? `${start}"${hiddenValue(value)}"` : all,
    )
    .replace(/>\s*</g, '>\n<')
    .split('\n')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function shown(value: unknown, how: Shown): unknown {
  const { sorted, proves } = how
  if (Array.isArray(value)) return value.map((one) => shown(one, how))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, one]): [string, unknown] => [
    name,
    typeof one === 'string' && proves(name) ? hiddenValue(one) : shown(one, how),
  ])
  return Object.fromEntries(sorted ? members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : members)
}
