// Ends requests whose body has stopped coming. A large file over a slow line goes on as long as it makes
// progress; a body that is gathered whole before anybody looks at it has to come in reasonable time as well,
// or a byte now and then would hold its place for ever.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { problem } from './problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Bodies (all, or forms alone) that are taken as they come. Those of all other routes are gathered whole. */
    streams?: 'all' | 'forms'
  }
}

interface Progress {
  /** Of its connection, so far. */
  bytes: number
  /** When there was a byte last, or when we were not ready for one. */
  since: number
  /** Of a body that is gathered: when it was seen first, and the bytes of its connection then. */
  gathered?: { since: number; bytes: number }
}

/** What a body that is gathered has to come at, once it has had its time to begin. */
const LEAST_BYTES_A_SECOND = 1024
const LOOK_AT_MOST_EVERY_MS = 5_000
/** For the answer to go out. */
const CLOSE_AFTER_MS = 2_000

/**
 * For the whole of `app`, before its routes: a body without a byte for `afterMs`, or one to be gathered that
 * after `afterMs` has come at less than 1 KiB/s, is answered 408 and its connection closed.
 */
export function endStalledBodies(app: FastifyInstance, { afterMs }: { afterMs: number }): void {
  const coming = new Map<IncomingMessage, Progress>()
  let arrived: FastifyRequest[] = []
  app.addHook('onRequest', (request, _reply, done) => {
    if (hasBody(request.raw) && arrived.push(request) === 1) setImmediate(watchArrived)
    done()
  })

  /** Nearly every body came with its head, and is complete a turn later: only the others are watched. */
  function watchArrived(): void {
    for (const request of arrived) if (!request.raw.complete && !request.raw.destroyed) watch(request)
    arrived = []
  }

  function watch(request: FastifyRequest): void {
    const body = request.raw
    const begun = { bytes: body.socket.bytesRead, since: performance.now() }
    coming.set(body, isStreamed(request) ? begun : { ...begun, gathered: begun })
    body.once('close', () => coming.delete(body))
    // Told to whoever reads the body; without this it would end the process where nobody does.
    body.on('error', () => undefined)
  }

  function look(): void {
    const now = performance.now()
    for (const [body, progress] of coming) {
      const { bytesRead } = body.socket
      if (body.complete) coming.delete(body)
      else if (drips(progress, bytesRead, now)) end(body, 'drips')
      else if (bytesRead !== progress.bytes || !isAwaited(body)) {
        progress.bytes = bytesRead
        progress.since = now
      } else if (now - progress.since >= afterMs) {
        end(body, 'stands')
      }
    }
  }

  const timer = setInterval(look, Math.min(afterMs / 4, LOOK_AT_MOST_EVERY_MS)).unref()
  app.addHook('onClose', async () => clearInterval(timer))

  function drips({ gathered }: Progress, bytes: number, now: number): boolean {
    if (!gathered || now - gathered.since < afterMs) return false
    return bytes - gathered.bytes < ((now - gathered.since) / 1000) * LEAST_BYTES_A_SECOND
  }

  function end(body: IncomingMessage, what: 'drips' | 'stands'): void {
    coming.delete(body)
    body.emit('error', tooSlow(afterMs, what))
    setTimeout(() => body.destroy(), CLOSE_AFTER_MS).unref()
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Somebody reads it and is not busy with what came before. */
const isAwaited = (body: IncomingMessage): boolean => body.readableFlowing === true

function isStreamed({ headers, routeOptions }: FastifyRequest): boolean {
  const streams = routeOptions.config?.streams
  if (streams !== 'forms') return streams === 'all'
  return /^multipart\/form-data\b/i.test(headers['content-type'] ?? '')
}

function tooSlow(afterMs: number, what: 'drips' | 'stands'): Error {
  const seconds = Math.round(afterMs / 1000)
  const [detail, detailZh] =
    what === 'stands'
      ? [`no byte of the body came for ${seconds} s`, `请求体已 ${seconds} 秒没有数据到达`]
      : [
          `the body came at less than 1 KiB/s for over ${seconds} s`,
          `请求体在 ${seconds} 秒后仍慢于每秒 1 KiB`,
        ]
  return problem('request-timeout', {
    detail: `${detail}; send it again`,
    detailZh: `${detailZh}，请重新发送`,
    headers: { connection: 'close' },
  })
}
