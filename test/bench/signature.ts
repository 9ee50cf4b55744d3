// The house signature of a department's callback, as cheap as node:crypto allows. Only signs: what it is sent
// to verifies.

import { createHmac, hash } from 'node:crypto'

let nonce = 0

/**
 * The four signed header fields, each ended by CRLF; HMAC-SHA256 over METHOD, path, time, nonce and the
 * body's SHA-256.
 */
export function signedFields(appKey: string, secret: string, path: string, body: string): string {
  const timestamp = Date.now()
  nonce++
  const canonical = `POST\n${path}\n${timestamp}\nb${nonce}\n${hash('sha256', body)}`
  const signature = createHmac('sha256', secret).update(canonical).digest('hex')
  return `x-app-key: ${appKey}\r\nx-timestamp: ${timestamp}\r\nx-nonce: b${nonce}\r\nx-signature: ${signature}\r\n`
}
