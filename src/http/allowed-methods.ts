// Which methods a path has, for the answer to one that it has not. Asked only where no route was found.

import type { FastifyInstance } from 'fastify'

interface KnownPath {
  pattern: RegExp
  methods: Set<string>
}

/** Notes every route that is added to `app` from now on. The function it returns gives the methods of a path, sorted. */
export function noteMethods(app: FastifyInstance): (path: string) => string[] {
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
