// JSON Schema of `signing:`.

import { secretSchema } from '../../src/adapter-kit/define.ts'
import { closed, one, table, text, whole } from './schema-words.ts'
import { signingSchemes } from './settings.ts'

const envelope = closed('国密报文 (scheme: sm2-sm4) · the sealed envelope', {
  privateKey: secretSchema(
    '我方 SM2 私钥（32 字节，十六进制或 Base64）',
    'our SM2 private key, 32 bytes in hex or Base64',
  ),
  peerPublicKey: text('对方 SM2 公钥（65 字节，十六进制或 Base64） · their SM2 public key, 65 bytes'),
  sm4Key: secretSchema(
    'SM4 密钥；未填则由应用标识与密钥推导',
    'SM4 key; absent: derived from key and secret',
  ),
  sm4Iv: text('SM4 初始向量；填写则为 CBC · iv, then CBC instead of ECB'),
  userId: text('SM2 用户标识，默认 1234567812345678 · SM2 id of both sides'),
  keyMember: text('应用标识的字段名，默认 appId · member that holds the key'),
  version: text('默认 2.0.1 · version'),
  dataEncoding: one(
    ['hex', 'base64'],
    'encData 的编码，默认大写十六进制 · encoding of encData, default upper-case hex',
  ),
  plainAnswers: {
    type: 'boolean',
    description: '应答不加密，默认否 · answers come unsealed, default false',
  },
})

const headers = closed('请求头名称 · names of the headers', {
  key: text('应用标识 · key'),
  timestamp: text('时间戳 · timestamp'),
  nonce: text('随机数 · nonce'),
  signature: text('签名 · signature'),
})

export const signingSchema = closed('签名方式，双向相同 · how both directions are signed', {
  scheme: one(signingSchemes, '方式；house 预设默认 house，其余默认 none · scheme'),
  key: text('应用标识、用户名或客户端标识 · application key, user name or client id'),
  secret: secretSchema('密钥、令牌或口令', 'secret, token or password'),
  previousSecret: secretSchema('轮换期间仍有效的旧密钥', 'the old secret, valid while rotating'),
  algorithm: one(
    ['hmac', 'hash'],
    'HMAC 或普通摘要 · keyed, or a plain digest of a text that holds {secret}',
  ),
  digest: one(['sha256', 'sm3'], '摘要算法 · digest'),
  encoding: one(['hex', 'hex-upper', 'base64'], '签名编码 · encoding of the signature'),
  time: one(['ms', 's', 'rfc1123', 'local'], '时间戳写法；local 为 yyyyMMddHHmmss · how times are written'),
  canonical: text(
    '待签名串，可含 {method} {target} {path} {query} {sortedQuery} {key} {secret} {timestamp} {nonce} {bodyHash} · the string that is signed',
  ),
  headers,
  constant: table('原样附加的请求头，如 x-tif-serviceid · headers sent as they are', { type: 'string' }),
  windowSeconds: whole(1, 3600, '允许的时间偏差（秒） · how far a signed time may be from ours, s'),
  tokenUrl: text('OAuth2 令牌地址 · token endpoint', { format: 'uri', pattern: '^https?://' }),
  clientAuthentication: one(
    ['client_secret_basic', 'client_secret_post'],
    '客户端凭证的传递方式，默认 client_secret_basic · how the client proves itself',
  ),
  scope: text('OAuth2 范围 · scope'),
  resource: text('OAuth2 资源标识 (RFC 8707) · resource'),
  marginSeconds: whole(0, 3600, '令牌到期前多少秒更新，默认 60 · renewed so long before it ends, s'),
  envelope,
})
