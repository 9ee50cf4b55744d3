// The JSON Schema of a Kuaidi100 account's settings: validation, masking, the console's form and the docs derive from it.
// Must hold declarations only, and no secret.

import { parcelEventTypes } from '../../src/adapter-kit/contract.ts'
import { secretSchema } from '../../src/adapter-kit/define.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { meanings } from './codes.ts'

const code = { type: 'string', pattern: '^[0-9]{1,6}$', examples: ['3'] }

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'key', 'customer', 'salt', 'callbackUrl', 'carriers'],
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      examples: ['https://system.example/api'],
      description: '快递100 地址，如 https://poll.kuaidi100.com · address without /poll',
    },
    tls: tlsSchema,
    key: secretSchema('授权 key', 'key of the account'),
    customer: secretSchema('查询公司编号 customer', 'customer code of the account'),
    salt: secretSchema('回调签名的盐值，自定', 'salt that signs callbacks, chosen by us'),
    callbackUrl: {
      type: 'string',
      pattern: '^https?://[^?#]+$',
      examples: ['https://gateway.example'],
      description:
        '本网关的回调地址 …/v1/carriers/<系统>/tracking · where Kuaidi100 reaches this gateway; never called by us',
    },
    carriers: {
      type: 'object',
      minProperties: 1,
      description:
        '承运系统 → 快递公司编码，如 ems: ems · id of the carrying system -> com, such as ems, shunfeng',
      additionalProperties: { type: 'string', pattern: '^[a-z0-9]{2,40}$', examples: ['ems'] },
    },
    resultv2: {
      type: 'string',
      pattern: '^[0-9]$',
      examples: ['4'],
      description:
        '要求每条轨迹带状态（按账号开通）· asks for the state of every scan, as the account allows',
    },
    states: {
      type: 'array',
      description: '先于内置表的状态，如 7、8、14 及高级状态 · states, before the built-in table',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'word'],
        properties: {
          code: { ...code, description: 'state / statusCode' },
          word: {
            enum: [...parcelEventTypes, null],
            description: '我方状态，null 为不跟踪 · our word; null: of no interest',
          },
        },
      },
    },
    answers: {
      type: 'array',
      description: '先于内置表的返回码含义 · meanings of returnCode, before the built-in table',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['interface', 'code', 'means'],
        properties: {
          interface: { enum: ['subscribe', 'query'], description: '订阅或查询 · of which interface' },
          code: { ...code, description: 'returnCode' },
          means: { enum: meanings, description: '含义 · what it means' },
        },
      },
    },
  },
}
