// The envelope of the National Healthcare Security Administration (NHSA) and of those who copied it:
// { appId, timestamp, version, encType: "SM4", signType: "SM2", encData, signData }. `data` is signed as it is meant
// (sorted JSON among the other members, then the secret) and sent only enciphered. Each opened one is verified.
// Those who copied it renamed members and sign other strings: both are settings.

import { AdapterFailure } from '../failures.ts'
import { isRecord } from '../loose-json.ts'
import { below } from '../wrong-setting.ts'
import { refuse } from './scheme.ts'
import { compileSmCanonical } from './sm-canonical.ts'
import { sm2Signer, sm2Verifier } from './sm2.ts'
import { type Sm4, sm4, sm4KeyOf } from './sm4.ts'
import { checkSignedTime, type SignedTime, writeTime } from './times.ts'

/** How the envelope is written; what is not said is as NHSA has it. */
export interface SmEnvelopeForm {
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
  /** Names of the other members; an empty one leaves version, cipher or scheme out. */
  members?: Partial<typeof usualMembers>
  /** What `encType` and `signType` say; default SM4 and SM2. */
  cipherName?: string
  signatureName?: string
  /** What is signed, see sm-canonical.ts; default `{members}&key={secret}`. */
  canonical?: string
  /** Members that {members} leaves out; default signData, encData, extra. */
  unsigned?: readonly string[]
  /** Default Base64. Either is read. */
  signatureEncoding?: 'base64' | 'hex'
  /** Default: upper-case hex. */
  dataEncoding?: 'hex' | 'base64'
}

const usualMembers = {
  data: 'data',
  sealed: 'encData',
  signature: 'signData',
  timestamp: 'timestamp',
  version: 'version',
  cipher: 'encType',
  scheme: 'signType',
}

export interface SmEnvelopeOptions extends SmEnvelopeForm {
  /** Who we are to them: appId. */
  key: string
  /** appSecret, the last part of what is signed. */
  secret: string
  /** Ours, signs: 32 bytes, hex or Base64. */
  privateKey: string
  /** Theirs, verifies: 65 bytes, hex or Base64. */
  peerPublicKey: string
  /** Default `local`: yyyyMMddHHmmss in China's time. */
  time?: SignedTime
  /** How far a message's time may be from ours; default 300 s. */
  windowMs?: number
}

export interface SmEnvelope {
  /**
   * @param content an object with `data`; its other members go beside it, signed. @throws AdapterFailure
   * 'unrecognised'
   */
  seal(content: unknown, at: Date): Record<string, unknown>
  isSealed(envelope: unknown): envelope is Record<string, unknown>
  /**
   * The envelope with `data` in place of encData and signData, after its signature was verified, and its time too when
   * `receivedAt` is given. @throws AdapterFailure 'unauthorised' or 'unrecognised'
   */
  open(envelope: unknown, receivedAt?: Date): Record<string, unknown>
}

export function smEnvelope(options: SmEnvelopeOptions): SmEnvelope {
  const { key, secret, userId, dataEncoding = 'hex', time = 'local', windowMs } = options
  const members = { ...usualMembers, ...options.members }
  const cipher = sm4(
    options.sm4Key === undefined ? derivedKey(key, secret) : keyOf('sm4Key', options.sm4Key),
    options.sm4Iv === undefined ? undefined : keyOf('sm4Iv', options.sm4Iv),
  )
  const sign = below('privateKey', () => sm2Signer(options.privateKey, userId))
  const verify = below('peerPublicKey', () => sm2Verifier(options.peerPublicKey, userId))
  const canonical = compileSmCanonical(options, members)
  const isSealed = (value: unknown): value is Record<string, unknown> =>
    isRecord(value) &&
    typeof value[members.sealed] === 'string' &&
    typeof value[members.signature] === 'string'

  return {
    isSealed,
    seal(content, at) {
      if (!isRecord(content) || content[members.data] === undefined)
        throw unreadable(`加密报文须含 (what is sealed needs a member) ${members.data}`)
      const { [members.data]: data, ...beside } = content
      const outer = { ...beside, ...headOf(options, members, writeTime(time, at)) }
      const sealed = cipher.encrypt(Buffer.from(JSON.stringify(data)))
      const written =
        dataEncoding === 'base64' ? sealed.toString('base64') : sealed.toString('hex').toUpperCase()
      const signature = inEncoding(sign(canonical(outer, data, written)), options.signatureEncoding)
      return { ...outer, [members.sealed]: written, [members.signature]: signature }
    },
    open(envelope, receivedAt) {
      if (!isSealed(envelope)) throw unreadable('不是加密报文 (is no sealed envelope)')
      const { [members.sealed]: sealed, [members.signature]: signature, ...outer } = envelope
      if (receivedAt) checkSignedTime(String(outer[members.timestamp]), receivedAt, { time, windowMs })
      const data = opened(cipher, String(sealed), dataEncoding)
      if (!verify(canonical(outer, data, String(sealed)), String(signature)))
        refuse(`${members.signature} 不符`, `${members.signature} does not fit`)
      return { ...outer, [members.data]: data }
    },
  }
}

const keyOf = (setting: string, text: string): Buffer => below(setting, () => sm4KeyOf(text))

/** The members that say who sends what, when. */
function headOf(
  {
    key,
    keyMember = 'appId',
    version = '2.0.1',
    cipherName = 'SM4',
    signatureName = 'SM2',
  }: SmEnvelopeOptions,
  members: typeof usualMembers,
  timestamp: string,
): Record<string, string> {
  const head = {
    [keyMember]: key,
    [members.version]: version,
    [members.timestamp]: timestamp,
    [members.cipher]: cipherName,
    [members.scheme]: signatureName,
  }
  return Object.fromEntries(Object.entries(head).filter(([name]) => name !== ''))
}

const inEncoding = (base64: string, encoding: 'base64' | 'hex' = 'base64'): string =>
  encoding === 'base64' ? base64 : Buffer.from(base64, 'base64').toString('hex')

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

function unreadable(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', what)
}
