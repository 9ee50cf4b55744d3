// The check behind each kind of access: one hook that lets the request on or ends it with a problem.
// They run before the body is read and on every request, so they must stay cheap.

import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { problem } from '../http/problems.ts'
import type { Scope } from '../settings/settings.ts'
import type { Access } from './access.ts'
import type { ClientDirectory } from './clients.ts'
import { foreignOrigin, isSameOrigin } from './origin.ts'
import { type Role, roleIncludes, type Sessions } from './sessions.ts'

/** What the guards ask. */
export interface Door {
  clients: ClientDirectory
  sessions: Sessions
  publicUrl: string
}

/** What an operator is asked for; browsers know no dialogue for it, so the page stays. */
export const cookieChallenge = 'Cookie realm="tongban"'

export const refuse: onRequestHookHandler = (_request, _reply, done) => done(problem('forbidden'))
const allow: onRequestHookHandler = (_request, _reply, done) => done()

export function guardFor(access: Access, door: Door): onRequestHookHandler {
  if (access === 'public') return allow
  if (access === 'signed') return attachClient(door)
  if (typeof access === 'object') return requireScope(access.scope, door)
  return requireRole(access.slice('operator:'.length) as Role, door)
}

function attachClient({ clients }: Door): onRequestHookHandler {
  return (request, _reply, done) => {
    request.client = clients.find(request.headers.authorization)
    done()
  }
}

function requireScope(scope: Scope, { clients }: Door): onRequestHookHandler {
  return (request, _reply, done) => {
    const { authorization } = request.headers
    const client = clients.find(authorization)
    if (client === null) return done(unknownCaller(authorization))
    if (!client.scopes.includes(scope)) return done(insufficientScope(scope))
    request.client = client
    done()
  }
}

function unknownCaller(authorization: string | undefined): Error {
  const challenge = `Bearer realm="tongban"${authorization === undefined ? '' : ', error="invalid_token"'}`
  return problem('unauthenticated', { headers: { 'www-authenticate': challenge } })
}

function insufficientScope(scope: Scope): Error {
  return problem('forbidden', {
    detail: `the scope ${scope} is needed`,
    detailZh: `缺少权限 ${scope}`,
    headers: { 'www-authenticate': `Bearer realm="tongban", error="insufficient_scope", scope="${scope}"` },
  })
}

function requireRole(role: Role, { sessions, publicUrl }: Door): onRequestHookHandler {
  return (request, reply, done) => {
    const operator = sessions.read(request.headers.cookie)
    if (operator === null) {
      if (wantsPage(request)) {
        reply.header('cache-control', 'no-store')
        reply.redirect(`/ops/login?next=${encodeURIComponent(request.url)}`, 303)
        return
      }
      return done(problem('unauthenticated', { headers: { 'www-authenticate': cookieChallenge } }))
    }
    if (!roleIncludes(operator.role, role)) return done(roleNeeded(role))
    if (changesSomething(request) && !isSameOrigin(request, publicUrl)) return done(foreignOrigin())
    request.operator = operator
    done()
  }
}

function roleNeeded(role: Role): Error {
  return problem('forbidden', { detail: `the role ${role} is needed`, detailZh: `需要 ${role} 角色` })
}

function wantsPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
}

function changesSomething(request: FastifyRequest): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD'
}
