// Feeds the request histogram. The route's template is taken when the route is added, so that answering a
// request asks the framework for nothing.

import type { FastifyInstance, onResponseHookHandler } from 'fastify'
import type { Metrics } from './metrics.ts'

/** Counts every request to routes added to `app` or below it afterwards; call it on the root before any route. */
export function measureRequests(app: FastifyInstance, metrics: Pick<Metrics, 'answered'>): void {
  app.addHook('onRoute', (options) => {
    const { url } = options
    const measure: onResponseHookHandler = (request, reply, done) => {
      metrics.answered(request.method, url, reply.statusCode, reply.elapsedTime)
      done()
    }
    const others = options.onResponse ?? []
    options.onResponse = [measure, ...(Array.isArray(others) ? others : [others])]
  })
  app.addHook('onResponse', (request, reply, done) => {
    if (request.is404) metrics.answered(request.method, null, reply.statusCode, reply.elapsedTime)
    done()
  })
}
