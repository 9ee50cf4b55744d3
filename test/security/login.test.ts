import t from 'tap'
import type { LoginEntry } from '../../src/security/login.ts'
import { loginLimits } from '../../src/security/login-limits.ts'
import { loggedIn, password, postForm, startEdge } from './edge.ts'

t.test('an operator logs in and comes to the page that was asked for', async (t) => {
  const entries: LoginEntry[] = []
  const app = await startEdge(t, { login: { audit: (it) => entries.push(it) } })
  const answer = await postForm(app, {
    account: 'viewer',
    password,
    next: '/ops/queues/queue/health?status=delayed',
  })
  t.match(answer, { statusCode: 303, headers: { location: '/ops/queues/queue/health?status=delayed' } })
  t.match(entries, [{ action: 'operator.logged-in', operator: 'viewer', address: '127.0.0.1' }])

  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
  const account = await app.inject({ url: '/ops/login', headers: { cookie } })
  t.match(account.body, /viewer 张三/)
  t.match(account.body, /action="\/ops\/logout"/)
})

t.test('behind https the cookie is __Host- and Secure', async (t) => {
  const app = await startEdge(t, { publicUrl: 'https://tongban.example' })
  const answer = await postForm(app, { account: 'admin', password }, { origin: 'https://tongban.example' })
  t.match(answer.headers['set-cookie'], /^__Host-tongban=.*Path=\/; HttpOnly; SameSite=Lax; Secure$/)
})

t.test('a log-in never leads away from the console', async (t) => {
  const app = await startEdge(t)
  for (const next of [
    'https://evil.example/',
    '//evil.example',
    '/ops/../..//evil',
    '/ops/../v1/themes',
    '/ops/%2e%2e/openapi.json',
    '/ops/./login',
    '/ops/\\evil',
    '/ops/login',
    '/other',
    'javascript:alert(1)',
  ]) {
    const { headers } = await postForm(app, { account: 'admin', password, next })
    const target = new URL(String(headers.location), 'http://127.0.0.1:7700')
    t.equal(target.host, '127.0.0.1:7700', next)
    t.match(target.pathname, /^\/ops\/(?!login)/, next)
  }
})

t.test('a wrong password and an unknown account are told apart by nothing', async (t) => {
  const entries: LoginEntry[] = []
  const app = await startEdge(t, { login: { audit: (it) => entries.push(it) } })
  const wrong = await postForm(app, { account: 'admin', password: 'wrong' })
  const unknown = await postForm(app, { account: 'nobody', password })
  t.match(wrong, { statusCode: 401, body: /账号或密码不正确/, headers: { 'www-authenticate': /^Cookie / } })
  t.equal(wrong.body, unknown.body)
  t.equal(wrong.statusCode, unknown.statusCode)
  t.equal(wrong.headers['set-cookie'], undefined)
  t.match(entries, [{ action: 'operator.login-refused', reason: 'wrong' }, { operator: null }])
  t.notMatch(JSON.stringify(entries), /correct-horse/)
})

t.test('a password typed where the account belongs is written down nowhere', async (t) => {
  const entries: LoginEntry[] = []
  const app = await startEdge(t, { login: { audit: (it) => entries.push(it) } })
  await postForm(app, { account: password, password: '' })
  t.match(entries, [{ action: 'operator.login-refused', operator: null }])
  t.notMatch(JSON.stringify(entries), password)
})

t.test('after five wrong passwords the account has to wait at that address, and only there', async (t) => {
  const app = await startEdge(t)
  for (let i = 0; i < 5; i++)
    t.equal((await postForm(app, { account: 'admin', password: 'wrong' })).statusCode, 401)
  const waits = await postForm(app, { account: 'admin', password })
  t.match(waits, { statusCode: 429, headers: { 'retry-after': /^\d+$/ }, body: /稍后再试/ })
  t.equal((await postForm(app, { account: 'viewer', password })).statusCode, 303)
})

t.test(
  'tries are counted by account, by address and by both, and forgotten after a quarter of an hour',
  (t) => {
    let now = 0
    const limits = loginLimits(() => now)
    for (let i = 0; i < 5; i++) t.equal(limits.attempt('admin', '10.0.0.1'), 0)
    t.equal(limits.attempt('admin', '10.0.0.1'), 15 * 60_000)
    t.equal(limits.attempt('admin', '10.0.0.2'), 0, 'another address may try')
    for (let i = 0; i < 15; i++) t.equal(limits.attempt(`guess-${i}`, '10.0.0.1'), 0)
    t.not(limits.attempt('fresh', '10.0.0.1'), 0, 'twenty tries from one address')
    for (let i = 0; i < 44; i++) t.equal(limits.attempt('admin', `10.0.1.${i}`), 0)
    t.not(limits.attempt('admin', '10.0.2.1'), 0, 'fifty tries at one account')
    now += 15 * 60_000
    t.equal(limits.attempt('admin', '10.0.0.1'), 0)
    t.end()
  },
)

t.test('who came in at an address before is not held up by what others try there, or elsewhere', (t) => {
  const limits = loginLimits(() => 0)
  limits.attempt('admin', '10.0.0.1')
  limits.succeeded('admin', '10.0.0.1')
  for (let i = 0; i < 20; i++) t.equal(limits.attempt(`guess-${i}`, '10.0.0.1'), 0)
  for (let i = 0; i < 50; i++) t.equal(limits.attempt('admin', `10.0.1.${i}`), 0)
  t.not(limits.attempt('viewer', '10.0.0.1'), 0, 'nobody knows the viewer there')
  for (let i = 0; i < 5; i++) t.equal(limits.attempt('admin', '10.0.0.1'), 0)
  t.not(limits.attempt('admin', '10.0.0.1'), 0, 'five wrong passwords of its own')
  t.end()
})

t.test('a right password takes its try back', (t) => {
  const limits = loginLimits(() => 0)
  for (let i = 0; i < 100; i++) {
    t.equal(limits.attempt('admin', '10.0.0.1'), 0)
    limits.succeeded('admin', '10.0.0.1')
  }
  t.end()
})

t.test('a log-in form posted from another site is refused', async (t) => {
  const app = await startEdge(t)
  const answer = await postForm(app, { account: 'admin', password }, { origin: 'https://evil.example' })
  t.match(answer, { statusCode: 403, headers: { 'content-type': /problem\+json/ } })
  t.equal(answer.headers['set-cookie'], undefined)
})

t.test('log-out clears the cookie, and another site cannot do it', async (t) => {
  const app = await startEdge(t)
  const cookie = await loggedIn(app, 'viewer')
  const out = (origin: string) =>
    app.inject({ method: 'POST', url: '/ops/logout', headers: { cookie, origin, host: '127.0.0.1:7700' } })
  t.equal((await out('https://evil.example')).statusCode, 403)
  t.match(await out('http://127.0.0.1:7700'), {
    statusCode: 303,
    headers: { 'set-cookie': /^tongban=; Max-Age=0; Path=\// },
  })
})

t.test(
  'the log-in page runs no script, is framed by nobody, and writes down nothing unescaped',
  async (t) => {
    const app = await startEdge(t)
    const page = await app.inject('/ops/login?next=%2Fops%2F"><script>alert(1)</script>')
    t.notMatch(page.body, /<script/)
    const policy = String(page.headers['content-security-policy'])
    t.match(policy, /default-src 'none'/)
    t.match(policy, /frame-ancestors 'none'/)
    t.notMatch(policy, /script-src|unsafe/)
    t.match(page.headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  },
)
