// A captured request as lines of text: request line, headers, body by its media type. Secrets never pass.

import { hash } from 'node:crypto'
import { type CapturedBody, type CapturedRequest, charsetOfRequest } from '../../adapter-kit/capture.ts'
import { decode } from '../../adapter-kit/charset.ts'
import { hiddenValue, type Mask, type Proves, proves as usuallyProves } from './masking.ts'

export interface RequestText {
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
}

export function requestText(
  request: CapturedRequest,
  { mask, sorted = false, proves = usuallyProves }: TextOptions,
): RequestText {
  const { method, url, headers, body } = request
  return {
    line: mask(`${method} ${hideQuery(url, proves)}`),
    headers: Object.entries(headers)
      .map(([name, value]) => mask(`${name.toLowerCase()}: ${proves(name) ? hiddenValue(value) : value}`))
      .sort(),
    body: bodyLines(body, request, { sorted, proves }).map(mask),
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
  return at !== -1 && proves(name) ? `${name}=${hiddenValue(value)}` : pair
}

interface Shown {
  sorted: boolean
  proves: Proves
}

function bodyLines(body: CapturedBody, request: CapturedRequest, how: Shown): string[] {
  if (body === null) return []
  if ('parts' in body)
    return body.parts.map(({ name, value, fileName, bytes }) =>
      value === undefined
        ? `${name}: file ${fileName}, ${bytes} bytes`
        : `${name}: ${how.proves(name) ? hiddenValue(value) : value}`,
    )
  const text = decode(body.bytes, charsetOfRequest(request))
  const more = body.whole ? [] : [`… and more, streamed`]
  if (text === undefined || text.includes('\0')) return [...binary(body.bytes), ...more]
  return [...textLines(text, typeOf(request), how), ...more]
}

const binary = (bytes: Buffer): string[] => [`${bytes.length} bytes, SHA-256 ${hash('sha256', bytes, 'hex')}`]

const typeOf = ({ headers }: CapturedRequest): string =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''

function textLines(text: string, type: string, how: Shown): string[] {
  if (type.includes('x-www-form-urlencoded')) return formLines(text, how.proves)
  const json = parsed(text)
  if (json !== undefined) return JSON.stringify(shown(json, how), null, 2).split('\n')
  if (text.trimStart().startsWith('<')) return xmlLines(text, how.proves)
  return text.split('\n')
}

function formLines(text: string, proves: Proves): string[] {
  return text.split('&').map((pair) => {
    const hidden = hidePair(pair, proves)
    try {
      return decodeURIComponent(hidden.replaceAll('+', ' '))
    } catch {
      return hidden
    }
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
