// What is no HTTP, or too much of it, never becomes a request: the answer is written to the socket here, as a
// problem like any other.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type ProblemCode, problem, problemDocument } from './problems.ts'

/** For Fastify's `http`: Node's own answers would have no body, so `refuseIncomplete` gives them. */
export const nodeAnswersNothing = { requireHostHeader: false }

/**
 * Refuses what others could read differently: no Host or several, a body in another coding than chunks (RFC 9112 §3.2, §6.1).
 * Call it before any route.
 */
export function refuseIncomplete(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const fault = ambiguityOf(raw)
    done(fault && problem('invalid-request', fault))
  })
}

type Words = { detail: string; detailZh: string; headers?: Record<string, string> }

function ambiguityOf({ headers, rawHeaders, httpVersion }: IncomingMessage): Words | undefined {
  if (headers.host === undefined) return httpVersion === '1.0' ? undefined : hostless
  if (hasSeveralHosts(rawHeaders)) return severalHosts
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  return httpVersion !== '1.0' && coding.toLowerCase() === 'chunked' ? undefined : otherCoding
}

function hasSeveralHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]!.length === HOST.length && rawHeaders[i]!.toLowerCase() === HOST) hosts++
  return hosts > 1
}

const HOST = 'host'
const hostless: Words = {
  detail: 'a request of HTTP/1.1 has a Host header',
  detailZh: 'HTTP/1.1 请求须带 Host 请求头',
}
const severalHosts: Words = {
  detail: 'a request has one Host header, not several',
  detailZh: '请求只能带一个 Host 请求头',
}
const otherCoding: Words = {
  detail: 'the only Transfer-Encoding is chunked, and HTTP/1.0 has none',
  detailZh: 'Transfer-Encoding 只支持 chunked，HTTP/1.0 不支持',
  headers: { connection: 'close' },
}

/** For Fastify's `clientErrorHandler`. */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  // Another answer in its place would only spoil the one that is under way: it is given, and then the connection ends.
  const answer = answerUnderWay(socket)
  if (answer) {
    answer.shouldKeepAlive = false
    answer.once('close', () => socket.destroySoon())
    return
  }
  if (socket.writable) socket.write(answerTo(error.code))
  socket.destroySoon()
}

/** Of a whole request that came before, or begun already; Node's own handler looks for it in the same place. */
function answerUnderWay(socket: Socket & { _httpMessage?: ServerResponse | null }): ServerResponse | null {
  const answer = socket._httpMessage
  const isBegun = answer?.req.complete === true || answer?.headersSent === true
  return answer && isBegun && !answer.writableFinished ? answer : null
}

const meanings: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}

function answerTo(code = ''): string {
  const it = problemDocument(problem(meanings[code] ?? 'invalid-request', words(code)), '/')
  const body = JSON.stringify(it)
  return [
    `HTTP/1.1 ${it.status} ${it.title}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n')
}

const words = (code: string) =>
  code in meanings
    ? {}
    : { detail: 'what was sent is not a request of HTTP/1.1', detailZh: '收到的内容不是合法的 HTTP/1.1 请求' }
