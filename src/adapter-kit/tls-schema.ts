// JSON Schema of `tls:`, the setting that every adapter over HTTP has under the same name: system-client.ts
// gives it to the connection. Certificates may lie in files; keys are secrets.

import { fileSchema, secretSchema } from './define.ts'

export const tlsSchema: Record<string, unknown> = {
  type: 'object',
  description:
    '双向 TLS 与专用根证书 (PEM)，证书可写 { file: 路径 } · mutual TLS and a private authority; certificates may be { file: path }',
  additionalProperties: false,
  dependentRequired: { cert: ['key'], key: ['cert'], passphrase: ['key'] },
  properties: {
    ca: fileSchema('唯一信任的根证书 · the only authority trusted'),
    cert: fileSchema('我方证书 · our certificate'),
    key: secretSchema('我方私钥', 'our private key'),
    passphrase: secretSchema('私钥口令', 'its passphrase'),
    servername: {
      type: 'string',
      minLength: 1,
      description: '证书中的名称 · name in their certificate',
    },
  },
}
