// The routes of files: POST /v1/materials takes one in, GET /v1/files/{token} gives one out. Bodies are streamed:
// this scope has content type parsers of its own that buffer nothing. It must not keep rows itself:
// that is given to it.

import type { FastifyInstance } from 'fastify'
import { FILE_PART } from '../docs/route-doc.ts'
import { unmodified } from '../http/entity-tags.ts'
import { optionalKeyHeader } from '../http/idempotency-key.ts'
import type { Settings } from '../settings/settings.ts'
import { sendFile } from './download.ts'
import { acceptMultipart } from './form-parts.ts'
import type { Links } from './links.ts'
import { openProofs } from './proofs.ts'
import type { MaterialStore } from './store.ts'
import { takeUpload } from './upload.ts'

export interface MaterialRow {
  materialId: string
  /** Lower-case hex. */
  sha256: string
  sm3?: string
  /** Bytes. */
  size: number
  mediaType: string
  fileName: string
  /** Id of the client that uploaded it. */
  client: string
  idempotencyKey?: string
}

export interface MaterialDeps {
  store: MaterialStore
  settings: Pick<Settings, 'limits'>
  links: Links
  /** A file was met whose bytes have changed on the disk. */
  foundDamaged(sha256: string): void
  /**
   * Records the material in one commit. The same client and key again: the first material's id and `replayed`, or
   * the problem `idempotency-conflict` when the file is another.
   */
  registerMaterial(
    row: MaterialRow,
  ): Promise<{ materialId: string; mediaType: string; fileName: string; replayed: boolean }>
}

export async function materialRoutes(app: FastifyInstance, deps: MaterialDeps): Promise<void> {
  const lending = { ...deps, proofs: openProofs(deps.store) }
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    await acceptMultipart(scope)

    scope.route({
      method: 'POST',
      url: '/v1/materials',
      config: { access: { scope: 'materials:write' }, streams: 'all', doc: uploadDoc },
      handler: (request, reply) => takeUpload(request, reply, deps),
    })
    // A wildcard, because a link is longer than Fastify lets a named parameter be.
    scope.get<{ Params: { '*': string } }>(
      '/v1/files/*',
      { config: { access: 'signed', doc: fileDoc } },
      (request, reply) => sendFile(request.params['*'], lending, request, reply),
    )
  })
}

const tags = ['Materials 材料']
const uploaded = {
  type: 'object',
  required: ['materialId', 'sha256', 'size', 'mediaType', 'fileName'],
  properties: {
    materialId: { type: 'string' },
    sha256: { type: 'string' },
    sm3: { type: 'string' },
    size: { type: 'integer' },
    mediaType: { type: 'string' },
    fileName: { type: 'string' },
  },
}
const uploadDoc = {
  tags,
  summary: 'Upload one file 上传一个文件',
  description:
    'Raw, or as the only part of a form. Answered when it is on stable storage. Its name comes in X-File-Name, percent-encoded UTF-8; bytes that are no UTF-8 are read as GB18030. 落盘后才应答；文件名可用 X-File-Name 传递，非 UTF-8 时按 GB18030 读取。',
  headers: {
    type: 'object',
    properties: {
      ...optionalKeyHeader.properties,
      'X-File-Name': { type: 'string', description: '文件名，百分号编码的 UTF-8。 Percent-encoded UTF-8.' },
      'X-Content-SHA256': {
        type: 'string',
        pattern: '^[0-9a-fA-F]{64}$',
        description: '文件的 SHA-256；不符则拒收。 Of the file, in hex; one that does not fit is refused.',
      },
      'Content-Digest': {
        type: 'string',
        description: 'RFC 9530，如 sha-256=:…:，表单上传时用 X-Content-SHA256。 Of a raw body.',
      },
    },
  },
  body: [
    { contentType: '*/*' },
    {
      contentType: 'multipart/form-data',
      schema: {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: FILE_PART,
      },
    },
  ],
  responses: {
    201: { description: 'Stored', schema: uploaded },
    200: {
      description: 'The same key and file before: the first material, with Idempotent-Replayed: true',
      schema: uploaded,
    },
  },
}
const fileDoc = {
  tags,
  summary: 'Fetch a file by its signed link 凭签名链接取文件',
  rest: 'token',
  headers: {
    type: 'object',
    properties: {
      Range: { type: 'string', description: 'RFC 9110，一段。 One range.' },
      'If-Range': { type: 'string', description: '此前应答的 ETag。 The ETag of an earlier answer.' },
    },
  },
  responses: {
    200: { description: 'The bytes', contentType: '*/*' },
    206: { description: 'A range of them', contentType: '*/*' },
    ...unmodified,
  },
}
