import t from 'tap'
import { createSessions, SESSION_SECONDS } from '../../src/security/sessions.ts'
import { operators } from './edge.ts'

const [viewer, operator] = operators as [(typeof operators)[0], (typeof operators)[0]]
const key = Buffer.alloc(32, 7)
const cookieOf = (setCookie: string): string => setCookie.split(';')[0] ?? ''

t.test('the cookie is out of reach of scripts and of other sites', (t) => {
  const plain = createSessions({ key, operators, secure: false }).open(viewer)
  t.match(plain, /^tongban=/)
  for (const flag of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=28800']) t.ok(plain.includes(flag), flag)
  t.notMatch(plain, /Secure|Domain/)

  const secure = createSessions({ key, operators, secure: true }).open(viewer)
  t.match(secure, /^__Host-tongban=/)
  for (const flag of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Secure']) t.ok(secure.includes(flag), flag)
  t.notMatch(secure, /Domain/)
  t.end()
})

t.test('a session ends after eight hours', (t) => {
  let now = Date.parse('2026-11-23T09:00:00+08:00')
  const sessions = createSessions({ key, operators, secure: false, now: () => now })
  const cookie = cookieOf(sessions.open(operator))
  now += SESSION_SECONDS * 1000 - 1
  t.match(sessions.read(cookie), { id: 'operator', role: 'operator' })
  t.notOk('passwordHash' in (sessions.read(cookie) ?? {}))
  now += 1
  t.equal(sessions.read(cookie), null)
  t.end()
})

t.test('a session ends when the operator is removed, or gets another role or password', (t) => {
  const cookie = cookieOf(createSessions({ key, operators, secure: false }).open(operator))
  const readBy = (changed: typeof operators) =>
    createSessions({ key, operators: changed, secure: false }).read(cookie)
  t.ok(readBy(operators))
  t.equal(readBy([viewer]), null)
  t.equal(readBy([{ ...operator, role: 'admin' }]), null)
  t.equal(readBy([{ ...operator, passwordHash: `${operator.passwordHash}x` }]), null)
  t.end()
})

t.test('a cookie changed anywhere is no session', (t) => {
  const sessions = createSessions({ key, operators, secure: false })
  const cookie = cookieOf(sessions.open(viewer))
  const start = 'tongban='.length
  for (let i = start; i < cookie.length; i++) {
    const other = cookie[i] === 'A' ? 'B' : 'A'
    const forged = cookie.slice(0, i) + other + cookie.slice(i + 1)
    // The last character of base64url carries spare bits; the same bytes are the same signature.
    if (i < cookie.length - 1) t.equal(sessions.read(forged), null, `character ${i}`)
  }
  for (const it of [
    '',
    'tongban=',
    'tongban=a.b',
    'tongban=a.b.c',
    `tongban=${'a'.repeat(5000)}.b`,
    'other=1',
  ]) {
    t.equal(sessions.read(it), null, it.slice(0, 20))
  }
  t.equal(
    createSessions({ key: Buffer.alloc(32, 8), operators, secure: false }).read(cookie),
    null,
    'another key',
  )
  t.end()
})
