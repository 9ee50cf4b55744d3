// What the errors of Fastify, its plugins, Ajv and Node mean in our words. An error that is not in here is a
// mistake of ours and becomes `internal`; its message must not reach the caller.

import type { FieldError } from './field-error.ts'
import type { ProblemCode } from './problem-codes.ts'

interface Meaning {
  code: ProblemCode
  options: { errors?: FieldError[] }
}

const byCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'truncated-upload',
  FST_ERR_BAD_URL: 'invalid-request',
  FST_ERR_ASYNC_CONSTRAINT: 'invalid-request',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid-request',
  FST_ERR_NOT_FOUND: 'not-found',
  FST_REQ_FILE_TOO_LARGE: 'too-large',
  FST_PARTS_LIMIT: 'too-many-parts',
  FST_FILES_LIMIT: 'too-many-parts',
  FST_FIELDS_LIMIT: 'too-many-parts',
  FST_PROTO_VIOLATION: 'unsafe-json',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupported-media-type',
  FST_NO_FORM_DATA: 'invalid-request',
  FST_INVALID_JSON_FIELD_ERROR: 'malformed-json',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'invalid-encoding',
  ERR_ENCODING_NOT_SUPPORTED: 'unsupported-media-type',
  ERR_STREAM_PREMATURE_CLOSE: 'truncated-upload',
  ENOSPC: 'storage-full',
  EDQUOT: 'storage-full',
}

const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'unsupported-media-type',
  408: 'request-timeout',
  409: 'conflict-state',
  410: 'link-expired',
  413: 'too-large',
  414: 'too-large',
  415: 'unsupported-media-type',
  416: 'range-not-satisfiable',
  422: 'invalid-request',
  429: 'rate-limited',
  431: 'headers-too-large',
  503: 'unavailable',
  507: 'storage-full',
}

/** The problem behind an error that is not ours, or undefined when nobody knows it. */
export function foreignProblem(error: Error): Meaning | undefined {
  const facts = error as { code?: unknown; statusCode?: unknown; validation?: unknown }
  if (Array.isArray(facts.validation)) return invalidByRoute(facts.validation)
  const code = typeof facts.code === 'string' ? byCode[facts.code] : undefined
  if (code !== undefined) return { code, options: {} }
  if (error instanceof SyntaxError && facts.statusCode === 400) return { code: 'malformed-json', options: {} }
  const status = typeof facts.statusCode === 'number' ? byStatus[facts.statusCode] : undefined
  return status === undefined ? undefined : { code: status, options: {} }
}

function invalidByRoute(faults: unknown[]): Meaning {
  return { code: 'invalid-request', options: { errors: faults.map(routeFault) } }
}

function routeFault(fault: unknown): FieldError {
  const { instancePath, message } = fault as { instancePath?: string; message?: string }
  return {
    pointer: instancePath ?? '',
    code: 'invalid-value',
    message: message ?? 'is not valid',
    messageZh: '参数不符合要求',
  }
}
