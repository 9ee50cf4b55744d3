// The settings of one platform, declared once: validation, masking and the docs derive from the schema.
// Must hold no secret: those are named in config/systems/*.yaml and resolved before `create`.

import type { Charset } from '../../src/adapter-kit/http.ts'
import type { FieldMap } from './field-map.ts'

/** `settings:` of a system whose adapter is platform-rest. */
export interface PlatformSettings {
  /** Left out: the platform is not called back. */
  callbacks?: CallbackSettings
  /** Left out: the platform sends the canonical submission. */
  incoming?: IncomingSettings
}

export interface CallbackSettings {
  url: string
  /** `whsec_<base64>`; while one is being rotated, the new one first and the old one after it. */
  secrets: readonly string[]
  token?: string
  source?: string
  answer?: AnswerSettings
}

/** For platforms that answer 200 to everything and say the truth in the body. */
export interface AnswerSettings {
  field: string
  ok: readonly string[]
  duplicate?: readonly string[]
  unavailable?: readonly string[]
  rejected?: readonly string[]
}

export interface IncomingSettings {
  charset?: Charset
  signature?: 'none' | 'standard-webhooks'
  secrets?: readonly string[]
  preset?: 'county-pinyin'
  fields?: FieldMap
  jsonata?: string
  acknowledge?: AcknowledgeSettings
}

export interface AcknowledgeSettings {
  accepted?: unknown
  refused?: unknown
  acceptedStatus?: number
  /** Left out: the status of the refusal itself. */
  refusedStatus?: number
}

const secret = (description: string) => ({ type: 'string', minLength: 1, writeOnly: true, description })
const codes = (description: string) => ({ type: 'array', description, items: { type: 'string' } })
const webhookSecrets = {
  type: 'array',
  description: '签名密钥 whsec_…，轮换期间新旧并存 · signing secrets, newest first',
  minItems: 1,
  maxItems: 2,
  items: secret('whsec_ 加 Base64 · whsec_ and Base64'),
}
const status = (description: string) => ({ type: 'integer', minimum: 200, maximum: 599, description })

const callbacks = {
  type: 'object',
  description: '状态回调 · callbacks with status',
  additionalProperties: false,
  required: ['url', 'secrets'],
  properties: {
    url: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      description: '平台接收事件的完整地址 · full address that takes events',
    },
    secrets: webhookSecrets,
    token: secret('另需 Bearer 令牌时填写 · bearer token, where one is asked for beside the signature'),
    source: {
      type: 'string',
      minLength: 1,
      default: '/tongban',
      description: 'CloudEvents source',
    },
    answer: {
      type: 'object',
      description:
        '平台以 200 回复一切、真实结果写在正文时填写 · for platforms that tell the outcome in the body',
      additionalProperties: false,
      required: ['field', 'ok'],
      properties: {
        field: { type: 'string', minLength: 1, description: '结果码字段 · member with the code, dotted' },
        ok: { ...codes('成功 · taken'), minItems: 1 },
        duplicate: codes('已收到过 · had it already'),
        unavailable: codes('对方故障，稍后重试 · its own fault, try again'),
        rejected: codes('明确拒绝 · refused'),
      },
    },
  },
}

const incoming = {
  type: 'object',
  description: '平台自有格式的申办 · submissions in the platform’s own format',
  additionalProperties: false,
  dependentSchemas: {
    signature: {
      if: { properties: { signature: { const: 'standard-webhooks' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['secrets'] },
    },
  },
  properties: {
    charset: {
      enum: ['utf-8', 'gbk', 'gb18030'],
      default: 'utf-8',
      description:
        'Content-Type 未注明时的字符集 · charset where Content-Type names none, and of our answers',
    },
    signature: {
      enum: ['none', 'standard-webhooks'],
      default: 'none',
      description:
        '消息签名；none 时由网关客户端令牌认证 · none: the gateway’s client token proves who sends',
    },
    secrets: webhookSecrets,
    preset: { enum: ['county-pinyin'], description: '现成的字段对照 · ready-made mapping' },
    fields: {
      $ref: '#/$defs/fieldMap',
      description: '字段对照，叠加在 preset 之上 · field map, laid over the preset',
    },
    jsonata: {
      type: 'string',
      minLength: 1,
      description: '对照以外的结构用 JSONata，替代 fields · JSONata in place of fields',
    },
    acknowledge: {
      type: 'object',
      description: '答复模板，{{路径}} 取值 · answer templates; {{path}} takes a value',
      additionalProperties: false,
      properties: {
        accepted: { description: '受理时 · when taken' },
        refused: { description: '拒收时 · when refused' },
        acceptedStatus: status('默认 200 · default 200'),
        refusedStatus: status('默认为拒收原因的状态码 · default: the status of the refusal'),
      },
    },
  },
}

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  properties: { callbacks, incoming },
  $defs: {
    fieldMap: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string', minLength: 1 }, { $ref: '#/$defs/fieldRule' }] },
    },
    fieldRule: {
      type: 'object',
      additionalProperties: false,
      properties: {
        from: { type: 'string', minLength: 1, description: '来源字段 · their member, dotted' },
        values: { type: 'object', description: '代码对照 · their code to our word' },
        default: { description: '缺省值 · when they left it out' },
        list: { type: 'boolean', description: '单个值视为一项的列表 · a single value becomes a list' },
        each: { $ref: '#/$defs/fieldMap', description: '列表中每一项的对照 · map of each entry of a list' },
      },
    },
  },
}
