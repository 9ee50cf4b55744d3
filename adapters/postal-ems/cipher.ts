// The sealing of EMS messages: SM4-ECB with PKCS#7 padding (GB/T 32907), prefix `|$4|`, Base64.
// Must not know what it seals. ECB and a shared key are the carrier's choice, kept only because its wire demands it.

import { createCipheriv, createDecipheriv } from 'node:crypto'

const PREFIX = '|$4|'
const KEY_BYTES = 16

/** The 16 key bytes inside a signKey (Base64), or null when it is no such key. */
export function keyOf(signKey: string): Buffer | null {
  const key = Buffer.from(signKey, 'base64')
  return key.length === KEY_BYTES ? key : null
}

/** Seals JSON text as `logitcsInterface`: the Base64 text of the signKey is appended before encryption. */
export function seal(json: string, signKey: string): string {
  const cipher = createCipheriv('sm4-ecb', requireKey(signKey), null)
  return PREFIX + cipher.update(json + signKey, 'utf8', 'base64') + cipher.final('base64')
}

/**
 * Opens a sealed text; null when the key does not fit. Pushes come without the appended signKey and
 * answers with it, so it is taken off only where present.
 */
export function unseal(sealed: string, signKey: string): string | null {
  if (!sealed.startsWith(PREFIX)) return null
  try {
    const decipher = createDecipheriv('sm4-ecb', requireKey(signKey), null)
    const plain = decipher.update(sealed.slice(PREFIX.length), 'base64', 'utf8') + decipher.final('utf8')
    return plain.endsWith(signKey) ? plain.slice(0, -signKey.length) : plain
  } catch {
    return null
  }
}

function requireKey(signKey: string): Buffer {
  const key = keyOf(signKey)
  if (!key) throw new RangeError('the signKey must be the Base64 of 16 bytes')
  return key
}
