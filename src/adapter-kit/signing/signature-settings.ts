// What settings may say of a signature over a canonical string, whoever's adapter they are of: as types, as JSON Schema,
// and as the scheme that they make.

import { secretSchema } from '../define.ts'
import type { Charset } from '../http.ts'
import { wrongSetting } from '../wrong-setting.ts'
import { placeholders } from './canonical.ts'
import type { Names } from './carried.ts'
import type { HmacScheme } from './hmac.ts'
import { type Digest, digests } from './keyed-hash.ts'
import type { SortedForm } from './parameters.ts'
import { type SignedForm, signedForms } from './signed-forms.ts'
import { type SignedTime, signedTimes } from './times.ts'

type HashEncoding = 'hex' | 'hex-upper' | 'base64'

export interface SignatureSettings {
  key?: string
  secret?: string
  previousSecret?: string
  secretEncoding?: 'text' | 'hex' | 'base64'
  algorithm?: 'hmac' | 'hash'
  digest?: Digest
  encoding?: HashEncoding
  time?: SignedTime
  canonical?: string
  bodyHash?: { digest?: Digest; encoding?: HashEncoding }
  sorted?: SortedForm
  headers?: Names & { bodyHash?: string }
  query?: Names
  body?: Names
  authorization?: string
  constant?: Readonly<Record<string, string>>
  windowSeconds?: number
}

interface Usual {
  charset?: Charset | undefined
  /** Of local times. */
  offset?: string | undefined
}

/**
 * @param name the form that is laid under the settings; of `hmac` only what travels is theirs as a whole
 * @throws AdapterFailure 'unrecognised' when key or secret is missing
 */
export function signatureScheme(
  name: keyof typeof signedForms | 'hmac',
  given: SignatureSettings,
  { charset, offset }: Usual,
): HmacScheme {
  const form: SignedForm = name === 'hmac' ? signedForms.house : signedForms[name]
  const { key, secret, previousSecret, headers, constant, windowSeconds, ...own } = given
  const elsewhere = given.query ?? given.body ?? given.authorization
  const named = elsewhere !== undefined || (name === 'hmac' && headers !== undefined)
  return {
    ...form,
    ...own,
    headers: named ? { ...headers } : { ...form.headers, ...headers },
    constantHeaders: { ...form.constantHeaders, ...constant },
    ...(windowSeconds === undefined ? {} : { windowMs: windowSeconds * 1000 }),
    ...(charset === undefined ? {} : { charset }),
    ...(offset === undefined ? {} : { offset }),
    key: needed(key, 'key', 'key: tongban'),
    secrets: [
      needed(secret, 'secret', 'secret: { env: DEPARTMENT_SECRET }'),
      ...(previousSecret ? [previousSecret] : []),
    ],
  }
}

function needed(value: string | undefined, name: string, example: string): string {
  if (value) return value
  throw wrongSetting(name, '缺失 (is missing)', example)
}

type Schema = Record<string, unknown>
const text = (description: string): Schema => ({ type: 'string', minLength: 1, description })
const one = (values: readonly unknown[], description: string): Schema => ({ enum: values, description })
const closed = (description: string, properties: Schema): Schema => ({
  type: 'object',
  description,
  additionalProperties: false,
  properties,
})

const names = {
  key: text('应用标识 · key'),
  timestamp: text('时间戳 · timestamp'),
  nonce: text('随机数 · nonce'),
  signature: text('签名 · signature'),
}
const headers = closed(
  '请求头名称；hmac 只用写明的 · names of the headers; hmac knows only those that are named',
  {
    ...names,
    bodyHash: text('正文摘要，如 Content-MD5 · hash of the body'),
  },
)
const encodings = ['hex', 'hex-upper', 'base64'] as const

const sorted = closed('{sortedBody}、{sortedParameters} 的写法 · how sorted parameters are written', {
  equals: { type: 'string', description: '名与值之间，默认 = · between name and value' },
  join: { type: 'string', description: '各对之间，默认 & · between pairs' },
  empty: { type: 'boolean', description: '空值是否参与，默认否 · whether empty ones take part' },
  escaped: { type: 'boolean', description: '是否百分号编码，默认否 · whether percent-encoded' },
})

/** Members of a JSON Schema. */
export const signatureProperties: Schema = {
  key: text('应用标识、用户名或客户端标识 · application key, user name or client id'),
  secret: secretSchema('密钥、令牌或口令', 'secret, token or password'),
  previousSecret: secretSchema('轮换期间仍有效的旧密钥', 'the old secret, valid while rotating'),
  secretEncoding: one(
    ['text', 'hex', 'base64'],
    '密钥写法，默认 text（UTF-8 字节） · how the secret is written',
  ),
  algorithm: one(
    ['hmac', 'hash'],
    'HMAC 或普通摘要 · keyed, or a plain digest of a text that holds {secret}',
  ),
  digest: one(digests, '摘要算法 · digest'),
  encoding: one(encodings, '签名编码 · encoding of the signature'),
  time: one(
    signedTimes,
    '时间戳写法；local 为 yyyyMMddHHmmss，local-spaced 为 yyyy-MM-dd HH:mm:ss，iso 为 UTC · how times are written',
  ),
  canonical: text(
    `待签名串，可含 ${placeholders.map((name) => `{${name}}`).join(' ')} · the string that is signed`,
  ),
  bodyHash: closed('{bodyHash} 的算法与编码，默认同 digest、十六进制 · how {bodyHash} is made', {
    digest: one(digests, '摘要算法 · digest'),
    encoding: one(encodings, '编码，默认 hex · encoding'),
  }),
  sorted,
  headers,
  query: closed('放入查询参数的名称 · names of the query parameters that carry it', names),
  body: closed(
    '放入正文字段的名称（JSON、表单或一层元素的 XML） · names of the body’s members that carry it',
    names,
  ),
  authorization: text(
    'Authorization 请求头，可含 {key} {timestamp} {nonce} {signature} · the header Authorization',
  ),
  constant: {
    type: 'object',
    description: '原样附加的请求头，如 x-tif-serviceid · headers sent as they are',
    additionalProperties: { type: 'string' },
  },
  windowSeconds: {
    type: 'integer',
    minimum: 1,
    maximum: 3600,
    description: '允许的时间偏差（秒） · how far a signed time may be from ours, s',
  },
}
