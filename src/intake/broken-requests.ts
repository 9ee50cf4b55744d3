// What is no HTTP, or too much of it, never becomes a request: the answer is written to the socket here, as a problem like
// any other.

import type { Socket } from 'node:net'
import { type ProblemCode, problem, problemDocument } from './problems.ts'

/** For Fastify's `clientErrorHandler`. */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  // In the middle of an answer another would only spoil it; Node's own handler asks the same.
  if (socket.writable && !isAnswering(socket)) socket.write(answerTo(error.code))
  socket.destroySoon()
}

function isAnswering(socket: Socket & { _httpMessage?: { headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true
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
