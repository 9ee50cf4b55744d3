// Who sends `Expect: 100-continue` waits with its body until it is asked for it (RFC 9110 §10.1.1). It is asked only
// when nothing refuses the request before its body: a large file of a caller whom nobody knows is never sent. What
// else may be expected is nobody's to judge here, and nothing is asked of it.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, preParsingHookHandler } from 'fastify'

const waiting = new WeakSet<IncomingMessage>()

/** Call it on the root, before anything that waits for the rest of a refused request. */
export function heedExpectations(app: FastifyInstance): void {
  app.server.on('checkContinue', (request, response) => {
    waiting.add(request)
    app.server.emit('request', request, response)
  })
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  // A body that was announced and never asked for: what would follow on this connection could be taken for it.
  app.addHook('onSend', ({ raw }, reply, payload, done) => {
    if (waiting.has(raw)) reply.header('connection', 'close')
    done(null, payload)
  })
}

/** For every route that is added to `app` from now on; call it after whatever refuses before the body is read. */
export function askForBodies(app: FastifyInstance): void {
  const ask: preParsingHookHandler = ({ raw }, reply, payload, done) => {
    if (waiting.delete(raw)) reply.raw.writeContinue()
    done(null, payload)
  }
  app.addHook('onRoute', (route) => {
    route.preParsing = [route.preParsing ?? [], ask].flat()
  })
}
