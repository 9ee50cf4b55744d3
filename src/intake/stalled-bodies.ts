// Ends requests whose body has stopped coming. How long a body takes in all does not matter: a large file over a slow line
// goes on as long as it makes progress.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { problem } from './problems.ts'

interface Progress {
  /** Of its connection, so far. */
  bytes: number
  /** When there was a byte last, or when we were not ready for one. */
  since: number
}

const LOOK_AT_MOST_EVERY_MS = 5_000
/** For the answer to go out. */
const CLOSE_AFTER_MS = 2_000

/** For the whole of `app`, before its routes: a body without a byte for `afterMs` is answered 408 and its connection closed. */
export function endStalledBodies(app: FastifyInstance, { afterMs }: { afterMs: number }): void {
  const coming = new Map<IncomingMessage, Progress>()
  let arrived: IncomingMessage[] = []
  app.addHook('onRequest', (request, _reply, done) => {
    if (hasBody(request.raw) && arrived.push(request.raw) === 1) setImmediate(watchArrived)
    done()
  })

  /** Nearly every body came with its head, and is complete a turn later: only the others are watched. */
  function watchArrived(): void {
    for (const body of arrived) if (!body.complete && !body.destroyed) watch(body)
    arrived = []
  }

  function watch(body: IncomingMessage): void {
    coming.set(body, { bytes: body.socket.bytesRead, since: performance.now() })
    body.once('close', () => coming.delete(body))
    // Told to whoever reads the body; without this it would end the process where nobody does.
    body.on('error', () => undefined)
  }

  function look(): void {
    const now = performance.now()
    for (const [body, progress] of coming) {
      const { bytesRead } = body.socket
      if (body.complete) coming.delete(body)
      else if (bytesRead !== progress.bytes || !isAwaited(body)) {
        progress.bytes = bytesRead
        progress.since = now
      } else if (now - progress.since >= afterMs) {
        coming.delete(body)
        end(body)
      }
    }
  }

  const timer = setInterval(look, Math.min(afterMs / 4, LOOK_AT_MOST_EVERY_MS)).unref()
  app.addHook('onClose', async () => clearInterval(timer))

  function end(body: IncomingMessage): void {
    body.emit('error', tooSlow(afterMs))
    setTimeout(() => body.destroy(), CLOSE_AFTER_MS).unref()
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Somebody reads it and is not busy with what came before. */
const isAwaited = (body: IncomingMessage): boolean => body.readableFlowing === true

function tooSlow(afterMs: number): Error {
  const seconds = Math.round(afterMs / 1000)
  return problem('request-timeout', {
    detail: `no byte of the body came for ${seconds} s; send it again`,
    detailZh: `请求体已 ${seconds} 秒没有数据到达，请重新发送`,
    headers: { connection: 'close' },
  })
}
