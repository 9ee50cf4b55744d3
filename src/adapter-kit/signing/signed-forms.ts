// The header forms that are known by name.

import type { HmacScheme } from './hmac.ts'

export type SignedForm = Omit<HmacScheme, 'key' | 'secrets'>

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
