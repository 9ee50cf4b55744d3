// The JSON Schema of an EMS system's settings: validation, masking, the console's form and the docs derive from it.
// Must hold declarations only, and no secret.

import { secretSchema } from '../../src/adapter-kit/define.ts'
import { PATH } from './settings.ts'

const code = (description: string) => ({ type: 'string', pattern: '^[0-9]{1,2}$', description })
const perDirection = (description: string) => ({
  type: 'object',
  description,
  additionalProperties: false,
  required: ['collect', 'deliver'],
  properties: {
    collect: code('申请人寄往部门 · applicant to department'),
    deliver: code('部门寄往申请人 · department to applicant'),
  },
})
const accountProperties = {
  customerNumber: {
    type: 'string',
    pattern: '^[0-9]{6,20}$',
    description: '协议客户号 · customer number of the contract',
  },
  authorization: secretSchema(
    '授权码，测试与生产不同',
    'authorisation code, differs between test and production',
  ),
  signKey: secretSchema('签名密钥：16 字节的 Base64', 'key of SM4, Base64 of 16 bytes'),
}
const accountFields = Object.keys(accountProperties)

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', ...accountFields],
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      description: '接口地址，不含路径 · address without the path',
    },
    path: {
      type: 'string',
      pattern: '^/',
      default: PATH,
      description: '接口路径；沙箱以 /test 结尾 · the sandbox ends in /test',
    },
    ...accountProperties,
    accounts: {
      type: 'array',
      description: '有独立授权的县区 · counties whose contract has its own authorisation',
      items: {
        type: 'object',
        additionalProperties: false,
        required: accountFields,
        properties: accountProperties,
      },
    },
    contentsAttribute: { ...code('1 文件 document, 3 物品 goods'), default: '1' },
    bizProductNo: { ...code('1 特快专递 express, 2 快递包裹, 11 国内标快'), default: '1' },
    pickupType: {
      ...perDirection('0 送至网点 brought to the counter, 1 上门揽收 fetched'),
      default: { collect: '1', deliver: '1' },
    },
    paymentMode: {
      ...perDirection('谁付费：县区合同方 · who pays: 1 sender, 2 receiver'),
      default: { collect: '2', deliver: '1' },
    },
    projectId: {
      type: 'string',
      minLength: 1,
      description: '政务专项代码，如 GAWSCG · code of a government project',
    },
    refusesRepeatedOrders: {
      type: 'boolean',
      default: true,
      description:
        '同一 logisticsOrderNo 只生成一单，可以安全重发 · one order per number, so sending again is safe',
    },
    answers: {
      type: 'array',
      description: '先于内置表的返回码含义 · meanings of retCode, before the built-in table',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'means'],
        properties: {
          code: { type: 'string', minLength: 1, description: 'retCode' },
          apiCode: {
            type: 'string',
            pattern: '^[0-9]{6}$',
            description: '仅对该接口 · only for this interface',
          },
          text: {
            type: 'string',
            minLength: 1,
            description: '仅当 retMsg 含此文 · only when retMsg contains it',
          },
          means: { enum: ['done', 'duplicate', 'unavailable', 'throttled', 'rejected', 'unauthorised'] },
        },
      },
    },
  },
}
