// What is no HTTP, or too much of it, never becomes a request: the answer is written to the socket here, as a
// problem like any other.

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type ProblemCode, problem, problemDocument } from './problems.ts'

/** For Fastify's `http`: Node's own answers would have no body, so `refuseIncomplete` gives them. */
export const nodeAnswersNothing = { requireHostHeader: false }

/** Refuses what has no Host, and asks nothing of an expectation that nobody knows (RFC 9110 §10.1.1). Call it before any route. */
export function refuseIncomplete(app: FastifyInstance): void {
  app.addHook('onRequest', ({ headers, raw }, _reply, done) => {
    if (headers.host === undefined && raw.httpVersion !== '1.0') done(problem('invalid-request', hostless))
    else done()
  })
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
}

const hostless = {
  detail: 'a request of HTTP/1.1 has a Host header',
  detailZh: 'HTTP/1.1 请求须带 Host 请求头',
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

/** Of a whole request that came before; Node's own handler looks for it in the same place. */
function answerUnderWay(socket: Socket & { _httpMessage?: ServerResponse | null }): ServerResponse | null {
  const answer = socket._httpMessage
  return answer?.req.complete === true && !answer.writableFinished ? answer : null
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
