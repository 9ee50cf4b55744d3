// SM2 signatures (GB/T 32918.2): SM3 over Z and the text, Z made with the signer's id. Node's own sign() is not used:
// with a generated key it makes plain ECDSA, with an imported one an empty id, and nobody else can verify either.

import { createRequire } from 'node:module'
import { AdapterFailure } from '../failures.ts'

/** Loaded by whoever signs with SM2, and by nobody else: it costs 16 MB and 70 ms. */
const loaded = (): typeof import('sm-crypto-v2').sm2 => require('sm-crypto-v2').sm2
const require = createRequire(import.meta.url)

/** What both sides assume where nothing is agreed (GM/T 0009). */
const USUAL_ID = '1234567812345678'

/** @returns Base64 of r ‖ s, 64 bytes. @param privateKey 32 bytes, hex or Base64 */
export function sm2Signer(privateKey: string, userId = USUAL_ID): (text: string) => string {
  const sm2 = loaded()
  const key = privateKeyOf(privateKey)
  const publicKey = sm2.getPublicKeyFromPrivateKey(key)
  return (text) =>
    Buffer.from(sm2.doSignature(text, key, { hash: true, publicKey, userId }), 'hex').toString('base64')
}

/** Whether a signature (r ‖ s or DER, in Base64 or hex) fits. @param publicKey 65 bytes 04 ‖ x ‖ y, hex or Base64 */
export function sm2Verifier(
  publicKey: string,
  userId = USUAL_ID,
): (text: string, signature: string) => boolean {
  const sm2 = loaded()
  const point = publicKeyOf(publicKey)
  return (text, signature) => {
    const bytes = bytesOf(signature)
    const der = bytes.length !== SIGNATURE_BYTES && bytes[0] === DER_SEQUENCE
    if (!der && bytes.length !== SIGNATURE_BYTES) return false
    try {
      return sm2.doVerifySignature(text, bytes.toString('hex'), point, { hash: true, der, userId })
    } catch {
      return false
    }
  }
}

const DER_SEQUENCE = 0x30
const SIGNATURE_BYTES = 64
const KEY_BYTES = 32

function privateKeyOf(text: string): string {
  const bytes = bytesOf(text)
  const key = bytes.length === KEY_BYTES + 1 && bytes[0] === 0 ? bytes.subarray(1) : bytes
  if (key.length !== KEY_BYTES) throw unusable('私钥 (the SM2 private key) 应为 32 字节 (is not 32 bytes)')
  return key.toString('hex')
}

function publicKeyOf(text: string): string {
  const bytes = bytesOf(text)
  const key = bytes.length === KEY_BYTES * 2 ? Buffer.concat([Buffer.from([4]), bytes]) : bytes
  const hex = key.toString('hex')
  if (key.length === KEY_BYTES * 2 + 1 && isPoint(hex)) return hex
  throw unusable('公钥 (the SM2 public key) 不在曲线上 (is no point of the curve)')
}

function isPoint(hex: string): boolean {
  try {
    return loaded().verifyPublicKey(hex)
  } catch {
    return false
  }
}

function bytesOf(text: string): Buffer {
  const plain = text.trim()
  return /^([0-9a-fA-F]{2})+$/.test(plain) ? Buffer.from(plain, 'hex') : Buffer.from(plain, 'base64')
}

function unusable(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', what, { sent: false })
}
