// The JSON Schema of an EMS system's settings: validation, masking, the console's form and the docs derive from it.
// Must hold declarations only, and no secret.

import { parcelEventTypes } from '../../src/adapter-kit/contract.ts'
import { secretSchema } from '../../src/adapter-kit/define.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { answerMeanings } from './return-codes.ts'
import { FEE_PRODUCT, PATH } from './settings.ts'

const code = (description: string) => ({
  type: 'string',
  pattern: '^[0-9]{1,2}$',
  examples: ['1'],
  description,
})
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
    examples: ['90000012345678'],
    description: '协议客户号 · customer number of the contract',
  },
  authorization: secretSchema(
    '授权码，测试与生产不同',
    'authorisation code, differs between test and production',
  ),
  signKey: secretSchema('签名密钥：16 字节的 Base64', 'key of SM4, Base64 of 16 bytes'),
}

const apiCode = (description: string) => ({
  type: 'string',
  pattern: '^[0-9]{6}$',
  examples: ['020003'],
  description,
})

/** What only some generations know. */
const olderGenerations = {
  gen2: {
    type: 'object',
    description: '第二代（OrderNormal XML）· second generation',
    additionalProperties: false,
    required: ['secret', 'ecommerceNo'],
    properties: {
      secret: secretSchema('摘要密钥', 'secret behind the XML in its digest'),
      ecommerceNo: {
        type: 'string',
        minLength: 1,
        description: '电商标识 · ecommerce_no, given by the branch',
      },
      logisticsProvider: { enum: ['A', 'B'], default: 'B', description: 'A 邮务 parcels, B 速递 express' },
      baseProductNo: { ...code('基础产品 · base_product_no'), default: '1' },
      form: {
        type: 'object',
        description: '其他表单字段，如 ecCompanyId · further form fields, such as msg_type, ecCompanyId',
        maxProperties: 20,
        additionalProperties: { type: 'string' },
      },
    },
  },
  gen15: {
    type: 'object',
    description: '一代半（orderNormal JSON）· the generation before',
    additionalProperties: false,
    properties: {
      serviceType: { type: 'integer', minimum: 0, default: 1, description: '业务类型 · serviceType' },
    },
  },
}

const profileIs = (profile: string) => ({
  required: ['profile'],
  properties: { profile: { const: profile } },
})

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'customerNumber'],
  if: profileIs('gen2-xml'),
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['gen2'] },
  else: {
    if: profileIs('gen1-5'),
    else: {
      required: ['authorization', 'signKey'],
      properties: { accounts: { items: { required: ['signKey'] } } },
    },
  },
  properties: {
    profile: {
      enum: ['open-api', 'gen2-xml', 'gen1-5'],
      default: 'open-api',
      description: '邮政接口的代次 · generation of the interface',
    },
    baseUrl: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      examples: ['https://system.example/api'],
      description: '接口地址，不含路径 · address without the path',
    },
    tls: tlsSchema,
    path: {
      type: 'string',
      pattern: '^/',
      examples: ['/amp-prod-api/f/amp/api/open'],
      description: `接口路径，默认 ${PATH}；沙箱以 /test 结尾，其他代次另有默认 · path; the sandbox ends in /test`,
    },
    ...accountProperties,
    accounts: {
      type: 'array',
      description: '有独立授权的县区 · counties whose contract has its own authorisation',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['customerNumber', 'authorization'],
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
      description:
        '同一订单号只生成一单，可以安全重发；默认 true，gen1-5 默认 false · one order per number, so sending again is safe',
    },
    orderQuery: {
      type: 'object',
      description: '网点另开的按订单号查询接口 · an order query that the branch has opened to this customer',
      additionalProperties: false,
      required: ['apiCode'],
      properties: { apiCode: apiCode('接口代码 · its apiCode') },
    },
    label: {
      type: 'object',
      description: '面单 · label',
      additionalProperties: false,
      properties: {
        type: {
          enum: ['129', '149', '179'],
          default: '149',
          description: '129 76×129, 149 76×149, 179 100×179 mm',
        },
        asUrl: { type: 'boolean', default: false, description: '只要网址 · an address instead of the PDF' },
      },
    },
    feeProductCode: {
      type: 'string',
      pattern: '^[0-9]{15}$',
      examples: ['123456789012345'],
      default: FEE_PRODUCT,
      description: '资费试算的产品代码 · product of fee estimates',
    },
    feeUnit: { enum: ['yuan', 'fen'], default: 'yuan', description: '费用单位 · unit of fees' },
    opCodes: {
      type: 'array',
      description: '先于内置表的轨迹代码 · track codes, before the built-in table',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'word'],
        properties: {
          code: {
            type: 'string',
            pattern: '^[0-9A-Za-z]{1,10}(/[0-9A-Za-z]{1,10})?$',
            examples: ['203'],
            description: 'opCode，或 opCode/deliverCode，如 704/180 · opCode, or with its deliverCode',
          },
          word: {
            enum: [...parcelEventTypes, null],
            description: '我方状态，null 为不跟踪 · our word; null: of no interest',
          },
          reverses: {
            type: 'string',
            minLength: 1,
            description: '它撤销的 opCode · the opCode it takes back',
          },
        },
      },
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
          apiCode: apiCode('仅对该接口 · only for this interface'),
          text: {
            type: 'string',
            minLength: 1,
            description: '仅当 retMsg 含此文 · only when retMsg contains it',
          },
          means: { enum: answerMeanings, description: '含义 · what it means' },
        },
      },
    },
    ...olderGenerations,
  },
}
