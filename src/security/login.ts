// Operators come in and go out: GET and POST /ops/login, POST /ops/logout.
// It must take the same time, and say the same, for an unknown account and for a wrong password.

import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Operator } from '../settings/settings.ts'
import { type AccessSettings, sessionsFor } from './access.ts'
import { cookieChallenge } from './guards.ts'
import { type LoginLimits, loginLimits } from './login-limits.ts'
import { accountPage, type loginMessages, loginPage, loginPagePolicy } from './login-page.ts'
import { foreignOrigin, isSameOrigin } from './origin.ts'
import { pageHeaders } from './page-headers.ts'
import { unknownPassword, verifyPassword } from './passwords.ts'

const MAX_FORM_BYTES = 16 * 1024
/** Each check holds one of Node's four worker threads, which file writes need too. */
const CHECKS_AT_ONCE = 2
const headers = pageHeaders(loginPagePolicy)

export interface LoginDeps {
  settings: AccessSettings
  /** Where a log-in leads when no page was asked for. Default /ops/queues. */
  home?: string
  /** Told of each log-in, refused or not, and each log-out. */
  audit?: (entry: LoginEntry) => void
  limits?: LoginLimits
}

export interface LoginEntry {
  action: 'operator.logged-in' | 'operator.login-refused' | 'operator.logged-out'
  /**
   * Null when what was typed is no operator's id: it may be a password in the wrong field, and is written
   * down nowhere.
   */
  operator: string | null
  address: string
  reason?: keyof typeof loginMessages
}

interface LoginForm {
  account: string
  password: string
  next: string
}

export async function loginRoutes(app: FastifyInstance, deps: LoginDeps): Promise<void> {
  const { settings, home = '/ops/queues', limits = loginLimits() } = deps
  const sessions = sessionsFor(settings)
  const check = passwordCheck(settings.operators)
  const audit = (request: FastifyRequest, entry: Omit<LoginEntry, 'address'>): void => {
    const operator = entry.operator ?? undefined
    request.log.info({ operator, address: request.ip, reason: entry.reason }, entry.action)
    deps.audit?.({ ...entry, address: request.ip })
  }

  await app.register(async (scope) => {
    await scope.register(formbody, { bodyLimit: MAX_FORM_BYTES })

    scope.get('/ops/login', { config: { access: 'public' } }, (request, reply) => {
      const operator = sessions.read(request.headers.cookie)
      const next = localPath((request.query as Record<string, unknown>).next, home)
      return sendPage(reply, operator === null ? loginPage({ next }) : accountPage(operator, home))
    })

    scope.post(
      '/ops/login',
      { bodyLimit: MAX_FORM_BYTES, config: { access: 'public' } },
      async (request, reply) => {
        if (!isSameOrigin(request, settings.http.publicUrl)) throw foreignOrigin()
        const { account, password, next } = readForm(request.body, home)
        const refuse = (status: number, reason: keyof typeof loginMessages, waitMs = 0): FastifyReply => {
          const operator = settings.operators.some((one) => one.id === account) ? account : null
          audit(request, { action: 'operator.login-refused', operator, reason })
          if (status === 401) reply.header('www-authenticate', cookieChallenge)
          if (waitMs > 0) reply.header('retry-after', Math.ceil(waitMs / 1000))
          return sendPage(reply.code(status), loginPage({ next, message: reason }))
        }

        const waitMs = limits.attempt(account, request.ip)
        if (waitMs > 0) return refuse(429, 'wait', waitMs)
        const operator = await check(account, password)
        if (operator === 'busy') return refuse(503, 'busy', 1_000)
        if (operator === null) return refuse(401, 'wrong')
        limits.succeeded(account, request.ip)
        audit(request, { action: 'operator.logged-in', operator: operator.id })
        return reply
          .header('set-cookie', sessions.open(operator))
          .header('cache-control', 'no-store')
          .redirect(next, 303)
      },
    )

    scope.post('/ops/logout', { config: { access: 'operator:viewer' } }, (request, reply) => {
      audit(request, { action: 'operator.logged-out', operator: request.operator?.id ?? '' })
      return reply
        .header('set-cookie', sessions.close())
        .header('cache-control', 'no-store')
        .redirect('/ops/login', 303)
    })
  })
}

type PasswordCheck = (account: string, password: string) => Promise<Operator | null | 'busy'>

function passwordCheck(operators: readonly Operator[]): PasswordCheck {
  const byId = new Map(operators.map((it) => [it.id, it]))
  // An unknown account is checked against a hash of the same cost, and refused whatever comes out.
  const nobody = operators[0]?.passwordHash ?? unknownPassword()
  let running = 0
  return async (account, password) => {
    if (running >= CHECKS_AT_ONCE) return 'busy'
    running++
    try {
      const operator = byId.get(account)
      const right = await verifyPassword(password, operator?.passwordHash ?? nobody)
      return right && operator !== undefined ? operator : null
    } finally {
      running--
    }
  }
}

function readForm(body: unknown, home: string): LoginForm {
  const form = (body ?? {}) as Record<string, unknown>
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return {
    account: text(form.account).trim().slice(0, 64),
    password: text(form.password),
    next: localPath(form.next, home),
  }
}

/** A page below /ops, so that a link cannot send someone who just logged in elsewhere. */
function localPath(value: unknown, home: string): string {
  if (typeof value !== 'string' || !/^\/ops\/[\w\-./~%?&=]*$/.test(value)) return home
  // As a browser reads it: /ops/../v1 is not below.
  const path = URL.parse(value, 'http://localhost')?.pathname ?? ''
  return path.startsWith('/ops/') && !path.startsWith('/ops/login') ? value : home
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply.headers(headers).type('text/html; charset=utf-8').send(html)
}
