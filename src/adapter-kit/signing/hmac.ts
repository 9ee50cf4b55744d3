// Signatures over a canonical string: the one scheme behind most department interfaces.
// The string, and where its signature travels, are configuration, because every province writes them differently.

import { hash, randomUUID } from 'node:crypto'
import { encode, encodeWhole } from '../charset.ts'
import type { InboundMessage } from '../contract.ts'
import { AdapterFailure } from '../failures.ts'
import type { Charset } from '../http.ts'
import { wrongSetting } from '../wrong-setting.ts'
import { bodyHashOf, compileCanonical, holds, type Stamps, signatureNames } from './canonical.ts'
import {
  authorisation,
  carriedBy,
  checkCarried,
  contentTypeOf,
  type Names,
  named,
  travels,
} from './carried.ts'
import { type Digest, keyedHash } from './keyed-hash.ts'
import { type SortedForm, targetWithout } from './parameters.ts'
import { refuse, type Signable, type Signer, sameText, targetOf, type Verifier } from './scheme.ts'
import { checkSignedTime, type SignedTime, writeTime } from './times.ts'

type HashEncoding = 'hex' | 'hex-upper' | 'base64'

export interface HmacScheme {
  /** Who we are to the other side. */
  key: string
  /** Newest first: the first signs, any of them verifies. */
  secrets: readonly string[]
  /** How secrets are written; default text, whose UTF-8 bytes are the key. */
  secretEncoding?: 'text' | 'hex' | 'base64'
  /** `hash`: a plain digest of a string that holds {secret}. */
  algorithm: 'hmac' | 'hash'
  digest: Digest
  encoding: HashEncoding
  time: SignedTime
  /** Offset of local times; default +08:00. */
  offset?: string
  /** Placeholders as in canonical.ts. */
  canonical: string
  /** How {bodyHash} is made; default: by the digest, in hex. */
  bodyHash?: { digest?: Digest; encoding?: HashEncoding }
  /** How {sortedBody} and {sortedParameters} are written. */
  sorted?: SortedForm
  /** Names of headers; one left out is neither sent nor asked for. `bodyHash` is the hash itself (Content-MD5). */
  headers: Names & { bodyHash?: string }
  /** Names of query parameters that carry it. */
  query?: Names
  /** Names of the body's members that carry it. */
  body?: Names
  /** The header Authorization, which carries {key} {timestamp} {nonce} {signature} together. */
  authorization?: string
  /** Headers sent as they are. */
  constantHeaders?: Readonly<Record<string, string>>
  /** Of bodies and of the string itself; default utf-8. */
  charset?: Charset
  /** How far a signed time may be from ours, either way; default 300 s. */
  windowMs?: number
}

/** For those who put a proof into query or body, in two steps: what is stamped is signed. */
interface HmacProof {
  stamp(at: Date, nonce?: string): Stamps
  signature(request: Signable, stamps: Stamps): string
  /** All headers of the proof. */
  headers(request: Signable, stamps: Stamps, signature: string): Record<string, string>
}

/** @throws AdapterFailure 'unrecognised' for a scheme that makes no sense */
export function hmacProof(scheme: HmacScheme): HmacProof {
  checkScheme(scheme)
  const sign = signatureOf(scheme, scheme.secrets[0] ?? '', signableBytes)
  const { key, headers, time, offset, constantHeaders } = scheme
  return {
    stamp: (at, nonce = randomUUID()) => ({ key, timestamp: writeTime(time, at, offset), nonce }),
    signature: sign,
    headers(request, stamps, signature) {
      const values = { ...stamps, signature }
      const made = { ...constantHeaders, ...named(headers, values), ...authorisation(scheme, values) }
      if (headers.bodyHash) made[headers.bodyHash] = bodyHashOf(request, scheme)
      return made
    },
  }
}

export function hmacSigner(scheme: HmacScheme): Signer {
  const { stamp, signature, headers } = hmacProof(scheme)
  return (request) => {
    const stamps = stamp(request.at, request.nonce)
    return headers(request, stamps, signature(request, stamps))
  }
}

export function hmacVerifier(scheme: HmacScheme): Verifier {
  checkScheme(scheme)
  const signs = scheme.secrets.map((secret) => signatureOf(scheme, secret, encode))
  const own = signatureNames(scheme)
  const [asksKey, asksNonce] = [travels(scheme, 'key'), travels(scheme, 'nonce')]
  return (message: InboundMessage) => {
    const read = carriedBy(scheme, message)
    if (asksKey && !sameText(read('key'), scheme.key)) refuse('应用标识不符', 'the key is not known')
    const timestamp = read('timestamp')
    checkSignedTime(timestamp, message.receivedAt, scheme)
    const stamps = { key: scheme.key, timestamp, nonce: asksNonce ? read('nonce') : '' }
    const given = comparable(scheme, read('signature'))
    const request = {
      method: message.method,
      target: targetWithout(targetOf(message), own),
      body: message.body,
      contentType: contentTypeOf(message),
      at: message.receivedAt,
    }
    if (!signs.some((sign) => sameText(given, comparable(scheme, sign(request, stamps)))))
      refuse('签名不符', 'the signature does not fit')
  }
}

function checkScheme(scheme: HmacScheme): void {
  checkCarried(scheme)
  if (scheme.body?.signature && holds(scheme, 'body', 'bodyHash'))
    throw wrongSetting(
      'body.signature',
      '与 {body}、{bodyHash} 不能合用 (does not go with them: a signature cannot cover itself)',
      'canonical: "{sortedBody}{timestamp}"',
    )
}

/** Hex is the same in either case. */
const comparable = ({ encoding }: HmacScheme, signature: string): string =>
  encoding === 'base64' ? signature : signature.toLowerCase()

type Sign = (request: Signable, stamps: Stamps) => string

/** A sign that stands for every character that is lacking would be signed for any of them. */
function signableBytes(text: string, charset: Charset): Buffer {
  const bytes = encodeWhole(text, charset)
  if (bytes) return bytes
  throw new AdapterFailure(
    'unrecognised',
    `待签名串含有 ${charset} 没有的字符 (the string to sign holds a character that ${charset} lacks)`,
    { sent: false },
  )
}

function signatureOf(scheme: HmacScheme, secret: string, bytesOf: typeof encode): Sign {
  const canonical = compileCanonical(scheme, secret)
  const { digest, charset = 'utf-8' } = scheme
  const encoding = scheme.encoding === 'base64' ? 'base64' : 'hex'
  const keyed =
    scheme.algorithm === 'hash'
      ? (text: string | Buffer) => hash(digest, text, encoding)
      : keyedHash(digest, secretOf(scheme, secret), encoding)
  const written = (text: string): string | Buffer => (charset === 'utf-8' ? text : bytesOf(text, charset))
  if (scheme.encoding === 'hex-upper') return (...given) => keyed(written(canonical(...given))).toUpperCase()
  return (...given) => keyed(written(canonical(...given)))
}

const looks = { hex: /^(?:[0-9a-f]{2})+$/i, base64: /^[A-Za-z0-9+/]+={0,2}$/ } as const

function secretOf({ secretEncoding = 'text' }: HmacScheme, secret: string): Buffer {
  if (secretEncoding === 'text') return Buffer.from(secret)
  if (!looks[secretEncoding].test(secret))
    throw wrongSetting('secretEncoding', `密钥不是 (the secret is not written in) ${secretEncoding}`)
  return Buffer.from(secret, secretEncoding)
}
