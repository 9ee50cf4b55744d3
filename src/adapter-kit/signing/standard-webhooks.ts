// Standard Webhooks 1.0 (https://www.standardwebhooks.com), over `<id>.<seconds>.<body>`. A secret's prefix
// names its scheme: `whsec_` is `v1`, base64 HMAC-SHA256; `whsk_` and its public half `whpk_` are `v1a`,
// base64 Ed25519 (RFC 8032). Where a department asks for national algorithms, `whsec_` is `v1sm3`, base64
// HMAC-SM3: a name of our own, for the standard has none. Several live secrets give several signatures; one
// that fits is enough.

import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signEd25519,
  verify as verifyEd25519,
} from 'node:crypto'
import type { InboundMessage } from '../contract.ts'
import { AdapterFailure } from '../failures.ts'
import { keyedHash } from './keyed-hash.ts'
import { checkTime, headerOf, refuse, sameText } from './scheme.ts'

export interface StandardWebhooks {
  /** The three `webhook-*` headers; `at` is cut to seconds. */
  sign(id: string, at: Date, body: string | Buffer): Record<string, string>
  /** The message's id when one signature fits one secret within ±300 s; AdapterFailure 'unauthorised' otherwise. */
  verify(message: Pick<InboundMessage, 'headers' | 'body' | 'receivedAt'>): string
}

interface StandardWebhooksOptions {
  /** Of `whsec_` secrets; default sha256. `both`: each makes two signatures, of which one is enough. */
  digest?: WebhookDigest
}

export type WebhookDigest = 'sha256' | 'sm3' | 'both'

/** One secret at work, on exactly what is signed; a text stands for its UTF-8 bytes. */
interface Key {
  /** Absent: a public key, which only verifies. */
  sign?(signed: string | Buffer): string
  fits(signature: string, signed: string | Buffer): boolean
}

/** More in one header are not looked at: each costs a verification. */
const MOST_SIGNATURES = 16

/**
 * @param secrets newest first, each `whsec_<base64>` (or plain base64), `whsk_<base64>`, or `whpk_<base64>` for verifying
 * @throws AdapterFailure 'unrecognised' for a key pair's half that is none
 */
export function standardWebhooks(
  secrets: readonly string[],
  { digest = 'sha256' }: StandardWebhooksOptions = {},
): StandardWebhooks {
  const keys = secrets.flatMap((secret) => keysOf(secret, digest))
  return {
    sign(id, at, body) {
      const seconds = String(Math.floor(at.getTime() / 1000))
      const signed = signedBy(id, seconds, body)
      const signatures = keys.flatMap((key) => key.sign?.(signed) ?? [])
      if (signatures.length === 0) throw unusable('公钥不能用于签名 (a public key cannot sign)')
      return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') }
    },
    verify({ headers, body, receivedAt }) {
      const id = headerOf(headers, 'webhook-id')
      const seconds = headerOf(headers, 'webhook-timestamp')
      checkTime(Number(seconds) * 1000, receivedAt)
      const given = headerOf(headers, 'webhook-signature').split(' ').slice(0, MOST_SIGNATURES)
      const signed = signedBy(id, seconds, body)
      if (!given.some((one) => keys.some((key) => key.fits(one, signed))))
        refuse('签名不符', 'the signature does not fit')
      return id
    },
  }
}

function signedBy(id: string, seconds: string, body: string | Buffer): string | Buffer {
  const start = `${id}.${seconds}.`
  return typeof body === 'string' ? start + body : Buffer.concat([Buffer.from(start), body])
}

const bytesOf = (signed: string | Buffer): Buffer =>
  typeof signed === 'string' ? Buffer.from(signed) : signed

function keysOf(secret: string, digest: WebhookDigest): Key[] {
  const [, prefix, text = ''] = /^(whsk_|whpk_|whsec_)?(.*)$/s.exec(secret) ?? []
  const bytes = Buffer.from(text, 'base64')
  if (prefix === 'whsk_') return [pairOf(bytes)]
  if (prefix === 'whpk_') return [{ fits: fitting(publicKeyOf(bytes)) }]
  return digest === 'both' ? [shared(bytes, 'sm3'), shared(bytes, 'sha256')] : [shared(bytes, digest)]
}

function shared(secret: Buffer, digest: 'sha256' | 'sm3'): Required<Key> {
  const version = digest === 'sm3' ? 'v1sm3' : 'v1'
  const keyed = keyedHash(digest, secret, 'base64')
  const sign = (signed: string | Buffer) => `${version},${keyed(signed)}`
  return { sign, fits: (signature, signed) => sameText(signature, sign(signed)) }
}

const SEED_BYTES = 32
const SIGNATURE_BYTES = 64
/** PKCS #8 and SubjectPublicKeyInfo of Ed25519 (RFC 8410), before the 32 bytes of the key. */
const PRIVATE_KEY_START = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_KEY_START = Buffer.from('302a300506032b6570032100', 'hex')
const VERSION_OF_PAIRS = 'v1a,'

/** The seed alone (RFC 8032), or the seed with its public key behind it, as most libraries print it. */
function pairOf(bytes: Buffer): Required<Key> {
  const seed = bytes.subarray(0, SEED_BYTES)
  const stated = bytes.subarray(SEED_BYTES)
  if (seed.length !== SEED_BYTES || ![0, SEED_BYTES].includes(stated.length))
    throw unusable('whsk_ 私钥应为 32 或 64 字节 (the private key whsk_ is not 32 or 64 bytes)')
  const key = createPrivateKey({
    key: Buffer.concat([PRIVATE_KEY_START, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(key)
  if (stated.length > 0 && !rawOf(publicKey).equals(stated))
    throw unusable(
      'whsk_ 私钥与所附公钥不成对 (the private key whsk_ is followed by a public key of another)',
    )
  return {
    sign: (signed) => `${VERSION_OF_PAIRS}${signEd25519(null, bytesOf(signed), key).toString('base64')}`,
    fits: fitting(publicKey),
  }
}

const rawOf = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_KEY_START.length)

function publicKeyOf(bytes: Buffer): KeyObject {
  if (bytes.length !== SEED_BYTES)
    throw unusable('whpk_ 公钥应为 32 字节 (the public key whpk_ is not 32 bytes)')
  return createPublicKey({ key: Buffer.concat([PUBLIC_KEY_START, bytes]), format: 'der', type: 'spki' })
}

function fitting(key: KeyObject): Key['fits'] {
  return (signature, signed) => {
    if (!signature.startsWith(VERSION_OF_PAIRS)) return false
    const text = signature.slice(VERSION_OF_PAIRS.length)
    const bytes = Buffer.from(text, 'base64')
    // Node reads Base64 leniently; only the one way to write these bytes is taken.
    const isWhole = bytes.length === SIGNATURE_BYTES && bytes.toString('base64') === text
    return isWhole && verifyEd25519(null, bytesOf(signed), key, bytes)
  }
}

function unusable(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', what, { sent: false })
}
