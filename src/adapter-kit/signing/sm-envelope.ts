// The envelope of the National Healthcare Security Administration (NHSA) and of those who copied it:
// { appId, timestamp, version, encType: "SM4", signType: "SM2", encData, signData }. `data` is signed as it is meant
// (sorted JSON among the other members, then the secret) and sent only enciphered. Each opened one is verified.

import { AdapterFailure } from '../failures.ts'
import { refuse, WINDOW_MS } from './scheme.ts'
import { sm2Signer, sm2Verifier } from './sm2.ts'
import { type Sm4, sm4, sm4KeyOf } from './sm4.ts'

export interface SmEnvelopeOptions {
  /** Who we are to them: appId. */
  key: string
  /** appSecret, the last part of what is signed. */
  secret: string
  /** Ours, signs: 32 bytes, hex or Base64. */
  privateKey: string
  /** Theirs, verifies: 65 bytes, hex or Base64. */
  peerPublicKey: string
  /** 16 bytes; absent, it is derived from appId and appSecret as NHSA does. */
  sm4Key?: string
  /** 16 bytes, then CBC instead of ECB. */
  sm4Iv?: string
  /** SM2 id of both sides; default 1234567812345678. */
  userId?: string
  /** Name of the member that holds `key`; default appId. */
  keyMember?: string
  /** Default 2.0.1. */
  version?: string
  /** Default: upper-case hex. */
  dataEncoding?: 'hex' | 'base64'
  /** Seconds, milliseconds, or yyyyMMddHHmmss in China's time; default the last. */
  time?: 's' | 'ms' | 'local'
  /** How far a message's time may be from ours; default 300 s. */
  windowMs?: number
}

export interface SmEnvelope {
  /** @param content an object with `data`; its other members go beside it, signed. @throws AdapterFailure 'unrecognised' */
  seal(content: unknown, at: Date): Record<string, unknown>
  isSealed(envelope: unknown): envelope is Record<string, unknown>
  /**
   * The envelope with `data` in place of encData and signData, after its signature was verified, and its time too when
   * `receivedAt` is given. @throws AdapterFailure 'unauthorised' or 'unrecognised'
   */
  open(envelope: unknown, receivedAt?: Date): Record<string, unknown>
}

export function smEnvelope(options: SmEnvelopeOptions): SmEnvelope {
  const { key, secret, userId, keyMember = 'appId', version = '2.0.1', dataEncoding = 'hex' } = options
  const cipher = sm4(
    options.sm4Key === undefined ? derivedKey(key, secret) : sm4KeyOf(options.sm4Key),
    options.sm4Iv === undefined ? undefined : sm4KeyOf(options.sm4Iv),
  )
  const sign = sm2Signer(options.privateKey, userId)
  const verify = sm2Verifier(options.peerPublicKey, userId)
  const isSealed = (value: unknown): value is Record<string, unknown> =>
    isObject(value) && typeof value.encData === 'string' && typeof value.signData === 'string'

  return {
    isSealed,
    seal(content, at) {
      if (!isObject(content) || content.data === undefined)
        throw unreadable('加密报文须含 data (what is sealed needs a member data)')
      const { data, ...beside } = content
      const outer = {
        ...beside,
        [keyMember]: key,
        version,
        timestamp: written(at, options.time),
        encType: 'SM4',
        signType: 'SM2',
      }
      const sealed = cipher.encrypt(Buffer.from(JSON.stringify(data)))
      const encData =
        dataEncoding === 'base64' ? sealed.toString('base64') : sealed.toString('hex').toUpperCase()
      return { ...outer, encData, signData: sign(smCanonical({ ...outer, data }, secret)) }
    },
    open(envelope, receivedAt) {
      if (!isSealed(envelope)) throw unreadable('不是加密报文 (is no sealed envelope)')
      const { encData, signData, ...outer } = envelope
      if (receivedAt) checkTime(outer.timestamp, receivedAt, options)
      const data = opened(cipher, String(encData), dataEncoding)
      if (!verify(smCanonical({ ...outer, data }, secret), String(signData))) refuse('signData does not fit')
      return { ...outer, data }
    },
  }
}

const unsigned = new Set(['signData', 'encData', 'extra'])

/**
 * What is signed: members but signData, encData and extra, without empty ones, by name in order, `name=value` joined by
 * `&`, objects as JSON with sorted names, and `key=<secret>` last.
 */
export function smCanonical(message: Readonly<Record<string, unknown>>, secret: string): string {
  const pairs = Object.keys(message)
    .filter((name) => !unsigned.has(name) && !isEmpty(message[name]))
    .sort()
    .map((name) => `${name}=${textOf(message[name])}`)
  return [...pairs, `key=${secret}`].join('&')
}

const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(sorted(value)) : String(value)
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const names = Object.keys(value)
    .filter((name) => !isEmpty(value[name]))
    .sort()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]))
}

/** The first 16 characters of upper-case hex of the secret, enciphered with the first 16 of the id. */
function derivedKey(key: string, secret: string): Buffer {
  const sealed = sm4(Buffer.from(key).subarray(0, 16)).encrypt(Buffer.from(secret))
  return Buffer.from(sealed.toString('hex').toUpperCase().slice(0, 16))
}

function opened(cipher: Sm4, encData: string, encoding: 'hex' | 'base64'): unknown {
  const plain = cipher.decrypt(Buffer.from(encData, encoding))
  try {
    if (plain) return JSON.parse(plain.toString())
  } catch {
    // said below: the text may be personal
  }
  throw unreadable('encData 无法解密 (encData cannot be deciphered)')
}

const CHINA_MS = 8 * 3600 * 1000

function written(at: Date, time: SmEnvelopeOptions['time'] = 'local'): string {
  if (time === 's') return String(Math.floor(at.getTime() / 1000))
  if (time === 'ms') return String(at.getTime())
  return new Date(at.getTime() + CHINA_MS).toISOString().replace(/\D/g, '').slice(0, 14)
}

function checkTime(text: unknown, receivedAt: Date, { time, windowMs = WINDOW_MS }: SmEnvelopeOptions): void {
  const signedAt = readTime(String(text), time)
  if (!(Math.abs(receivedAt.getTime() - signedAt) <= windowMs))
    refuse(`the time is more than ${windowMs / 1000} s away`)
}

function readTime(text: string, time: SmEnvelopeOptions['time'] = 'local'): number {
  if (time !== 'local') return Number(text) * (time === 's' ? 1000 : 1)
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  return parts
    ? Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}+08:00`)
    : NaN
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unreadable(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', what)
}
