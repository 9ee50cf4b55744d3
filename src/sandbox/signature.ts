// Both signatures of the city, written from their descriptions and not from the gateway's code, so that
// a mistake there is noticed here: the departments' signed headers, and Standard Webhooks for the platforms.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const WINDOW_MS = 300_000

interface SignedCall {
  method: string
  /** Path with query, as on the request line. */
  target: string
  body: Buffer | string
}

/**
 * X-App-Key, X-Timestamp (ms), X-Nonce, X-Signature = hex HMAC-SHA256(secret,
 * METHOD\nTARGET\nTIMESTAMP\nNONCE\nhex(SHA256(body))).
 */
export function departmentHeaders(appKey: string, secret: string, call: SignedCall): Record<string, string> {
  const timestamp = String(Date.now())
  const nonce = randomBytes(12).toString('hex')
  return {
    'x-app-key': appKey,
    'x-timestamp': timestamp,
    'x-nonce': nonce,
    'x-signature': departmentSignature(secret, call, timestamp, nonce),
  }
}

type Verdict = { ok: true; nonce: string } | { ok: false; reason: string }
type Headers = Record<string, string | string[] | undefined>

export function checkDepartmentHeaders(
  appKey: string,
  secret: string,
  call: SignedCall,
  headers: Headers,
): Verdict {
  const timestamp = one(headers['x-timestamp'])
  const nonce = one(headers['x-nonce'])
  if (one(headers['x-app-key']) !== appKey) return { ok: false, reason: '应用标识错误' }
  if (nonce.length < 8) return { ok: false, reason: '随机数缺失' }
  if (!(Math.abs(Date.now() - Number(timestamp)) <= WINDOW_MS)) return { ok: false, reason: '时间戳超出范围' }
  const expected = departmentSignature(secret, call, timestamp, nonce)
  return same(expected, one(headers['x-signature'])) ? { ok: true, nonce } : { ok: false, reason: '签名错误' }
}

/** Standard Webhooks 1.0, symmetric: any `v1,<base64>` of the header may fit; `secret` is `whsec_` + Base64. */
export function checkWebhook(secret: string, headers: Headers, body: Buffer): boolean {
  const id = one(headers['webhook-id'])
  const timestamp = one(headers['webhook-timestamp'])
  if (id === '' || !(Math.abs(Date.now() - Number(timestamp) * 1000) <= WINDOW_MS)) return false
  const expected = webhookSignature(secret, id, timestamp, body)
  return one(headers['webhook-signature'])
    .split(' ')
    .some((signature) => same(signature, `v1,${expected}`))
}

/** Base64 of HMAC-SHA256 over `id.timestamp.body`. */
export function webhookSignature(
  secret: string,
  id: string,
  timestamp: string,
  body: Buffer | string,
): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
}

function departmentSignature(secret: string, call: SignedCall, timestamp: string, nonce: string): string {
  const digest = createHash('sha256').update(call.body).digest('hex')
  return createHmac('sha256', secret)
    .update(`${call.method}\n${call.target}\n${timestamp}\n${nonce}\n${digest}`)
    .digest('hex')
}

function one(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : (header?.[0] ?? '')
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
