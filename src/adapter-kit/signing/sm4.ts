// SM4 (GB/T 32907) with PKCS#7 padding, by Node's own ECB and CBC. Must not be used where integrity is wanted without
// a signature beside it: neither mode notices a change.

import { createCipheriv, createDecipheriv } from 'node:crypto'
import { AdapterFailure } from '../failures.ts'

export interface Sm4 {
  encrypt(plain: Buffer): Buffer
  /** Undefined when the padding does not fit: another key, or not SM4. */
  decrypt(sealed: Buffer): Buffer | undefined
}

const BYTES = 16

/** @param key 16 bytes; @param iv 16 bytes, then the mode is CBC */
export function sm4(key: Buffer, iv?: Buffer): Sm4 {
  if (key.length !== BYTES || (iv && iv.length !== BYTES))
    throw new AdapterFailure('unrecognised', 'SM4 密钥与初始向量各 16 字节 (key and iv are 16 bytes each)', {
      sent: false,
    })
  const name = iv ? 'sm4-cbc' : 'sm4-ecb'
  return {
    encrypt(plain) {
      const cipher = createCipheriv(name, key, iv ?? null)
      return Buffer.concat([cipher.update(plain), cipher.final()])
    },
    decrypt(sealed) {
      try {
        const decipher = createDecipheriv(name, key, iv ?? null)
        return Buffer.concat([decipher.update(sealed), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}

/** 16 bytes as 32 hex digits or as 16 characters. */
export function sm4KeyOf(text: string): Buffer {
  return /^[0-9a-fA-F]{32}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text)
}
