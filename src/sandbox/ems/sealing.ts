// The post's own half of the sealing: SM4-ECB, `|$4|`, Base64.
// Written apart from the adapter on purpose: a simulator must not borrow the code it tests.

import { createCipheriv, createDecipheriv } from 'node:crypto'

const MARK = '|$4|'

/** What the customer sent, or null when it was not sealed with this key or lacks the key's text at its end. */
export function openOrder(sealed: string, signKey: string): unknown {
  if (!sealed.startsWith(MARK)) return null
  try {
    const sm4 = createDecipheriv('sm4-ecb', Buffer.from(signKey, 'base64'), null)
    const plain = Buffer.concat([sm4.update(Buffer.from(sealed.slice(MARK.length), 'base64')), sm4.final()])
    const text = plain.toString('utf8')
    return text.endsWith(signKey) ? JSON.parse(text.slice(0, text.length - signKey.length)) : null
  } catch {
    return null
  }
}

/** A push, sealed without the key's text, as observed. */
export function sealPush(content: unknown, signKey: string): string {
  const sm4 = createCipheriv('sm4-ecb', Buffer.from(signKey, 'base64'), null)
  return MARK + Buffer.concat([sm4.update(JSON.stringify(content), 'utf8'), sm4.final()]).toString('base64')
}
