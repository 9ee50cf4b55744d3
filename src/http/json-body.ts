// The body of a request that must be JSON: the type it says it is, then its bytes, strictly. Where another charset is
// named the body is refused, for bytes of GBK can happen to be valid UTF-8 and would be kept as other words.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { charsetOf } from '../adapter-kit/charset.ts'
import { bodyOf } from './messages.ts'
import { parseJsonStrict, readJsonStrict } from './parse-json.ts'
import { problem } from './problems.ts'

/** What nearly everyone sends. */
const JSON_TYPE = 'application/json'

/** The parsed body. Throws `unsupported-media-type` and the problems of `parseJsonStrict`. */
export function jsonOf(request: FastifyRequest): unknown {
  const { value, unsafe } = jsonTextOf(request)
  if (unsafe) throw unsafe
  return value
}

/** The same, with the text that was parsed; what is unsafe about the value is told, not thrown. */
export function jsonTextOf(request: FastifyRequest): ReturnType<typeof readJsonStrict> {
  if (request.headers['content-type'] !== JSON_TYPE) refuseOtherTypes(request)
  refuseCompressed(request)
  return readJsonStrict(bodyOf(request))
}

/** Throws `unsupported-media-type` for a body in a Content-Encoding. */
export function refuseCompressed({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw problem('unsupported-media-type', {
      detail: 'send it uncompressed: Content-Encoding is not understood here',
      detailZh: '请勿压缩请求体：此处不支持 Content-Encoding',
    })
}

function refuseOtherTypes(request: FastifyRequest): void {
  if (!/^application\/(?:[\w.-]+\+)?json$/.test(mediaTypeOf(request)))
    throw problem('unsupported-media-type', {
      detail: 'send application/json, or multipart/form-data where the route takes forms',
      detailZh: '请使用 application/json；支持表单的接口也可用 multipart/form-data',
    })
  refuseOtherCharset(request.headers['content-type'])
}

/** Throws `unsupported-media-type` for a content type that names another charset than UTF-8. */
function refuseOtherCharset(contentType: string | undefined): void {
  const charset = charsetOf(contentType)
  if (charset !== undefined && charset !== 'utf-8')
    throw problem('unsupported-media-type', {
      detail: 'JSON is read as UTF-8 here (RFC 8259)',
      detailZh: '此处的 JSON 须为 UTF-8 编码（RFC 8259）',
    })
}

/**
 * Routes that do not read their bodies themselves get them as strictly parsed, and no other type; no body at all is
 * undefined.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(['application/json', 'text/plain'])
  const strictly = async (request: FastifyRequest, body: Buffer): Promise<unknown> => {
    if (body.length === 0) return undefined
    refuseOtherCharset(request.headers['content-type'])
    refuseCompressed(request)
    return parseJsonStrict(body)
  }
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, strictly)
}

/** Lower case, without parameters; '' when none was sent. */
export function mediaTypeOf(request: FastifyRequest): string {
  const sent = request.headers['content-type'] ?? ''
  return sent === JSON_TYPE ? sent : sent.split(';')[0]!.trim().toLowerCase()
}
