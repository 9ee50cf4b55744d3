// Whether the caller has a thing already, by RFC 9110 §13.1.2.

import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** `etag` with its quotes. If-None-Match may be a list, hold weak tags, or be `*` for anything that is there. */
export function hasAlready(request: FastifyRequest, etag: string): boolean {
  const known =
    request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return known.includes(etag) || (known.length === 1 && known[0] === '*')
}

/** Answers with a tag of the content; nothing is sent when the caller has it already. */
export function tagged(request: FastifyRequest, reply: FastifyReply, body: unknown): FastifyReply {
  return taggedText(request, reply, JSON.stringify(body), 'application/json; charset=utf-8')
}

/** The same of a text of another type. */
export function taggedText(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
  type: string,
): FastifyReply {
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  reply.header('etag', tag).header('cache-control', 'private, no-cache')
  if (hasAlready(request, tag)) return reply.code(304).send()
  return reply.type(type).send(text)
}

/** How a route that answers so says it in its description. */
export const unmodified = { 304: { description: 'As the ETag says · ETag 未变', empty: true } } as const
