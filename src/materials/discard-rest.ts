// A refused sender is often still sending. Closing on it would lose it the answer, and leaving it be would keep it
// waiting, so it may finish, within reason, and its bytes go nowhere.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

const LINGER_MS = 5 * 1000
const LINGER_BYTES = 64 * 1024 * 1024

/** Applies to every route of the scope that answers before it has read the whole request, whoever refused it. */
export function letSendersFinish(scope: FastifyInstance): void {
  scope.addHook('onResponse', (request, _reply, done) => {
    discardRest(request.raw)
    done()
  })
}

function discardRest(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return
  let bytes = 0
  const cut = () => request.destroy()
  const timer = setTimeout(cut, LINGER_MS).unref()
  const done = () => clearTimeout(timer)
  request.on('error', () => {})
  request.on('end', done)
  request.on('close', done)
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > LINGER_BYTES) cut()
  })
  request.resume()
}
