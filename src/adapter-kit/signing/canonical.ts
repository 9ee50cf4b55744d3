// The string that is signed, compiled once: text with placeholders. A placeholder that is not known is refused, because
// signed as it stands it would make signatures that nobody can explain.

import { hash } from 'node:crypto'
import { decodeFrom } from '../charset.ts'
import { AdapterFailure } from '../failures.ts'
import { wrongSetting } from '../wrong-setting.ts'
import type { HmacScheme } from './hmac.ts'
import { bodyPairs, type Pairs, queryOf, queryPairs, sortedPairs, sortedQuery } from './parameters.ts'
import type { Signable } from './scheme.ts'

/** What proves a request beside its signature. */
export interface Stamps {
  key: string
  timestamp: string
  nonce: string
}

type Piece = (request: Signable, stamps: Stamps) => string
type Make = (scheme: HmacScheme, secret: string) => Piece

const makers = {
  method: () => (request) => request.method,
  target: () => (request) => request.target,
  path: () => (request) => request.target.split('?', 1)[0] ?? '',
  query: () => (request) => queryOf(request.target),
  sortedQuery: () => (request) => sortedQuery(queryOf(request.target)),
  sortedBody: (scheme) => {
    const { sorted = {} } = scheme
    return (request) => sortedPairs(fieldsOf(request, scheme), sorted, signatureNames(scheme))
  },
  sortedParameters: (scheme) => {
    const { sorted = {}, charset = 'utf-8' } = scheme
    return (request) =>
      sortedPairs(
        [...queryPairs(request.target, charset), ...fieldsOf(request, scheme)],
        sorted,
        signatureNames(scheme),
      )
  },
  key: () => (_request, stamps) => stamps.key,
  secret: (_scheme, secret) => () => secret,
  timestamp: () => (_request, stamps) => stamps.timestamp,
  nonce: () => (_request, stamps) => stamps.nonce,
  body: (scheme) => (request) => textOf(request, scheme),
  bodyHash: (scheme) => (request) => bodyHashOf(request, scheme),
} as const satisfies Record<string, Make>

type Placeholder = keyof typeof makers
export const placeholders = Object.keys(makers) as Placeholder[]

/** @throws AdapterFailure 'unrecognised' for a placeholder that is not known */
export function compileCanonical(scheme: HmacScheme, secret: string): Piece {
  const pieces = scheme.canonical.split(/(\{[^{}]*\})/).map((text): string | Piece => {
    const name = /^\{([^{}]*)\}$/.exec(text)?.[1]
    if (name === undefined) return text
    if (Object.hasOwn(makers, name)) return makers[name as Placeholder](scheme, secret)
    throw unknownPlaceholder('canonical', name, placeholders)
  })
  return (request, stamps) => {
    let canonical = ''
    for (const piece of pieces) canonical += typeof piece === 'string' ? piece : piece(request, stamps)
    return canonical
  }
}

export function holds({ canonical }: Pick<HmacScheme, 'canonical'>, ...names: Placeholder[]): boolean {
  return names.some((name) => canonical.includes(`{${name}}`))
}

/** @param where the setting */
export function unknownPlaceholder(where: string, name: string, known: readonly string[]): AdapterFailure {
  const list = known.map((one) => `{${one}}`).join(' ')
  return wrongSetting(
    where,
    `未知的占位符 (no placeholder is called) {${name.slice(0, 40)}}；可用 (there are): ${list}`,
  )
}

/** A signature cannot cover itself. */
export function signatureNames({ query, body }: HmacScheme): string[] {
  return [query?.signature, body?.signature].filter((name) => name !== undefined)
}

/** The hash of the body as the scheme writes it, also for a body that is streamed. */
export function bodyHashOf(request: Signable, { digest, bodyHash = {} }: HmacScheme): string {
  const { digest: own = digest, encoding = 'hex' } = bodyHash
  const hex = request.bodyHash ?? hash(own, request.body, 'hex')
  if (encoding === 'hex') return hex
  return encoding === 'hex-upper' ? hex.toUpperCase() : Buffer.from(hex, 'hex').toString('base64')
}

function textOf({ body, bodyHash, contentType }: Signable, { charset = 'utf-8' }: HmacScheme): string {
  const text = bodyHash === undefined ? decodeFrom(body, contentType, charset) : undefined
  if (text === undefined) throw unsignable('{body}')
  return text
}

function fieldsOf({ body, bodyHash, contentType }: Signable, { charset = 'utf-8' }: HmacScheme): Pairs {
  const pairs = bodyHash === undefined ? bodyPairs(body, contentType, charset) : undefined
  if (pairs === undefined) throw unsignable('{sortedBody}, {sortedParameters}')
  return pairs
}

/** Nothing was sent. */
function unsignable(what: string): AdapterFailure {
  return new AdapterFailure(
    'unrecognised',
    `签名串的 ${what} 不适用于此正文 (of the string to sign does not fit such a body: it takes JSON, a form or flat XML, no files)`,
    { sent: false },
  )
}
