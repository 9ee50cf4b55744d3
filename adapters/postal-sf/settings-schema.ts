// The JSON Schema of an SF system's settings: validation, masking, the console's form and the docs derive from it.
// Must hold declarations only, and no secret.

import { parcelEventTypes } from '../../src/adapter-kit/contract.ts'
import { secretSchema } from '../../src/adapter-kit/define.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { meanings } from './codes.ts'

const perDirection = (description: string, most: number) => ({
  type: 'object',
  description,
  additionalProperties: false,
  required: ['collect', 'deliver'],
  properties: {
    collect: {
      type: 'integer',
      minimum: 0,
      maximum: most,
      description: '申请人寄往部门 · applicant to department',
    },
    deliver: {
      type: 'integer',
      minimum: 0,
      maximum: most,
      description: '部门寄往申请人 · department to applicant',
    },
  },
})

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'partnerID', 'monthlyCard'],
  oneOf: [{ required: ['checkword'] }, { required: ['oauthSecret'] }],
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      examples: ['https://system.example/api'],
      description: '丰桥地址，不含 /std/service · address without /std/service',
    },
    tls: tlsSchema,
    partnerID: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      description: '顾客编码 · partner code of 丰桥',
    },
    checkword: secretSchema('校验码，用于 msgDigest', 'checkword, for msgDigest'),
    oauthSecret: secretSchema('OAuth2 密钥，代替 msgDigest', 'OAuth2 secret, instead of msgDigest'),
    monthlyCard: {
      type: 'string',
      pattern: '^[0-9]{6,20}$',
      examples: ['7551234567'],
      description: '月结卡号；县区合同另有的以合同为准 · monthly account, unless the county has its own',
    },
    expressTypeId: { type: 'integer', minimum: 1, default: 2, description: '产品 · product, 2 顺丰标快' },
    payMethod: {
      ...perDirection('付款方 · who pays: 1 寄方 sender, 2 收方 receiver, 3 第三方', 3),
      default: { collect: 2, deliver: 1 },
    },
    isDocall: { ...perDirection('1 上门收件 fetched, 0 不上门', 1), default: { collect: 1, deliver: 1 } },
    opCodes: {
      type: 'array',
      description: '先于内置表的路由代码 · route opCodes, before the built-in table',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'word'],
        properties: {
          code: { type: 'string', pattern: '^[0-9A-Za-z]{1,10}$', examples: ['50'], description: 'opCode' },
          word: {
            enum: [...parcelEventTypes, null],
            description: '我方状态，null 为不跟踪 · our word; null: of no interest',
          },
        },
      },
    },
    answers: {
      type: 'array',
      description:
        '先于内置表的返回码含义 · meanings of apiResultCode and errorCode, before the built-in table',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'means'],
        properties: {
          code: { type: 'string', minLength: 1, description: 'apiResultCode / errorCode' },
          means: { enum: meanings, description: '含义 · what it means' },
        },
      },
    },
    label: {
      type: 'object',
      description: '云打印面单 · label',
      additionalProperties: false,
      properties: {
        templateCode: {
          type: 'string',
          minLength: 1,
          description: '模板编码；默认 fm_76130_standard_<partnerID> · template',
        },
        origins: {
          type: 'array',
          description: '可下载面单的地址 · origins from which labels may be fetched',
          items: {
            type: 'string',
            format: 'uri',
            pattern: '^https?://',
            examples: ['https://system.example/api'],
            description: '如 https://…sf-express.com · origin',
          },
        },
      },
    },
    pushToken: secretSchema(
      '路由推送地址中的 token；不设则不接收推送',
      'query token of the push address; without it no push is taken',
    ),
  },
}
