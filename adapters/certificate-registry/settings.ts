// The settings of one certificate registry, declared once: validation, masking and the docs derive from the schema.
// Must hold no secret.

import { secretSchema } from '../../src/adapter-kit/define.ts'

/** `settings:` of a system whose adapter is certificate-registry. */
export interface RegistrySettings {
  /** Scheme, host and mount point, without the context path. */
  baseUrl: string
  contextPath?: string
  accessId: string
  accessToken: string
  /** Format of the copy: `ofd` (GB/T 33190) or `png`. */
  fileType?: FileType
  /** Largest copy accepted, bytes. */
  maxFileBytes?: number
  /** Certificate type asked about by `tongban system check`. */
  checkType?: { code: string; name: string }
}

export type FileType = 'ofd' | 'png'

export type CompleteSettings = Readonly<
  Required<Omit<RegistrySettings, 'baseUrl' | 'contextPath'>> & { url: string }
>

const CONTEXT = '/CertShare'
const MEBIBYTE = 1024 * 1024
const CHECK_TYPE = { code: '11100000000013338W011', name: '建筑施工企业安全生产许可证' }

export function complete({ baseUrl, contextPath, ...given }: RegistrySettings): CompleteSettings {
  return {
    fileType: 'ofd',
    maxFileBytes: 20 * MEBIBYTE,
    checkType: CHECK_TYPE,
    ...given,
    url: baseUrl.replace(/\/+$/, '') + (contextPath ?? CONTEXT),
  }
}

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'accessId', 'accessToken'],
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      pattern: '^https?://',
      description: '接口地址，不含上下文 · address without the context',
    },
    contextPath: {
      type: 'string',
      pattern: '^/',
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
      default: 20 * MEBIBYTE,
      description: '加注件大小上限（字节）· largest copy, bytes',
    },
    checkType: {
      type: 'object',
      description: '连通检查所用的证照类型 · certificate type used by the connection check',
      additionalProperties: false,
      required: ['code', 'name'],
      properties: { code: { type: 'string', minLength: 1 }, name: { type: 'string', minLength: 1 } },
      default: CHECK_TYPE,
    },
  },
}
