// Header signatures over a canonical string: the one scheme behind most department interfaces.
// The string is configuration, because every province writes it differently; the forms we know are named here.

import { hash, randomUUID } from 'node:crypto'
import type { InboundMessage } from '../contract.ts'
import { keyedHash } from './keyed-hash.ts'
import {
  checkTime,
  headerOf,
  refuse,
  type Signable,
  type Signer,
  sameText,
  targetOf,
  type Verifier,
} from './scheme.ts'

export interface HmacScheme {
  /** Who we are to the other side. */
  key: string
  /** Newest first: the first signs, any of them verifies. */
  secrets: readonly string[]
  /** `hash`: a plain digest of a string that holds {secret}. */
  algorithm: 'hmac' | 'hash'
  digest: 'sha256' | 'sm3'
  encoding: 'hex' | 'hex-upper' | 'base64'
  time: 'ms' | 's' | 'rfc1123'
  /** Placeholders: {method} {target} {path} {query} {sortedQuery} {key} {secret} {timestamp} {nonce} {bodyHash}. */
  canonical: string
  /** Header names; one left out is not sent and not asked for. */
  headers: { key?: string; timestamp: string; nonce?: string; signature: string }
  /** Headers sent as they are. */
  constantHeaders?: Readonly<Record<string, string>>
  /** How far a signed time may be from ours, either way; default 300 s. */
  windowMs?: number
}

type SignedForm = Omit<HmacScheme, 'key' | 'secrets'>

/** Known forms by name. */
export const signedForms = {
  /** hex HMAC-SHA256 over method, target, ms, nonce and the body's hash; both directions. */
  house: {
    algorithm: 'hmac',
    digest: 'sha256',
    encoding: 'hex',
    time: 'ms',
    canonical: '{method}\n{target}\n{timestamp}\n{nonce}\n{bodyHash}',
    headers: { key: 'X-App-Key', timestamp: 'X-Timestamp', nonce: 'X-Nonce', signature: 'X-Signature' },
  },
  /** Guangdong TIF: SHA-256 over timestamp, token, nonce, timestamp. */
  'guangdong-tif': {
    algorithm: 'hash',
    digest: 'sha256',
    encoding: 'hex',
    time: 's',
    canonical: '{timestamp}{secret}{nonce}{timestamp}',
    headers: {
      key: 'x-tif-paasid',
      timestamp: 'x-tif-timestamp',
      nonce: 'x-tif-nonce',
      signature: 'x-tif-signature',
    },
  },
  /** Zhejiang IRS: base64 HMAC-SHA256 over method, path, sorted query, key and RFC 1123 date; 90 s of skew. */
  'zhejiang-irs': {
    algorithm: 'hmac',
    digest: 'sha256',
    encoding: 'base64',
    time: 'rfc1123',
    canonical: '{method}\n{path}\n{sortedQuery}\n{key}\n{timestamp}\n',
    headers: {
      key: 'X-BG-HMAC-ACCESS-KEY',
      timestamp: 'X-BG-DATE-TIME',
      signature: 'X-BG-HMAC-SIGNATURE',
    },
    constantHeaders: { 'X-BG-HMAC-ALGORITHM': 'hmac-sha256' },
    windowMs: 90_000,
  },
} as const satisfies Record<string, SignedForm>

export function hmacSigner(scheme: HmacScheme): Signer {
  const sign = signatureOf(scheme, scheme.secrets[0] ?? '')
  const { headers } = scheme
  return (request) => {
    const timestamp = writeTime(scheme, request.at)
    const nonce = request.nonce ?? newNonce()
    const signed: Record<string, string> = { ...scheme.constantHeaders }
    if (headers.key) signed[headers.key] = scheme.key
    signed[headers.timestamp] = timestamp
    if (headers.nonce) signed[headers.nonce] = nonce
    signed[headers.signature] = sign(request, timestamp, nonce)
    return signed
  }
}

export function hmacVerifier(scheme: HmacScheme): Verifier {
  const signs = scheme.secrets.map((secret) => signatureOf(scheme, secret))
  const { headers } = scheme
  return (message: InboundMessage) => {
    if (headers.key && !sameText(headerOf(message.headers, headers.key), scheme.key))
      refuse('the key is not known')
    const timestamp = headerOf(message.headers, headers.timestamp)
    checkTime(readTime(scheme, timestamp), message.receivedAt, scheme.windowMs)
    const nonce = headers.nonce ? headerOf(message.headers, headers.nonce) : ''
    const given = comparable(scheme, headerOf(message.headers, headers.signature))
    const request = {
      method: message.method,
      target: targetOf(message),
      body: message.body,
      at: message.receivedAt,
    }
    if (!signs.some((sign) => sameText(given, comparable(scheme, sign(request, timestamp, nonce)))))
      refuse('the signature does not fit')
  }
}

/** Hex is the same in either case. */
const comparable = ({ encoding }: HmacScheme, signature: string): string =>
  encoding === 'base64' ? signature : signature.toLowerCase()

type Sign = (request: Signable, timestamp: string, nonce: string) => string

function signatureOf(scheme: HmacScheme, secret: string): Sign {
  const canonical = compile(scheme, secret)
  const { digest } = scheme
  const encoding = scheme.encoding === 'base64' ? 'base64' : 'hex'
  const keyed =
    scheme.algorithm === 'hash'
      ? (text: string) => hash(digest, text, encoding)
      : keyedHash(digest, secret, encoding)
  if (scheme.encoding === 'hex-upper') return (...given) => keyed(canonical(...given)).toUpperCase()
  return (...given) => keyed(canonical(...given))
}

type Piece = string | Sign

function compile(scheme: HmacScheme, secret: string): Sign {
  const pieces = scheme.canonical.split(/(\{\w+\})/).map((text) => pieceOf(text, scheme, secret))
  return (request, timestamp, nonce) => {
    let canonical = ''
    for (const piece of pieces)
      canonical += typeof piece === 'string' ? piece : piece(request, timestamp, nonce)
    return canonical
  }
}

function pieceOf(text: string, { key, digest }: HmacScheme, secret: string): Piece {
  switch (text) {
    case '{method}':
      return (request) => request.method
    case '{target}':
      return (request) => request.target
    case '{path}':
      return (request) => request.target.split('?', 1)[0] ?? ''
    case '{query}':
      return (request) => queryOf(request.target)
    case '{sortedQuery}':
      return (request) => sortedQuery(queryOf(request.target))
    case '{key}':
      return key
    case '{secret}':
      return secret
    case '{timestamp}':
      return (_request, timestamp) => timestamp
    case '{nonce}':
      return (_request, _timestamp, nonce) => nonce
    case '{bodyHash}':
      return (request) => request.bodyHash ?? hash(digest, request.body, 'hex')
    default:
      return text
  }
}

function queryOf(target: string): string {
  const at = target.indexOf('?')
  return at === -1 ? '' : target.slice(at + 1)
}

/** In order of the decoded `name=value`, each as it stands on the wire; a bare name gets its '='. */
function sortedQuery(query: string): string {
  if (query === '') return ''
  const pairs = query.split('&').map((written) => {
    const pair = written.includes('=') ? written : `${written}=`
    return { pair, plain: decoded(pair) }
  })
  pairs.sort((a, b) => (a.plain < b.plain ? -1 : a.plain > b.plain ? 1 : 0))
  return pairs.map(({ pair }) => pair).join('&')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function writeTime({ time }: HmacScheme, at: Date): string {
  if (time === 'rfc1123') return at.toUTCString()
  return String(time === 's' ? Math.floor(at.getTime() / 1000) : at.getTime())
}

function readTime({ time }: HmacScheme, text: string): number {
  if (time === 'rfc1123') return Date.parse(text)
  return time === 's' ? Number(text) * 1000 : Number(text)
}

function newNonce(): string {
  return randomUUID()
}
