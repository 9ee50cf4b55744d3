// Outside messages as they came: raw bytes, and the words in which a refusal is told back to an adapter.

import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { InboundMessage, IncomingOutcome } from '../adapter-kit/contract.ts'
import type { AdapterFailure } from '../adapter-kit/failures.ts'
import { fieldError } from './field-error.ts'
import { isProblem, type Problem, problem, problemDocument } from './problems.ts'

/** Within `scope` every body is a Buffer, whatever its type says: it is read by us, strictly, or by an adapter. */
export async function rawBodies(scope: FastifyInstance, bodyLimit: number): Promise<void> {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  )
}

const nothing = Buffer.alloc(0)
export const bodyOf = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : nothing

export function inboundMessage(request: FastifyRequest, receivedAt: Date): InboundMessage {
  return {
    method: request.method,
    path: request.url.split('?')[0]!,
    // Through a forward proxy the whole address stands there.
    ...(request.url.startsWith('/') ? { target: request.url } : {}),
    query: request.query as InboundMessage['query'],
    headers: request.headers,
    body: bodyOf(request),
    receivedAt,
  }
}

export const sha256 = (bytes: Buffer): string => hash('sha256', bytes)

/** How a refusal looks to an adapter, which tells it in the system's own form. */
export function refusedOutcome(error: Problem | AdapterFailure): IncomingOutcome {
  if (!isProblem(error)) {
    const status = error.kind === 'unauthorised' ? 401 : 422
    return { ok: false, status, code: error.code ?? error.kind, detail: error.message }
  }
  const { status, code, title, titleZh, detail, detailZh, errors } = problemDocument(error, '')
  return {
    ok: false,
    status,
    code,
    title,
    titleZh,
    detail: detail ?? title,
    detailZh: detailZh ?? titleZh,
    ...(errors ? { errors } : {}),
  }
}

/**
 * A platform's message that its adapter cannot read, or that proves nothing, as the problem it would be on
 * our own routes.
 */
export function problemOfReading(failure: AdapterFailure): Problem {
  const { en, zh } = failure.unreadable ?? wordsOf(failure.message)
  if (failure.kind === 'unauthorised') return problem('unauthenticated', { detail: en, detailZh: zh })
  const { code = 'invalid-request', faults } = failure.unreadable ?? {}
  const errors = faults?.map((one) => fieldError(one.pointer, one.code, one.en, one.zh))
  return problem(code, { detail: en, detailZh: zh, ...(errors ? { errors } : {}) })
}

/** An adapter's summary is `中文 (English)`; one that is not is told whole, after a word of ours. */
function wordsOf(summary: string): { zh: string; en: string } {
  const [, zh, en] = /^(.*\p{Script=Han}.*?) \(([^()]+)\)$/u.exec(summary) ?? []
  return zh && en ? { zh, en } : { zh: `消息无法识别：${summary}`, en: summary }
}
