// Whether the caller has a thing already, by RFC 9110 §13.1.2. Says nothing about how a tag is made.

import type { FastifyRequest } from 'fastify'

/** `etag` with its quotes. If-None-Match may be a list, hold weak tags, or be `*` for anything that is there. */
export function hasAlready(request: FastifyRequest, etag: string): boolean {
  const known =
    request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return known.includes(etag) || (known.length === 1 && known[0] === '*')
}
