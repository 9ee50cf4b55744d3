// GET /v1/files/{token}: gives a file to whoever holds a live link. Files leave as attachments that no browser
// may run or show inline, whatever they are. One whose bytes have changed on the disk is not found; where that comes to
// light on its way, the connection breaks before its last bytes.

import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StoredFile } from '../adapter-kit/contract.ts'
import { hasAlready } from '../http/entity-tags.ts'
import { problem } from '../http/problems.ts'
import { asStoreFailure, isMaterialFailure } from './failures.ts'
import { attachment } from './file-name.ts'
import type { Links } from './links.ts'
import type { Proofs } from './proofs.ts'
import { readRange } from './range.ts'
import type { ByteRange, MaterialStore } from './store.ts'

interface Lending {
  store: MaterialStore
  proofs: Proofs
  links: Links
  /** A file was met whose bytes have changed. */
  foundDamaged(sha256: string): void
}

/** Supports HEAD, If-None-Match, If-Range and a single Range (RFC 9110); answers 404, 410 and 416 as problems. */
export async function sendFile(
  token: string,
  lending: Lending,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { store, links } = lending
  const file = fileBehind(links, token)
  const etag = `"${file.sha256}"`
  // One of another length is damaged: what is missing of it would be waited for.
  const facts = await store.stat(file.sha256).catch(refused)
  if (facts?.size !== file.size) throw problem('not-found')
  if (hasAlready(request, etag)) return reply.code(304).header('etag', etag).send()

  const range = readRange(rangeAsked(request, etag), file.size)
  if (range === 'unsatisfiable') {
    throw problem('range-not-satisfiable', { headers: { 'content-range': `bytes */${file.size}` } })
  }
  const bytes = request.method === 'HEAD' ? noBytes() : await bytesOf(lending, file, range)
  describe(reply, file, etag)
  if (range !== 'whole')
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.size}`)
  return reply
    .header('content-length', range === 'whole' ? file.size : range.end - range.start + 1)
    .send(bytes)
}

/** Of GET alone (RFC 9110 §14.2); with If-Range only for the very file that was begun. */
function rangeAsked({ method, headers }: FastifyRequest, etag: string): string | undefined {
  const ifRange = headers['if-range']
  return method === 'GET' && (ifRange === undefined || ifRange === etag) ? headers.range : undefined
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

async function bytesOf(
  { proofs, foundDamaged }: Lending,
  { sha256, size }: StoredFile,
  range: ByteRange | 'whole',
): Promise<Readable> {
  const notIntact = (): Error => {
    foundDamaged(sha256)
    return problem('not-found')
  }
  const isWhole = range === 'whole' || range.end - range.start + 1 === size
  const bytes = isWhole ? proofs.whole(sha256, notIntact) : proofs.part(sha256, range)
  return bytes.catch((error: unknown) => {
    if (isMaterialFailure(error) && error.materialFailure === 'damaged') throw notIntact()
    return refused(error)
  })
}

function refused(cause: unknown): never {
  const error = asStoreFailure(cause)
  if (!isMaterialFailure(error)) throw error
  throw problem(error.materialFailure === 'missing' ? 'not-found' : 'unavailable')
}

/** A stream, for Fastify would otherwise put its own length in place of the file's. */
function noBytes(): Readable {
  return Readable.from([])
}
