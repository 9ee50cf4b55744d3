// The JSON Schema of a booking system's settings: validation, masking and the docs derive from it.
// Must hold declarations only, and no secret.

import { secretSchema } from '../../src/adapter-kit/define.ts'
import { signedForms } from '../../src/adapter-kit/signing.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { meanings } from './codes.ts'

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'key', 'secret'],
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      examples: ['https://system.example/api'],
      description: '接口地址，不含 /slots · address without /slots',
    },
    tls: tlsSchema,
    key: { type: 'string', minLength: 1, maxLength: 64, description: '应用标识 · who we are to it' },
    secret: secretSchema('签名密钥', 'secret that signs every request'),
    form: {
      enum: Object.keys(signedForms),
      description: '签名方式，默认 house · form of the signature; house by default',
    },
    items: {
      type: 'object',
      description:
        '我方事项代码 → 对方事项编号；未列出则用 taskCode · our matter -> its item; otherwise the matter’s taskCode',
      additionalProperties: { type: 'string', minLength: 1, maxLength: 64, examples: ['SB-0017'] },
    },
    codes: {
      type: 'array',
      description:
        '应答代码及其含义，优先于内置对照表 · codes of answers beside, or instead of, those of codes.ts',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'means'],
        properties: {
          code: { type: 'string', minLength: 1, maxLength: 32, description: '代码 · the code' },
          means: { enum: meanings, description: '含义 · what it means' },
        },
      },
    },
  },
}
