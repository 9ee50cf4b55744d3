// SF's proof of origin: msgDigest = Base64(MD5_raw(URLEncode(msgData + timestamp + checkword))).
// MD5 is the carrier's choice, kept only because its wire demands it.

import { createHash } from 'node:crypto'
import { javaUrlEncode } from './java-url-encoder.ts'

/** @param msgData exactly the string that is sent @param timestamp milliseconds, as sent */
export function msgDigest(msgData: string, timestamp: string, checkword: string): string {
  return createHash('md5')
    .update(javaUrlEncode(msgData + timestamp + checkword))
    .digest('base64')
}

/** A UUID that is the same for the same words: a request's number, without memory and without chance. */
export function requestNumber(...words: string[]): string {
  const hex = createHash('sha256').update(words.join('\n')).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}
