// The JSON Schema of a rating system's settings: validation, masking and the docs derive from it.
// Must hold declarations only, and no secret.

import { secretSchema } from '../../src/adapter-kit/define.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { meanings } from './settings.ts'

const code = { type: 'string', minLength: 1, maxLength: 20 }

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['url', 'appMark', 'appWord', 'digest'],
  properties: {
    url: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      examples: ['https://system.example/api'],
      description: '服务记录推送地址（完整）· the whole address that services are pushed to',
    },
    tls: tlsSchema,
    appMark: { type: 'string', minLength: 1, maxLength: 64, description: '应用标识 · who we are to it' },
    appWord: secretSchema('应用密钥 appWord', 'secret that signs both directions'),
    digest: {
      enum: ['sm3', 'sha256', 'md5'],
      description: '签名算法：time+appMark+appWord 的摘要 · digest of the signature, as its operator says',
    },
    letters: {
      enum: ['lower', 'upper'],
      description: '签名字母大小写，默认小写 · letters of the signature; lower by default',
    },
    proStatus: {
      type: 'object',
      additionalProperties: false,
      description: '办件状态代码，默认 2（已受理）、3（已办结）· codes of proStatus',
      properties: {
        taken: { ...code, description: '已受理 · taken; 2 by default' },
        ended: { ...code, description: '已办结 · ended; 3 by default' },
      },
    },
    channels: {
      type: 'object',
      additionalProperties: false,
      description: '办理方式 → proChannel；未配置则不填 · our mode to proChannel; left out otherwise',
      properties: {
        online: { ...code, description: '网上 · online' },
        agent: { ...code, description: '窗口代收代办 · at a window' },
        appointment: { ...code, description: '预约 · by appointment' },
      },
    },
    answers: {
      type: 'array',
      description: 'success 之外的 C-Response-Desc 及其含义 · meanings of C-Response-Desc beside success',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['desc', 'means'],
        properties: {
          desc: { type: 'string', minLength: 1, maxLength: 200, description: '原文 · the very text' },
          means: { enum: meanings, description: '含义 · what it means' },
        },
      },
    },
    checkAnswer: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      examples: ['缺少必填项'],
      description:
        '对空记录（缺少全部字段）的 C-Response-Desc 原文，用于检查连接 · its very answer to a record without any field, by which check knows that all is well',
    },
  },
}
