// A refused sender is often still sending. Closing on it would lose it the answer, and leaving it be would keep it
// waiting, so it may finish, within reason, and its bytes go nowhere.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const LINGER_MS = 5 * 1000
const LINGER_BYTES = 64 * 1024 * 1024

/** Applies to every route that answers before it has read the whole request, whoever refused it. Call it on the root. */
export function letSendersFinish(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (isOver(request.raw) || !loses(request, reply)) return done(null, payload)
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

/**
 * Whether an answer in the middle of the request would be lost, or the next one. Node closes a connection that is not to be
 * kept at once, which cuts off whoever is still sending, such as a proxy that speaks HTTP/1.0. And it forgets what comes in
 * one piece with the end of a request that asks for another protocol, as each of Java's HttpClient does. What we end
 * ourselves is not waited for.
 */
function loses({ headers }: FastifyRequest, reply: FastifyReply): boolean {
  const isKept = reply.raw.shouldKeepAlive && headers.upgrade === undefined
  return !isKept && reply.getHeader('connection') !== 'close'
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
