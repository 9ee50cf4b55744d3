// What every signing scheme offers, and the checks all verifiers share.
// Remembering nonces is not done here: a verifier keeps nothing between calls.

import { timingSafeEqual } from 'node:crypto'
import type { InboundMessage } from '../contract.ts'
import { AdapterFailure } from '../failures.ts'

/** What a signature covers. */
export interface Signable {
  method: string
  /** Path with query, exactly as it goes over the wire. */
  target: string
  /** The exact bytes sent; an empty buffer when there is no body. */
  body: Buffer
  /** Hex hash of a streamed body, by the scheme's digest for bodies; `body` is empty then. */
  bodyHash?: string
  /** As it is sent; tells how the body's fields are to be read. */
  contentType?: string | undefined
  at: Date
  /** Random when not given. */
  nonce?: string
}

/** Headers that prove who sends: a new object each time, which the caller may add to. */
export type Signer = (request: Signable) => Record<string, string>

/** Returns when the message is genuine; throws AdapterFailure 'unauthorised' otherwise. */
export type Verifier = (message: InboundMessage) => void

/** How far a signed time may be from ours, either way. */
const WINDOW_MS = 300_000

export function refuse(zh: string, en: string): never {
  throw new AdapterFailure('unauthorised', `验证未通过：${zh} (signature refused: ${en})`)
}

/** Constant time for texts of equal length. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

export function checkTime(signedAt: number, receivedAt: Date, windowMs = WINDOW_MS): void {
  if (!Number.isFinite(signedAt)) refuse('时间无法识别', 'the time is not a time')
  if (Math.abs(receivedAt.getTime() - signedAt) > windowMs)
    refuse(`时间相差超过 ${windowMs / 1000} 秒`, `the time is more than ${windowMs / 1000} s away`)
}

/** One header's value; refused when absent or repeated. */
export function headerOf(headers: InboundMessage['headers'], name: string): string {
  const value = headers[name.toLowerCase()] ?? headers[name]
  if (typeof value !== 'string' || value === '') refuse(`缺少请求头 ${name}`, `header ${name} is missing`)
  return value
}

/** Path and query as they were received; the query is rebuilt when they are not told. */
export function targetOf(message: InboundMessage): string {
  if (message.target !== undefined) return message.target
  if (message.path.includes('?')) return message.path
  const pairs: string[] = []
  for (const [name, value] of Object.entries(message.query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(one)}`)
    }
  }
  return pairs.length === 0 ? message.path : `${message.path}?${pairs.join('&')}`
}
