// Refusals as RFC 9457 problem documents. Anything in the gateway may throw `problem(code)`; only the handlers
// here write one to the wire. They must never let a message of ours or of a library leak into a 500.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isPassing } from '../ledger/database.ts'
import { atMost } from '../settings/many-errors.ts'
import type { FieldError } from './field-error.ts'
import { foreignProblem } from './foreign-problems.ts'
import { type ProblemCode, problemCodes } from './problem-codes.ts'

export { type ProblemCode, problemCodes } from './problem-codes.ts'

type ProblemOptions = Words & { errors?: readonly FieldError[]; headers?: Record<string, string> }

/** One sentence about this occurrence, in both languages or not at all; no personal data. */
type Words = { detail: string; detailZh: string } | { detail?: never; detailZh?: never }

/** What `problem` makes: an ordinary Error that Fastify can carry, with the problem beside it. */
export interface Problem extends Error {
  detail?: string
  detailZh?: string
  errors?: readonly FieldError[]
  headers?: Record<string, string>
  /** The HTTP status, under the name Fastify knows. */
  statusCode: number
  problemCode: ProblemCode
}

/** The body on the wire, schemas/problem.schema.json. */
export interface ProblemDocument {
  type: string
  title: string
  titleZh: string
  status: number
  code: ProblemCode
  detail?: string
  detailZh?: string
  instance: string
  errors?: readonly FieldError[]
}

/** An error to be thrown: `throw problem('not-found')`. Shape by RFC 9457. Of more than 500 faults it lists the first. */
export function problem(code: ProblemCode, options: ProblemOptions = {}): Problem {
  const row = problemCodes[code]
  const errors = options.errors === undefined ? {} : { errors: atMost(options.errors) }
  return Object.assign(new Error(options.detail ?? row.title), options, errors, {
    name: 'Problem',
    statusCode: row.status,
    problemCode: code,
  })
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && 'problemCode' in error
}

/** `instance` is the path asked for, without its query (queries may hold personal data). */
export function problemDocument(it: Problem, instance: string): ProblemDocument {
  const row = problemCodes[it.problemCode]
  return {
    type: `/problems/${it.problemCode}`,
    title: row.title,
    titleZh: row.titleZh,
    status: row.status,
    code: it.problemCode,
    ...(it.detail === undefined ? {} : { detail: it.detail }),
    ...(it.detailZh === undefined ? {} : { detailZh: it.detailZh }),
    instance,
    ...(it.errors === undefined ? {} : { errors: it.errors.map(told) }),
  }
}

const told = ({ pointer, code, message, messageZh }: FieldError): FieldError => ({
  pointer,
  code,
  message,
  messageZh,
})

/** For `app.setErrorHandler`: turns everything thrown on a request into a problem document. */
export function problemHandler(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const it = isBodyTooLarge(error) ? bodyTooLarge(request.routeOptions.bodyLimit) : problemOf(error)
  if (it.problemCode === 'internal') request.log.error({ err: error }, 'request.failed')
  return send(it, request, reply)
}

const isBodyTooLarge = (error: Error & { code?: string }): boolean =>
  error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'

function bodyTooLarge(most: number): Problem {
  const detail = `the body may have ${most} bytes at most`
  const detailZh = `请求体最多 ${most} 字节`
  return problem('too-large', {
    detail,
    detailZh,
    errors: [{ pointer: '', code: 'too-large', message: detail, messageZh: detailZh }],
  })
}

/** For `app.setNotFoundHandler`: what no route has, and what a route itself does not find. */
export function notFoundHandler(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(noRoute(request, []), request, reply)
}

/** Where no route is: 404, or 405 with `Allow` where the path has other `methods` (RFC 9110). */
export const noRoute = ({ method }: Pick<FastifyRequest, 'method'>, methods: readonly string[]): Problem =>
  methods.length === 0 ? nowhere(method) : otherMethods(method, methods)

function send(it: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return (
    reply
      .code(problemCodes[it.problemCode].status)
      // Fastify ends the connection of every body that it refuses: whoever is still sending would lose the answer.
      .removeHeader('connection')
      .headers(problemHeaders(it))
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(problemDocument(it, pathOf(request.url))))
  )
}

/** What belongs to a refusal whatever form it is told in, such as Retry-After. */
export function problemHeaders(it: Problem): Record<string, string> {
  const row = problemCodes[it.problemCode]
  return { ...('headers' in row ? row.headers : {}), ...it.headers }
}

const nowhere = (method: string): Problem =>
  problem('not-found', {
    detail: `No ${method} route at this path`,
    detailZh: `此路径不支持 ${method} 请求`,
  })

const otherMethods = (method: string, methods: readonly string[]): Problem =>
  problem('method-not-allowed', {
    detail: `This path takes ${methods.join(', ')}, not ${method}`,
    detailZh: `此路径支持 ${methods.join('、')}，不支持 ${method}`,
    headers: { allow: methods.join(', ') },
  })

/** What the domain refuses, for it contradicts what is known. */
export const contradicted = (reason?: { en: string; zh: string }): Problem =>
  problem('conflict-state', reason ? { detail: reason.en, detailZh: reason.zh } : {})

/** What was sent may have been stored all the same, when the answer was lost: a repeat with the same key finds out. */
export const away = (): Problem =>
  problem('unavailable', {
    detail: 'the ledger is not reachable; nothing was acknowledged, repeat it with the same Idempotency-Key',
    detailZh: '台账暂不可用，尚未确认受理，请用相同的 Idempotency-Key 重试',
  })

/** What any error is answered as; `internal` for what nobody knows. */
export function problemOf(error: Error): Problem {
  if (isProblem(error)) return error
  if (isPassing(error)) return away()
  const known = foreignProblem(error)
  return known === undefined ? problem('internal') : problem(known.code, known.options)
}

export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
