// Whether a browser's request comes from our own pages. Guards every change an operator's cookie could make
// (OWASP cross-site request forgery: verifying origin with standard headers). Machine clients carry no cookie
// and need no such check.

import type { FastifyRequest } from 'fastify'
import { problem } from '../http/problems.ts'

/**
 * True when `Origin` is the address that was asked, as a trusted proxy tells it, or our public one. Browsers
 * send `Origin` with every request that changes something, so a request without it is refused; `null` is
 * never ours.
 */
export function isSameOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const origin = originOf(request.headers.origin)
  if (origin === undefined) return false
  return origin === `${request.protocol}://${request.host}` || origin === originOf(publicUrl)
}

/** The refusal of a request that another site made a browser send. */
export function foreignOrigin(): Error {
  return problem('forbidden', {
    detail: 'the request does not come from a page of this gateway',
    detailZh: '请求并非来自本网关的页面',
  })
}

function originOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : URL.parse(value)?.origin
}
