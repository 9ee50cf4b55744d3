// What a sender announces about a file before its bytes: length and SHA-256, in any of the headers in use.
// Contradicting or unreadable announcements are refused, never ignored: a sender who asks for a check gets one.

import type { IncomingHttpHeaders } from 'node:http'
import { fieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'

interface Announced {
  bytes?: number
  /** Lower-case hex. */
  sha256?: string
}

/** Reads Content-Length, X-Content-SHA256 (hex), Content-Digest and Repr-Digest (RFC 9530) and Digest (RFC 3230). */
export function announcedBy(headers: IncomingHttpHeaders): Announced {
  const hashes = new Set(announcedHashes(headers))
  if (hashes.size > 1) throw unusable('the headers announce different hashes', '请求头声明的摘要互相矛盾')
  const [sha256] = hashes
  const length = headers['content-length']
  return {
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(length === undefined ? {} : { bytes: Number(length) }),
  }
}

function* announcedHashes(headers: IncomingHttpHeaders): Generator<string, void> {
  const hex = one(headers['x-content-sha256'])
  if (hex !== undefined) yield fromHex(hex)
  for (const name of ['content-digest', 'repr-digest', 'digest'] as const) {
    const value = one(headers[name])
    const base64 =
      value === undefined ? undefined : /(?:^|[,\s])sha-256=:?([A-Za-z0-9+/]+=*):?/i.exec(value)?.[1]
    if (base64 !== undefined) yield fromBase64(base64)
  }
}

function fromHex(value: string): string {
  const hex = value.trim().toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw unusable('X-Content-SHA256 is no SHA-256 in hex', 'X-Content-SHA256 格式有误')
  return hex
}

function fromBase64(value: string): string {
  const bytes = Buffer.from(value, 'base64')
  if (bytes.length !== 32) throw unusable('the digest announced is no SHA-256', '声明的摘要不是 SHA-256')
  return bytes.toString('hex')
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}

function unusable(message: string, messageZh: string) {
  return problem('invalid-request', {
    detail: message,
    detailZh: messageZh,
    errors: [fieldError('', 'digest-unusable', message, messageZh)],
  })
}
