// An operator's session: a signed cookie and nothing on the server, so any process can read it.
// A session ends after eight hours, at log-out in that browser, and when the operator is removed from the
// settings or given another role or password.

import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Operator } from '../settings/settings.ts'

export const SESSION_SECONDS = 8 * 60 * 60
const MAX_VALUE_CHARACTERS = 1_024

export type Role = Operator['role']
const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

/** Whether `held` includes what `needed` may do: viewer < operator < admin. */
export function roleIncludes(held: Role, needed: Role): boolean {
  return rank[held] >= rank[needed]
}

/** Who is at the console. Carries no hash, so that it can be logged. */
export interface OperatorIdentity {
  id: string
  name: string
  role: Role
}

export interface Sessions {
  /** The Set-Cookie value that logs the operator in. */
  open(operator: Operator): string
  /** The Set-Cookie value that logs out. */
  close(): string
  /** The operator of a Cookie header; null when there is none, or it is forged, expired or outdated. */
  read(cookies: string | undefined): OperatorIdentity | null
}

interface SessionOptions {
  key: Buffer
  operators: readonly Operator[]
  /** True behind https: the cookie is then `__Host-tongban` (RFC 6265bis) and never sent over plain http. */
  secure: boolean
  /** ms since the epoch. */
  now?: () => number
}

interface Payload {
  id: string
  role: Role
  /** Seconds since the epoch. */
  exp: number
  /** Names the password it was opened with, without telling anything of it. */
  pwd: string
}

/** Of the session; `secure` behind https. */
export const cookieName = (secure: boolean): string => (secure ? '__Host-tongban' : 'tongban')

export function createSessions({ key, operators, secure, now = Date.now }: SessionOptions): Sessions {
  const name = cookieName(secure)
  const byId = new Map(operators.map((it) => [it.id, it]))
  /** RFC 6265; the value is base64url and a dot, so it needs no encoding. */
  const setCookie = (value: string, maxAge: number): string =>
    `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

  return {
    open(operator) {
      const exp = Math.floor(now() / 1000) + SESSION_SECONDS
      const { id, role } = operator
      const value = sign(key, { id, role, exp, pwd: passwordMark(operator) })
      return setCookie(value, SESSION_SECONDS)
    },
    close: () => setCookie('', 0),
    read(cookies) {
      const value = readCookie(cookies, name)
      const payload = value === undefined ? null : verify(key, value)
      if (payload === null || payload.exp * 1000 <= now()) return null
      const operator = byId.get(payload.id)
      if (operator === undefined || operator.role !== payload.role) return null
      if (passwordMark(operator) !== payload.pwd) return null
      return { id: operator.id, name: operator.name, role: operator.role }
    },
  }
}

function readCookie(cookies: string | undefined, name: string): string | undefined {
  return cookies
    ?.split(';')
    .find((it) => it.trimStart().startsWith(`${name}=`))
    ?.trim()
    .slice(name.length + 1)
}

function passwordMark(operator: Operator): string {
  return hash('sha256', operator.passwordHash, 'base64url').slice(0, 16)
}

function sign(key: Buffer, payload: Payload): string {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${text}.${mac(key, text).toString('base64url')}`
}

function verify(key: Buffer, value: string): Payload | null {
  const [text, signature, ...rest] = value.split('.')
  if (text === undefined || signature === undefined || rest.length > 0) return null
  if (value.length > MAX_VALUE_CHARACTERS) return null
  const given = Buffer.from(signature, 'base64url')
  const wanted = mac(key, text)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
  // Signed by us, so its shape is ours.
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as Payload
}

function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(`session:${text}`).digest()
}
