// GET /v1/files/{token}: gives a file to whoever holds a live link. Files leave as attachments that no browser
// may run or show inline, whatever they are.

import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StoredFile } from '../adapter-kit/contract.ts'
import { hasAlready } from '../http/entity-tags.ts'
import { problem } from '../http/problems.ts'
import { isMaterialFailure } from './failures.ts'
import { attachment } from './file-name.ts'
import type { Links } from './links.ts'
import { readRange } from './range.ts'
import type { ByteRange, MaterialStore } from './store.ts'

/** Supports HEAD, If-None-Match, If-Range and a single Range (RFC 9110); answers 404, 410 and 416 as problems. */
export async function sendFile(
  token: string,
  { store, links }: { store: MaterialStore; links: Links },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const file = fileBehind(links, token)
  const etag = `"${file.sha256}"`
  // One of another length is damaged: what is missing of it would be waited for.
  const facts = await store.stat(file.sha256).catch(refused)
  if (facts?.size !== file.size) throw problem('not-found')
  if (hasAlready(request, etag)) return reply.code(304).header('etag', etag).send()

  const ifRange = request.headers['if-range']
  const asked = ifRange === undefined || ifRange === etag ? request.headers.range : undefined
  const range = readRange(asked, file.size)
  if (range === 'unsatisfiable') {
    throw problem('range-not-satisfiable', { headers: { 'content-range': `bytes */${file.size}` } })
  }
  describe(reply, file, etag)
  return range === 'whole'
    ? sendWhole(store, file, request, reply)
    : sendPart(store, file, range, request, reply)
}

function fileBehind(links: Links, token: string): StoredFile {
  const read = links.read(token)
  if ('file' in read) return read.file
  throw problem(read.refused === 'expired' ? 'link-expired' : 'not-found')
}

function describe(reply: FastifyReply, file: StoredFile, etag: string): void {
  reply.headers({
    'content-type': file.mediaType,
    'content-disposition': attachment(file.fileName),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-transform',
    'repr-digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
    'accept-ranges': 'bytes',
    etag,
  })
}

async function sendWhole(
  store: MaterialStore,
  file: StoredFile,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  reply.header('content-length', file.size)
  return reply.send(request.method === 'HEAD' ? noBytes() : await bytesOf(store, file.sha256))
}

async function sendPart(
  store: MaterialStore,
  file: StoredFile,
  range: ByteRange,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  reply
    .code(206)
    .header('content-range', `bytes ${range.start}-${range.end}/${file.size}`)
    .header('content-length', range.end - range.start + 1)
  return reply.send(request.method === 'HEAD' ? noBytes() : await bytesOf(store, file.sha256, range))
}

async function bytesOf(store: MaterialStore, sha256: string, range?: ByteRange): Promise<Readable> {
  return store.open(sha256, range).catch(refused)
}

function refused(error: unknown): never {
  if (!isMaterialFailure(error)) throw error
  throw problem(error.materialFailure === 'missing' ? 'not-found' : 'unavailable')
}

/** A stream, for Fastify would otherwise put its own length in place of the file's. */
function noBytes(): Readable {
  return Readable.from([])
}
