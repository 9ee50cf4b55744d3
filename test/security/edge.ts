// A bare gateway edge for tests: access control, log-in, the problem handlers, and whatever routes a test adds.
// It must not grow into a second composition root.

import { hash } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { notFoundHandler, problemHandler } from '../../src/http/problems.ts'
import { type AccessSettings, installAccess } from '../../src/security/access.ts'
import { type LoginDeps, loginRoutes } from '../../src/security/login.ts'
import { hashPassword } from '../../src/security/passwords.ts'
import type { Client, Operator } from '../../src/settings/settings.ts'

export const password = '开封-correct-horse'
const passwordHash = await hashPassword(password)

export const operators = (['viewer', 'operator', 'admin'] as const).map(
  (role): Operator => ({ id: role, name: `${role} 张三`, role, passwordHash }),
)

export const client: Client = {
  id: 'kaifeng-platform',
  tokenHashes: [hash('sha256', 'token-of-today', 'buffer'), hash('sha256', 'token-of-tomorrow', 'buffer')],
  scopes: ['submissions:write', 'metrics:read'],
  divisions: ['410204', '410221'],
}

export function accessSettings(publicUrl = 'http://127.0.0.1:7700'): AccessSettings {
  return {
    http: { host: '127.0.0.1', port: 7700, publicUrl, trustedProxies: [] },
    keys: { links: Buffer.alloc(32, 1), sessions: Buffer.alloc(32, 2), holders: Buffer.alloc(32, 3) },
    clients: [client],
    operators,
  }
}

interface EdgeOptions {
  publicUrl?: string
  login?: Partial<LoginDeps>
  routes?: (app: FastifyInstance) => Promise<void> | void
}

/** Closed with the test. Not listening yet: inject, or `listen`. */
export async function startEdge(t: Test, options: EdgeOptions = {}): Promise<FastifyInstance> {
  const settings = accessSettings(options.publicUrl)
  const app = Fastify({ forceCloseConnections: true })
  t.teardown(() => app.close())
  app.setErrorHandler(problemHandler)
  app.setNotFoundHandler(notFoundHandler)
  installAccess(app, settings)
  await loginRoutes(app, { settings, ...options.login })
  await options.routes?.(app)
  await app.ready()
  return app
}

/** A form as a browser of ours posts it. */
export function postForm(
  app: FastifyInstance,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) {
  return app.inject({
    method: 'POST',
    url: '/ops/login',
    headers: {
      host: '127.0.0.1:7700',
      origin: 'http://127.0.0.1:7700',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    payload: new URLSearchParams(fields).toString(),
  })
}

/** The Cookie header of someone who just logged in. */
export async function loggedIn(app: FastifyInstance, account: Operator['role']): Promise<string> {
  const answer = await postForm(app, { account, password })
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}
