// POST /v1/materials: one file, raw or as the only part of a multipart form. Answers only when the file is on
// stable storage and its row is committed.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { fieldError } from '../http/field-error.ts'
import { optionalKey } from '../http/idempotency-key.ts'
import { refuseCompressed } from '../http/json-body.ts'
import { problem } from '../http/problems.ts'
import { newId } from '../identifiers.ts'
import { clientOf } from '../security/access.ts'
import { announcedBy } from './announced.ts'
import { fileNameFrom } from './file-name.ts'
import { readParts } from './form-parts.ts'
import { type ReceivedFile, type Receiving, receiveFile } from './receive-file.ts'
import type { MaterialDeps } from './routes.ts'

/** 201 with the material; 200 and `Idempotent-Replayed: true` when the key was used for the same file before. */
export async function takeUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: MaterialDeps,
): Promise<FastifyReply> {
  const idempotencyKey = optionalKey(request)
  refuseCompressed(request)
  const file = await (request.isMultipart() ? fromForm : fromBody)(request, {
    store: deps.store,
    maxBytes: deps.settings.limits.maxFileBytes,
    sm3: deps.settings.limits.sm3,
  })
  const { replayed, ...kept } = await deps.registerMaterial({
    materialId: newId('mat'),
    ...file,
    client: clientOf(request).id,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  if (replayed) reply.header('idempotent-replayed', 'true')
  return reply.code(replayed ? 200 : 201).send({ ...file, ...kept })
}

function fromBody(request: FastifyRequest, to: Receiving): Promise<ReceivedFile> {
  const fileName = fileNameFrom({
    'x-file-name': header(request, 'x-file-name'),
    'content-disposition': request.headers['content-disposition'],
  })
  const about = {
    ...announcedBy(request.headers),
    declaredType: request.headers['content-type'],
    fileName,
    chunksAreOurs: true,
  }
  return receiveFile(request.raw, about, to)
}

async function fromForm(request: FastifyRequest, to: Receiving): Promise<ReceivedFile> {
  // Content-Length and Content-Digest speak of the whole form here; only X-Content-SHA256 is about the file.
  const { sha256 } = announcedBy({ 'x-content-sha256': request.headers['x-content-sha256'] })
  let received: ReceivedFile | undefined
  await readParts(request, { maxParts: 1 }, async ({ name, mediaType, stream, ...part }) => {
    received = await receiveFile(stream, { ...part, part: name, declaredType: mediaType, sha256 }, to)
  })
  if (received === undefined) throw noFile()
  return received
}

function noFile(): Error {
  const message = 'the form has no file part'
  const messageZh = '表单中没有文件'
  return problem('invalid-request', {
    detail: message,
    detailZh: messageZh,
    errors: [fieldError('', 'file-missing', message, messageZh)],
  })
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
