// The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): a string, quotes optional. What it stands
// for is the ledger's to remember.

import type { FastifyRequest } from 'fastify'
import { problem } from './problems.ts'

/** 1 to 255 visible ASCII characters. Throws `idempotency-key-missing` for any other and for none. */
export function idempotencyKey(request: FastifyRequest): string {
  const key = optionalKey(request)
  if (key === undefined) throw unusable()
  return key
}

/** Undefined when none was sent; throws like `idempotencyKey` when it is unusable. */
export function optionalKey(request: FastifyRequest): string | undefined {
  const sent = request.headers['idempotency-key']
  if (sent === undefined) return undefined
  const key = typeof sent === 'string' && sent[0] !== '"' ? sent : String(sent).replace(/^"(.*)"$/, '$1')
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw unusable()
}

function unusable(): Error {
  return problem('idempotency-key-missing', {
    detail: 'send an Idempotency-Key header of 1 to 255 visible ASCII characters, the same on every repeat',
    detailZh: '请携带 Idempotency-Key 请求头（1–255 个可见 ASCII 字符），重发时保持不变',
  })
}

/** How a route's description names the header. */
export const keyHeader = {
  type: 'object',
  required: ['Idempotency-Key'],
  properties: {
    'Idempotency-Key': {
      type: 'string',
      maxLength: 255,
      description: '重发时保持不变。 The same on every repeat.',
    },
  },
}

/** Of a route that takes it and does not ask for it. */
export const optionalKeyHeader = { type: keyHeader.type, properties: keyHeader.properties }
