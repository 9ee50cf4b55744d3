// What no route has is refused before its body is read: whoever sends to the wrong path is told so, and not that the
// body is no JSON. Which methods a path has is asked only there.

import type { FastifyInstance } from 'fastify'
import { noRoute, notFoundHandler, pathOf } from './problems.ts'

interface KnownPath {
  pattern: RegExp
  methods: Set<string>
}

/** Call it on the root before any route. */
export function refuseUnknownPaths(app: FastifyInstance): void {
  const methodsOf = noteMethods(app)
  app.setNotFoundHandler(notFoundHandler)
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(noRoute(request, methodsOf(pathOf(request.url))))
    else done()
  })
}

/** Notes every route that is added to `app` from now on. The function it returns gives the methods of a path, sorted. */
function noteMethods(app: FastifyInstance): (path: string) => string[] {
  const known = new Map<string, KnownPath>()
  app.addHook('onRoute', ({ url, method }) => {
    const path = known.get(url) ?? { pattern: patternOf(url), methods: new Set() }
    known.set(url, path)
    for (const one of [method].flat()) path.methods.add(one)
  })
  return (path) => {
    const methods = new Set<string>()
    for (const { pattern, methods: own } of known.values())
      if (pattern.test(path)) for (const one of own) methods.add(one)
    return [...methods].sort()
  }
}

/** A named parameter is one segment, an asterisk is whatever follows. */
function patternOf(url: string): RegExp {
  const parts = url
    .split(/(:\w+|\*)/)
    .map((part) => (part === '*' ? '.*' : /^:\w/.test(part) ? '[^/]+' : literally(part)))
  return new RegExp(`^${parts.join('')}$`)
}

const literally = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
