// JSON Schema (2020-12) of the settings: validation, masking, the console's form and the docs derive from it.
// Must say in both languages what each setting is for.

import { EVENT_SOURCE } from '../../src/adapter-kit/event-source.ts'
import { signatureProperties, signedForms } from '../../src/adapter-kit/signing.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { TIME_PATTERN } from './times.ts'

const secret = (description: string) => ({ type: 'string', minLength: 1, writeOnly: true, description })
const codes = (description: string) => ({ type: 'array', description, items: { type: 'string' } })
const webhookSecrets = (description: string, each: string) => ({
  type: 'array',
  description,
  minItems: 1,
  maxItems: 4,
  items: secret(each),
})
const digest = {
  enum: ['sha256', 'sm3', 'both'],
  default: 'sha256',
  description:
    'whsec_ 密钥的算法：sha256 为 v1，sm3（国密）为 v1sm3，both 为两者（过渡期） · of whsec_ secrets: v1, v1sm3 where national algorithms are asked for, or both while changing over',
}
const status = (description: string) => ({ type: 'integer', minimum: 200, maximum: 599, description })

const charset = (description: string) => ({
  enum: ['utf-8', 'gbk', 'gb18030'],
  default: 'utf-8',
  description,
})
const contentType = {
  type: 'string',
  pattern: '^[\\w.+-]+/[\\w.+-]+$',
  examples: ['application/json'],
  description: 'Content-Type，不含字符集 · Content-Type without charset',
}
const paths = (description: string) => ({
  type: 'array',
  maxItems: 100,
  description,
  items: { type: 'string', minLength: 1, description: '以点分隔的路径 · path with dots' },
})
const fieldMap = (description: string) => ({ $ref: '#/$defs/fieldMap', description })
const jsonata = {
  type: 'string',
  minLength: 1,
  description: '对照以外的结构用 JSONata，替代 fields · JSONata in place of fields',
}

const xml = {
  type: 'object',
  description:
    'XML 的写法：属性为 @名称，与属性并列的文本为 #text · attributes are @name, text beside them #text',
  additionalProperties: false,
  properties: {
    lists: paths('可重复的元素 · elements that may come several times'),
    named: {
      type: 'array',
      maxItems: 20,
      description: '以属性区分的元素，如 <Field FieldName="SBLSH"> · elements told apart by an attribute',
      items: {
        type: 'object',
        description: '一组此类元素 · one group of them',
        additionalProperties: false,
        required: ['at', 'element', 'by'],
        properties: {
          at: { type: 'string', minLength: 1, description: '所在元素的路径 · path of what holds them' },
          element: { type: 'string', minLength: 1, description: '元素名 · their name' },
          by: { type: 'string', minLength: 1, description: '区分用的属性 · the attribute' },
        },
      },
    },
  },
}

const message = {
  type: 'object',
  description: '平台自有格式的通知；不填则为 CloudEvents · notifications in the platform’s own form',
  additionalProperties: false,
  required: ['format'],
  anyOf: [{ required: ['fields'] }, { required: ['jsonata'] }],
  properties: {
    format: {
      enum: ['json', 'xml', 'form'],
      description: '格式；form：各字段即表单字段 · format; form: each field is one of a form',
    },
    charset: charset('字符集 · charset'),
    contentType,
    formField: {
      type: 'string',
      minLength: 1,
      description: '作为表单的这一字段发送 · sent as this field of a form',
    },
    only: {
      type: 'object',
      description:
        '按类型：各路径的值在所列之中（空列表：没有）才通知，否则略过 · by type: told only where each member has one of these texts',
      additionalProperties: {
        type: 'object',
        description: '路径 → 文本 · path to texts',
        additionalProperties: { type: 'array', items: { type: 'string' }, description: '文本 · texts' },
      },
    },
    fields: fieldMap('对方字段 ← 事件字段 · their field from a member of the event'),
    jsonata,
    embedded: paths('以 JSON 文本发送的字段 · members sent as JSON text'),
    xml,
  },
}

const signing = {
  type: 'object',
  description: '平台自有的签名 · the platform’s own signature',
  additionalProperties: false,
  properties: {
    scheme: {
      enum: ['hmac', ...Object.keys(signedForms)],
      default: 'hmac',
      description: '方式；hmac 逐项写明 · a known form, or hmac, of which all is said',
    },
    ...signatureProperties,
  },
}

const callbacks = {
  type: 'object',
  description: '状态回调 · callbacks with status',
  additionalProperties: false,
  required: ['url'],
  anyOf: ['secrets', 'signing', 'message', 'preset'].map((one) => ({ required: [one] })),
  properties: {
    url: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      examples: ['https://system.example/api'],
      description: '平台接收事件的完整地址 · full address that takes events',
    },
    secrets: webhookSecrets(
      '签名密钥，轮换期间新旧并存：whsec_ 为 HMAC (v1)，whsk_ 为 Ed25519 私钥 (v1a) · signing secrets, newest first',
      'whsec_ 或 whsk_ 加 Base64 · whsec_ or whsk_ and Base64',
    ),
    digest,
    token: secret('另需 Bearer 令牌时填写 · bearer token, where one is asked for beside the signature'),
    signing,
    source: {
      type: 'string',
      minLength: 1,
      default: EVENT_SOURCE,
      description: 'CloudEvents source，补取的事件亦同 · also of events that are read again',
    },
    preset: { enum: ['guangdong-sb'], description: '现成的通知格式 · ready-made form of notifications' },
    message,
    repeatable: {
      type: 'boolean',
      default: true,
      description:
        '重复的通知是否无害；false 时未得答复的通知待人工处理 · whether a repeated notification does no harm',
    },
    answer: {
      type: 'object',
      description:
        '平台以 200 回复一切、真实结果写在正文时填写 · for platforms that tell the outcome in the body',
      additionalProperties: false,
      required: ['ok'],
      anyOf: [{ required: ['field'] }, { required: ['pattern'] }],
      properties: {
        format: {
          enum: ['json', 'xml', 'text'],
          default: 'json',
          description: '答复的格式 · format of the answer',
        },
        pattern: {
          type: 'string',
          format: 'regex',
          minLength: 1,
          description: 'text：正则表达式，第一组为结果码 · text: expression whose first group is the code',
        },
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
    format: {
      enum: ['json', 'xml', 'form'],
      default: 'json',
      description:
        '格式；form：表单的各字段，内含 JSON 的列入 embedded · format; fields of a form that hold JSON stand in embedded',
    },
    charset: charset(
      'Content-Type 未注明时的字符集，答复亦用之 · charset where Content-Type names none, and of our answers',
    ),
    xml,
    embedded: paths('内容为 JSON 文本的字段，外层在前 · members whose text is JSON, outer ones first'),
    absent: {
      type: 'array',
      maxItems: 100,
      description: '表示“空”的文本，如 1753-1-1 · texts that stand for nothing',
      items: { type: 'string', minLength: 1, description: '完整文本 · the whole text' },
    },
    signature: {
      enum: ['none', 'standard-webhooks'],
      default: 'none',
      description:
        '消息签名；none 时由网关客户端令牌认证 · none: the gateway’s client token proves who sends',
    },
    secrets: webhookSecrets(
      '验签密钥：whsec_，或对方的 Ed25519 公钥 whpk_ · what proves their signatures: whsec_, or their public key whpk_',
      'whsec_ 或 whpk_ 加 Base64 · whsec_ or whpk_ and Base64',
    ),
    digest,
    preset: { enum: ['county-pinyin', 'guangdong-sb'], description: '现成的字段对照 · ready-made mapping' },
    fields: fieldMap('我方字段 ← 对方字段，叠加在 preset 之上 · our field from theirs, laid over the preset'),
    jsonata,
    acknowledge: {
      type: 'object',
      description: '答复模板，{{路径}} 取值 · answer templates; {{path}} takes a value',
      additionalProperties: false,
      properties: {
        format: {
          enum: ['json', 'xml', 'text'],
          description: '答复格式，默认同来文 · format of the answer, by default that of what comes in',
        },
        contentType,
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
  properties: { callbacks, incoming, tls: tlsSchema },
  $defs: {
    fieldMap: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string', minLength: 1 }, { $ref: '#/$defs/fieldRule' }] },
    },
    fieldRule: {
      type: 'object',
      additionalProperties: false,
      properties: {
        from: { type: 'string', minLength: 1, description: '来源字段 · the member read, dotted' },
        values: { type: 'object', description: '代码对照，列表逐项对照 · code read to word written' },
        default: { description: '缺省值 · when it is left out' },
        split: {
          type: 'string',
          minLength: 1,
          description: '以此分隔的文本读作列表 · text with this between its entries is read as a list',
        },
        join: {
          type: 'string',
          description: '列表写作以此分隔的文本 · a list is written as text with this between its entries',
        },
        when: {
          type: 'object',
          description: '仅当各路径的值在列时才写 · written only when each path has one of these texts',
          minProperties: 1,
          additionalProperties: {
            type: 'array',
            minItems: 1,
            items: { type: 'string', description: '值 · a text' },
          },
        },
        time: {
          type: 'string',
          pattern: TIME_PATTERN,
          examples: ['yyyy-MM-dd HH:mm:ss'],
          description:
            '时间按此样式写（北京时间）：yyyy MM dd HH mm ss SSS（M d H 不补零），或 ms、s 时间戳 · how a time is written, in China’s time, or counted since 1970',
        },
        number: { type: 'boolean', description: '数字文本读作数 · a text of digits is read as a number' },
        date: {
          type: 'string',
          pattern: TIME_PATTERN,
          examples: ['yyyyMMdd'],
          description:
            '对方的日期或时间按此样式（或 ms、s 时间戳）读作 yyyy-MM-dd 或 ISO 8601 · their day or time, read by this pattern',
        },
        list: { type: 'boolean', description: '单个值视为一项的列表 · a single value becomes a list' },
        each: { $ref: '#/$defs/fieldMap', description: '列表中每一项的对照 · map of each entry of a list' },
      },
    },
  },
}
