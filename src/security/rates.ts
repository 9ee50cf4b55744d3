// How many requests a client may make in so many seconds, where its configuration says so: one that runs wild does not
// slow down the others. Counted by this process alone, so a gateway of two processes lets through twice as many.

import rateLimit, { type errorResponseBuilderContext } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { problem } from '../http/problems.ts'
import type { Client } from '../settings/settings.ts'

/**
 * Limits every route added to `app` afterwards; call it after `installAccess`, which tells who asks. Answers carry
 * `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds); a refusal is the problem `rate-limited` with `Retry-After`.
 */
export async function installRates(app: FastifyInstance, clients: readonly Client[]): Promise<void> {
  if (clients.every(({ rate }) => rate === undefined)) return
  await app.register(rateLimit, {
    // Before the body is read, and after the caller is known.
    hook: 'preParsing',
    enableDraftSpec: true,
    keyGenerator: ({ client }) => client?.id ?? '',
    allowList: ({ client }) => client?.rate === undefined,
    max: (request) => rateOf(request).requests,
    timeWindow: (request) => rateOf(request).seconds * 1000,
    errorResponseBuilder: tooMany,
  })
}

const rateOf = ({ client }: FastifyRequest): NonNullable<Client['rate']> =>
  client?.rate ?? { requests: Number.MAX_SAFE_INTEGER, seconds: 1 }

function tooMany(request: FastifyRequest, { ttl }: errorResponseBuilderContext): Error {
  const { requests, seconds } = rateOf(request)
  const wait = Math.ceil(ttl / 1000)
  return problem('rate-limited', {
    detail: `${requests} requests in ${seconds} s are allowed; try again in ${wait} s`,
    detailZh: `每 ${seconds} 秒最多 ${requests} 次请求，请在 ${wait} 秒后重试`,
    headers: { 'retry-after': String(wait) },
  })
}
