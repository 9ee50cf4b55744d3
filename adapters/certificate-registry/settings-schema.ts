// JSON Schema (2020-12) of the settings: validation, masking, the console's form and the docs derive from it.
// Must say in both languages what each setting is for.

import { secretSchema } from '../../src/adapter-kit/define.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import {
  CHECK_TYPE,
  CONTEXT,
  copyDefaults,
  DEFAULT_FILE_BYTES,
  grantDefaults,
  registerDefaults,
} from './settings.ts'

const address = (description: string) => ({
  type: 'string',
  format: 'uri',
  pattern: '^https?://',
  examples: ['https://system.example/api'],
  description,
})

const name = (description: string, standard: string) => ({
  type: 'string',
  pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$',
  examples: ['holderCode'],
  default: standard,
  description,
})

const copy = {
  type: 'object',
  description: '证照副本的取得方式 · how copies are fetched',
  additionalProperties: false,
  properties: {
    by: {
      enum: ['file', 'link', 'holder-links'],
      default: copyDefaults.by,
      description:
        'file 取加注件；link 取临时下载链接；holder-links 按持证者取链接 · file: annotated copy, link: temporary link, holder-links: links by holder',
    },
    validForDays: {
      type: 'integer',
      minimum: 1,
      maximum: 3650,
      description: '加注件有效天数，不填则不限 · days until the annotated copy lapses; absent: no end',
    },
    expiryForm: {
      enum: ['date-time', 'date', 'compact'],
      default: copyDefaults.expiryForm,
      description:
        '加注件截止时间的写法：2026-11-23 23:59:59、2026-11-23、20261123235959 · how that end is written',
    },
    linkLivesSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 86400,
      default: copyDefaults.linkLivesSeconds,
      description: '临时链接有效秒数 · life of a temporary link, seconds',
    },
    linkExpiry: {
      type: 'string',
      minLength: 1,
      description:
        'downloadUrl 的 expiryTime，按登记系统要求填写 · expiryTime of downloadUrl, as it wants it',
    },
  },
}

const grant = {
  type: 'object',
  description: '用证依据：依职能或依授权 · grounds of use: by function or by the holder’s authorisation',
  additionalProperties: false,
  properties: {
    type: {
      enum: ['function', 'authorization'],
      description:
        'function 依职能，authorization 依授权；不填则不发送 · absent: only sent when a question says so',
    },
    authCode: secretSchema('长期授权码', 'standing authorisation code'),
    typeField: name('用证依据字段名 · member with the type', grantDefaults.typeField),
    codeField: name('授权码字段名 · member with the code', grantDefaults.codeField),
    typeCodes: {
      type: 'object',
      description: '两种依据的代码 · the registry’s words for the two types',
      additionalProperties: false,
      required: ['function', 'authorization'],
      properties: {
        function: { type: 'string', minLength: 1, description: '依职能 · by function' },
        authorization: { type: 'string', minLength: 1, description: '依授权 · by authorisation' },
      },
      default: grantDefaults.typeCodes,
    },
    in: {
      enum: ['head', 'data'],
      default: grantDefaults.in,
      description: '放在 head 还是 data · which part of the message carries it',
    },
  },
}

const register = {
  type: 'object',
  description:
    '签发结果的登记；不填则不登记。名称为推断，请向证照库核对 · registering issued results; absent: not done. Names are inferred: ask the registry',
  additionalProperties: false,
  properties: {
    call: name('登记接口名 · name of the call', registerDefaults.call),
    identifierField: name('证照标识字段名 · member with the identifier', registerDefaults.identifierField),
    recordField: name('证照数据字段名 · member with the record', registerDefaults.recordField),
    duplicateCode: {
      type: 'string',
      pattern: '^[0-9A-Za-z.-]{1,20}$',
      examples: ['1.0'],
      default: registerDefaults.duplicateCode,
      description: '表示已登记的返回码 · status of a certificate that it has already',
    },
  },
}

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'accessId', 'accessToken'],
  properties: {
    baseUrl: address('接口地址，不含上下文 · address without the context'),
    tls: tlsSchema,
    contextPath: {
      type: 'string',
      pattern: '^/',
      examples: ['/CertShare'],
      default: CONTEXT,
      description: '上下文路径 · context path',
    },
    accessId: { type: 'string', minLength: 1, description: '接入方标识 · our id with the registry' },
    accessToken: secretSchema('接入令牌', 'access token'),
    fileType: {
      enum: ['ofd', 'png'],
      default: 'ofd',
      description: '加注件格式 · format of the annotated copy',
    },
    maxFileBytes: {
      type: 'integer',
      minimum: 1024,
      maximum: 268435456,
      default: DEFAULT_FILE_BYTES,
      description: '副本大小上限（字节）· largest copy, bytes',
    },
    copy,
    linkOrigins: {
      type: 'array',
      maxItems: 10,
      description: '临时链接可指向的其他地址 · further addresses that temporary links may lead to',
      items: address('协议、主机和端口 · scheme, host and port'),
    },
    grant,
    register,
    holderTypes: {
      type: 'object',
      description:
        '持证者代码类型对照，叠加在常用对照之上；null 表示不支持 · our holder code type to theirs; null: not known to them',
      additionalProperties: { type: ['string', 'null'], pattern: '^[0-9A-Za-z]{1,8}$', examples: ['111'] },
      propertyNames: { pattern: '^[0-9A-Za-z]{1,8}$', examples: ['111'] },
    },
    checkType: {
      type: 'object',
      description: '连通检查所用的证照类型 · certificate type used by the connection check',
      additionalProperties: false,
      required: ['code', 'name'],
      properties: {
        code: { type: 'string', minLength: 1, description: '证照类型代码 · type code' },
        name: { type: 'string', minLength: 1, description: '证照名称 · name' },
      },
      default: CHECK_TYPE,
    },
  },
}
