// Who may call which route. A route declares `config: { access }` and nothing else; this file turns the
// declaration into a check that runs before the body is read. Default deny: a route that declares nothing
// keeps the gateway from starting.

import type { FastifyInstance, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'
import { problem } from '../http/problems.ts'
import type { Client, Scope, Settings } from '../settings/settings.ts'
import { clientDirectory } from './clients.ts'
import { type Door, guardFor, refuse } from './guards.ts'
import { createSessions, type OperatorIdentity, type Role, type Sessions } from './sessions.ts'

/**
 * - `public`: anyone.
 * - `signed`: the handler proves the sender itself (a link's signature, an adapter's signature check);
 *   `request.client` is set when a valid bearer token came along.
 * - `{ scope }`: a machine client with that scope; `request.client` is set.
 * - `operator:<role>`: a logged-in operator of at least that role; `request.operator` is set.
 */
export type Access = 'public' | 'signed' | `operator:${Role}` | { scope: Scope }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    client: Client | null
    operator: OperatorIdentity | null
  }
}

export type AccessSettings = Pick<Settings, 'clients' | 'operators' | 'keys' | 'http'>

/**
 * Guards every route that is added to `app` or below it afterwards; call it on the root before any route.
 * Refusals are the problems `unauthenticated` and `forbidden` (RFC 6750 challenges for machine clients); a
 * browser that asks for a page without a session is sent to the log-in page. `app.ready()` rejects, naming
 * the routes, when one has no `config.access`.
 */
export function installAccess(app: FastifyInstance, settings: AccessSettings): void {
  const door: Door = {
    clients: clientDirectory(settings.clients),
    sessions: sessionsFor(settings),
    publicUrl: settings.http.publicUrl,
  }
  const routes: { options: RouteOptions; guard: onRequestHookHandler }[] = []

  app.decorateRequest('client', null)
  app.decorateRequest('operator', null)
  // The declaration may still come from a hook of an inner context (`declareAccess`), so it is read at the end.
  app.addHook('onRoute', (options) => {
    const route = { options, guard: refuse }
    routes.push(route)
    const guard: onRequestHookHandler = function (request, reply, done) {
      route.guard.call(this, request, reply, done)
    }
    options.onRequest = [guard, ...listOf(options.onRequest)]
  })
  app.addHook('onReady', async () => {
    const open = routes.filter(({ options }) => options.config?.access === undefined)
    if (open.length > 0) throw new Error(`routes without config.access: ${open.map(nameOf).join(', ')}`)
    for (const route of routes) route.guard = guardFor(route.options.config?.access ?? 'operator:admin', door)
  })
}

/**
 * Declares the access of routes that a library adds within `scope` and that cannot declare it themselves:
 * `reading` for those that only answer GET and HEAD, `changing` for all others.
 */
export function declareAccess(scope: FastifyInstance, reading: Access, changing: Access = reading): void {
  scope.addHook('onRoute', (options) => {
    const reads = [options.method].flat().every((it) => it === 'GET' || it === 'HEAD')
    options.config = { ...options.config, access: reads ? reading : changing }
  })
}

/** The sessions of these settings; `__Host-` cookies when the public address is https. */
export function sessionsFor(settings: AccessSettings): Sessions {
  const secure = settings.http.publicUrl.startsWith('https:')
  return createSessions({ key: settings.keys.sessions, operators: settings.operators, secure })
}

/** The client of a route with `{ scope }`. Throws `unauthenticated` on a route that let one through without. */
export function clientOf(request: FastifyRequest): Client {
  if (request.client === null) throw problem('unauthenticated')
  return request.client
}

/** The operator of a route with `operator:<role>`. Throws `unauthenticated` on any other. */
export function operatorOf(request: FastifyRequest): OperatorIdentity {
  if (request.operator === null) throw problem('unauthenticated')
  return request.operator
}

function listOf<T>(hooks: T | T[] | undefined): T[] {
  return hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks]
}

function nameOf({ options }: { options: RouteOptions }): string {
  return `${String(options.method)} ${options.url}`
}
