// A refused sender is often still sending. Closing on it would lose it the answer, and leaving it be would keep it
// waiting, so it may finish, within reason, and its bytes go nowhere.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

const LINGER_MS = 5 * 1000
const LINGER_BYTES = 64 * 1024 * 1024

/** Applies to every route that answers before it has read the whole request, whoever refused it. Call it on the root. */
export function letSendersFinish(app: FastifyInstance): void {
  // Node forgets what comes in one piece with the end of a request that asks for another protocol, as each of Java's
  // HttpClient does: the next request, once the answer is known. So these are answered when they have sent all.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.headers.upgrade === undefined || isOver(request.raw)) return done(null, payload)
    discardRest(request.raw, (whole) => {
      if (!whole) reply.header('connection', 'close')
      done(null, payload)
    })
  })
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    if (!isOver(raw)) discardRest(raw, (whole) => void (whole || raw.destroy()))
    done()
  })
}

const isOver = (request: IncomingMessage): boolean =>
  request.complete || request.readableEnded || request.destroyed

/** `done`: with true at its end, with false when it takes too long. */
function discardRest(request: IncomingMessage, done: (whole: boolean) => void): void {
  let bytes = 0
  const end = (whole: boolean) => {
    clearTimeout(timer)
    request.off('data', count).off('end', over).off('close', over)
    done(whole)
  }
  const over = () => end(true)
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > LINGER_BYTES) end(false)
  }
  const timer = setTimeout(end, LINGER_MS, false).unref()
  request.on('error', () => {})
  request.on('end', over).on('close', over).on('data', count)
  request.resume()
}
