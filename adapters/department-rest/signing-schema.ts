// JSON Schema of `signing:`.

import { secretSchema } from '../../src/adapter-kit/define.ts'
import { closed, one, table, text, whole } from '../../src/adapter-kit/schema-words.ts'
import { signatureProperties, smPlaceholders } from '../../src/adapter-kit/signing.ts'
import { signingSchemes } from './settings.ts'

const listed = (known: readonly string[]): string => known.map((name) => `{${name}}`).join(' ')

const optional = (description: string) => ({ type: 'string', description })
const members = closed('报文字段名 · names of the envelope’s members', {
  data: text('明文，默认 data · what is sealed'),
  sealed: text('密文，默认 encData · the sealed data'),
  signature: text('签名，默认 signData · the signature'),
  timestamp: text('时间，默认 timestamp · the time'),
  version: optional('版本，默认 version；空则不写 · the version; empty: left out'),
  cipher: optional('加密算法，默认 encType；空则不写 · the cipher; empty: left out'),
  scheme: optional('签名算法，默认 signType；空则不写 · the signature’s scheme; empty: left out'),
})

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
  members,
  cipherName: text('encType 的值，默认 SM4 · what encType says'),
  signatureName: text('signType 的值，默认 SM2 · what signType says'),
  canonical: text(
    `待签名串，可含 ${listed(smPlaceholders)}，默认 {members}&key={secret} · the string that is signed`,
  ),
  unsigned: {
    type: 'array',
    items: text('字段名 · member'),
    description: '不进入 {members} 的字段，默认 signData encData extra · members that are not signed',
  },
  signatureEncoding: one(['base64', 'hex'], '签名编码，默认 base64 · encoding of the signature'),
  dataEncoding: one(
    ['hex', 'base64'],
    'encData 的编码，默认大写十六进制 · encoding of encData, default upper-case hex',
  ),
  plainAnswers: {
    type: 'boolean',
    description: '应答不加密，默认否 · answers come unsealed, default false',
  },
})

const token = closed(
  '令牌，与任一签名方式合用；不填 fields 则按 RFC 6749 客户端凭证 · a token beside any scheme; without fields as RFC 6749 has it',
  {
    url: text('令牌地址 · where it is asked for', {
      format: 'uri',
      pattern: '^https?://',
      examples: ['https://system.example/api/token'],
    }),
    key: text('{key}，默认同签名 · default: that of the signature'),
    secret: secretSchema('{secret}，默认同签名', 'default: that of the signature'),
    as: one(
      ['form', 'json', 'query'],
      '传递方式，默认 form；query 为 GET · how fields travel, default form; query is a GET',
    ),
    fields: table('全部字段，可含 {key} {secret} · all that is sent', { type: 'string' }),
    answer: closed('应答中的位置，以点分隔 · where its answer holds them, dotted', {
      token: text('令牌，默认 access_token · the token'),
      seconds: text('有效秒数，默认 expires_in · its life in seconds'),
    }),
    header: text('放令牌的请求头，默认 Authorization · the header that shows it', {
      pattern: '^[\\w-]+$',
      examples: ['X-Access-Token'],
    }),
    value: text('请求头的值，默认 Bearer {token} · what it says', {
      pattern: '\\{token\\}',
      examples: ['{token}'],
    }),
    marginSeconds: whole('令牌到期前多少秒更新，默认 60 · renewed so long before it ends, s', 0, 3600),
  },
  ['url'],
)

export const signingSchema = closed('签名方式，双向相同 · how both directions are signed', {
  scheme: one(signingSchemes, '方式；house 预设默认 house，其余默认 none · scheme'),
  ...signatureProperties,
  tokenUrl: text('OAuth2 令牌地址 · token endpoint', {
    format: 'uri',
    pattern: '^https?://',
    examples: ['https://system.example/api'],
  }),
  clientAuthentication: one(
    ['client_secret_basic', 'client_secret_post'],
    '客户端凭证的传递方式，默认 client_secret_basic · how the client proves itself',
  ),
  scope: text('OAuth2 范围 · scope'),
  resource: text('OAuth2 资源标识 (RFC 8707) · resource'),
  marginSeconds: whole('令牌到期前多少秒更新，默认 60 · renewed so long before it ends, s', 0, 3600),
  token,
  envelope,
})
