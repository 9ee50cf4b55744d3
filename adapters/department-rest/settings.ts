// What config/systems/*.yaml may say of a department that speaks REST. Declared once: type and schema side by side.
// Must hold no default of a secret.

import { type CaseEventType, caseEventTypes } from '../../src/adapter-kit/contract.ts'
import { secretSchema } from '../../src/adapter-kit/define.ts'
import type { Charset, TlsOptions } from '../../src/adapter-kit/http.ts'
import { type Codes, meanings, type Speech, type SpokenOperation, spokenOperations } from './dialect.ts'

export interface DepartmentSettings {
  baseUrl: string
  preset?: 'house'
  charset?: Charset
  utcOffset?: string
  signing?: SigningSettings
  tls?: TlsOptions
  answer?: AnswerSettings
  codes?: Codes
  operations?: { [K in SpokenOperation]?: OperationSettings }
  files?: 'link' | 'inline' | 'none'
  linkSeconds?: number
  statuses?: Readonly<Record<string, CaseEventType | null>>
  incoming?: IncomingSettings
  check?: Pick<Speech, 'method' | 'path'>
}

export interface SigningSettings {
  scheme?:
    | 'none'
    | 'bearer'
    | 'basic'
    | 'standard-webhooks'
    | 'house'
    | 'guangdong-tif'
    | 'zhejiang-irs'
    | 'hmac'
  key?: string
  secret?: string
  previousSecret?: string
  algorithm?: 'hmac' | 'hash'
  digest?: 'sha256' | 'sm3'
  encoding?: 'hex' | 'base64'
  time?: 'ms' | 's' | 'rfc1123'
  canonical?: string
  headers?: { key?: string; timestamp?: string; nonce?: string; signature?: string }
}

/** JSONata expressions over the answer. */
export interface AnswerSettings {
  code?: string
  message?: string
  reference?: string
  retryAfterMs?: string
  found?: string
}

export interface RequestSettings {
  method: Speech['method']
  path: string
  headers?: Record<string, string>
  body?: unknown
}

export interface OperationSettings {
  send?: RequestSettings
  answer?: AnswerSettings
  codes?: Codes
  find?: RequestSettings & { answer?: AnswerSettings; codes?: Codes }
  honoursKey?: boolean
}

export const incomingFields = [
  'eventId',
  'caseId',
  'reference',
  'status',
  'time',
  'reason',
  'limitDays',
  'materials',
  'result',
] as const
export type IncomingField = (typeof incomingFields)[number]

export type IncomingSettings = { [K in IncomingField]?: string } & {
  each?: string
  verify?: boolean
  acknowledge?: { ok?: unknown; failed?: unknown; failedStatus?: number }
}

type Schema = Record<string, unknown>
const text = (description: string, more: Schema = {}): Schema => ({
  type: 'string',
  minLength: 1,
  description,
  ...more,
})
const expression = (description: string) => text(`${description} (JSONata)`)
const closed = (description: string, properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  description,
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
  properties,
})
const table = (description: string, values: Schema): Schema => ({
  type: 'object',
  description,
  additionalProperties: values,
})

const answer = closed('如何读取应答 · how an answer is read', {
  code: expression('应答代码 · its code'),
  message: expression('说明 · its message'),
  reference: expression('部门办件编号 · the department’s own number'),
  retryAfterMs: expression('要求等待的毫秒数 · how long it asks us to wait, ms'),
  found: expression('查询结果为真表示已办成 · true when the thing asked for did happen'),
})
const codes = table(
  '代码（或“2*”前缀）的含义；未列出的一律视为无法识别 · what each code (or prefix) means; others are unrecognised',
  {
    enum: meanings,
  },
)
const request = {
  method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
  path: text('路径，可含 {caseId} 等占位 · path with query; {caseId}, {matter.code}, {key} … are filled in', {
    pattern: '^/',
  }),
  headers: table('请求头，同样可含占位 · headers, filled in the same way', { type: 'string' }),
  body: {
    type: ['string', 'object', 'array'],
    description:
      'JSONata；或模板，其中以 = 开头的文本为 JSONata · JSONata, or a template in which texts beginning with = are JSONata',
  },
}
const operation = closed('一种操作 · one operation', {
  send: closed('请求 · the request', request, ['method', 'path']),
  answer,
  codes,
  find: closed(
    '如何查明先前一次是否到达 · how to find out whether an earlier try arrived',
    { ...request, answer, codes },
    ['method', 'path'],
  ),
  honoursKey: {
    type: 'boolean',
    description: '部门按我方编号去重，可安全重发 · one effect per key, so sending again is safe',
  },
})

const signing = closed('签名方式，双向相同 · how both directions are signed', {
  scheme: {
    enum: ['none', 'bearer', 'basic', 'standard-webhooks', 'house', 'guangdong-tif', 'zhejiang-irs', 'hmac'],
  },
  key: text('应用标识或用户名 · application key or user name'),
  secret: secretSchema('密钥或令牌', 'secret or token'),
  previousSecret: secretSchema('轮换期间仍有效的旧密钥', 'the old secret, valid while rotating'),
  algorithm: { enum: ['hmac', 'hash'] },
  digest: { enum: ['sha256', 'sm3'] },
  encoding: { enum: ['hex', 'base64'] },
  time: { enum: ['ms', 's', 'rfc1123'] },
  canonical: text(
    '待签名串，可含 {method} {target} {path} {query} {sortedQuery} {key} {secret} {timestamp} {nonce} {bodyHash} · the string that is signed',
  ),
  headers: closed('请求头名称 · names of the headers', {
    key: text('key'),
    timestamp: text('timestamp'),
    nonce: text('nonce'),
    signature: text('signature'),
  }),
})

const tls = closed('双向 TLS 与专用根证书 (PEM) · mutual TLS and pinned authority', {
  ca: text('信任的根证书 · the only authority trusted'),
  cert: text('我方证书 · our certificate'),
  key: secretSchema('我方私钥', 'our private key'),
  passphrase: secretSchema('私钥口令', 'its passphrase'),
  servername: text('证书中的名称 · name in their certificate'),
})

const template = {
  type: ['string', 'object'],
  description: '应答模板，可含 {code} {detail} · template; {code} and {detail} are filled in',
}
const incoming = closed('如何读取部门推送的消息 · how its own messages are read', {
  each: expression('一条消息含多个事件时的列表 · the list, when one message tells of several things'),
  ...Object.fromEntries(incomingFields.map((field) => [field, expression(field)])),
  verify: { type: 'boolean', description: '是否验签，默认是 · whether signatures are checked; default true' },
  acknowledge: closed('如何应答 · how it is answered', {
    ok: template,
    failed: template,
    failedStatus: {
      type: 'integer',
      minimum: 200,
      maximum: 599,
      description: '失败时固定的 HTTP 状态 · HTTP status of refusals',
    },
  }),
})

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed(
    'REST 部门系统 · a department that speaks REST',
    {
      preset: {
        enum: ['house'],
        description: '内置格式；其余设置覆盖它 · a complete format; other settings are laid over it',
      },
      baseUrl: text('接口地址 · address of the interface', { format: 'uri', pattern: '^https?://' }),
      charset: {
        enum: ['utf-8', 'gbk', 'gb18030'],
        description: '编码，默认 utf-8 · charset, default utf-8',
      },
      utcOffset: text('部门时间的时区偏移，默认 +08:00 (Asia/Shanghai) · offset of its local times', {
        pattern: '^[+-]\\d{2}:\\d{2}$',
      }),
      signing,
      tls,
      answer,
      codes,
      operations: closed(
        '各操作 · the operations it offers',
        Object.fromEntries(spokenOperations.map((name) => [name, operation])),
      ),
      files: {
        enum: ['link', 'inline', 'none'],
        description: '文件以链接、Base64 或不传送，默认链接 · how files travel, default link',
      },
      linkSeconds: { type: 'integer', minimum: 60, description: '链接有效秒数 · how long links live' },
      statuses: table(
        '状态代码 -> 事件；null 表示无需记录 · status code -> event; null when it tells nothing we track',
        { enum: [...caseEventTypes, null] },
      ),
      incoming,
      check: closed(
        '无副作用的探测请求 · a request without effect, to prove the connection',
        { method: { enum: ['GET', 'POST'] }, path: request.path },
        ['method', 'path'],
      ),
    },
    ['baseUrl'],
  ),
}
