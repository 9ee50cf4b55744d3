import Fastify from 'fastify'
import t from 'tap'
import { clientOf, installAccess, operatorOf } from '../../src/security/access.ts'
import { mayActFor } from '../../src/security/clients.ts'
import { accessSettings, client, loggedIn, startEdge } from './edge.ts'

t.test('a gateway with a route that declares no access does not start', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  installAccess(app, accessSettings())
  app.get('/declared', { config: { access: 'public' } }, () => 'ok')
  app.register(async (inner) => {
    inner.get('/forgotten', () => 'secret')
  })
  await t.rejects(async () => await app.ready(), {
    message: /^routes without config.access: GET \/forgotten, HEAD \/forgotten$/,
  })
})

const withRoutes = {
  routes: (app: Parameters<typeof installAccess>[0]) => {
    app.post(
      '/v1/submissions',
      { config: { access: { scope: 'submissions:write' } } },
      (request) => clientOf(request).id,
    )
    app.get('/v1/themes', { config: { access: { scope: 'catalogue:read' } } }, () => 'themes')
    app.get('/open', { config: { access: 'public' } }, () => 'open')
    app.get('/signed', { config: { access: 'signed' } }, (request) => request.client?.id ?? 'nobody')
    app.get('/ops/look', { config: { access: 'operator:viewer' } }, (request) => operatorOf(request))
    app.post('/ops/act', { config: { access: 'operator:operator' } }, () => 'done')
    app.post('/ops/rule', { config: { access: 'operator:admin' } }, () => 'done')
  },
}

t.test('a machine client is known by any of its live tokens', async (t) => {
  const app = await startEdge(t, withRoutes)
  for (const token of ['token-of-today', 'token-of-tomorrow', 'token-of-today']) {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/submissions',
      headers: { authorization: `Bearer ${token}` },
    })
    t.match(answer, { statusCode: 200, body: 'kaifeng-platform' })
  }
})

t.test('a caller without a valid token is refused with a challenge before its body is read', async (t) => {
  const app = await startEdge(t, withRoutes)
  const post = (headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/v1/submissions',
      headers: { 'content-type': 'application/json', ...headers },
      payload: '{',
    })

  const bare = await post({})
  t.match(bare, { statusCode: 401, headers: { 'www-authenticate': 'Bearer realm="tongban"' } })
  t.match(bare.json(), { code: 'unauthenticated', status: 401 })
  for (const authorization of [
    'Bearer wrong',
    'Bearer ',
    'Basic token-of-today',
    'Bearer token-of-today x',
    'bearer TOKEN-OF-TODAY',
  ]) {
    const answer = await post({ authorization })
    t.match(answer, { statusCode: 401, headers: { 'www-authenticate': /invalid_token/ } }, authorization)
  }
})

t.test('a client without the scope is refused, and told which one it lacks', async (t) => {
  const app = await startEdge(t, withRoutes)
  const answer = await app.inject({ url: '/v1/themes', headers: { authorization: 'Bearer token-of-today' } })
  t.match(answer, { statusCode: 403, headers: { 'www-authenticate': /insufficient_scope.*catalogue:read/ } })
  t.match(answer.json(), { code: 'forbidden', detail: /catalogue:read/ })
})

t.test('the HEAD twin of a route is guarded as the route is', async (t) => {
  const app = await startEdge(t, withRoutes)
  t.equal((await app.inject({ method: 'HEAD', url: '/v1/themes' })).statusCode, 401)
  t.equal((await app.inject({ method: 'HEAD', url: '/open' })).statusCode, 200)
})

t.test('a signed route is open, and knows the client when one shows its token', async (t) => {
  const app = await startEdge(t, withRoutes)
  t.equal((await app.inject('/signed')).body, 'nobody')
  const known = await app.inject({ url: '/signed', headers: { authorization: 'Bearer token-of-today' } })
  t.equal(known.body, 'kaifeng-platform')
})

t.test('a bearer token does not open an operator route, nor a session a client route', async (t) => {
  const app = await startEdge(t, withRoutes)
  t.equal(
    (await app.inject({ url: '/ops/look', headers: { authorization: 'Bearer token-of-today' } })).statusCode,
    401,
  )
  const cookie = await loggedIn(app, 'admin')
  t.equal((await app.inject({ method: 'POST', url: '/v1/submissions', headers: { cookie } })).statusCode, 401)
})

t.test('a role includes those below it and none above', async (t) => {
  const app = await startEdge(t, withRoutes)
  const allowed = { viewer: [200, 403, 403], operator: [200, 200, 403], admin: [200, 200, 200] } as const
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    const headers = {
      cookie: await loggedIn(app, role),
      host: '127.0.0.1:7700',
      origin: 'http://127.0.0.1:7700',
    }
    const answers = [
      await app.inject({ url: '/ops/look', headers }),
      await app.inject({ method: 'POST', url: '/ops/act', headers }),
      await app.inject({ method: 'POST', url: '/ops/rule', headers }),
    ]
    t.same(
      answers.map((it) => it.statusCode),
      allowed[role],
      role,
    )
  }
})

t.test("another site cannot act with an operator's cookie", async (t) => {
  const app = await startEdge(t, withRoutes)
  const cookie = await loggedIn(app, 'admin')
  const act = (headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/ops/act', headers: { cookie, host: '127.0.0.1:7700', ...headers } })
  for (const origin of [
    'https://evil.example',
    'null',
    'https://127.0.0.1:7700',
    'http://127.0.0.1:7701',
    'http://127.0.0.1:7700.evil.example',
  ]) {
    t.equal((await act({ origin })).statusCode, 403, origin)
  }
  t.equal((await act({})).statusCode, 403, 'no origin at all')
  t.equal((await act({ origin: 'http://127.0.0.1:7700' })).statusCode, 200)
})

t.test('a browser without a session is shown the log-in page, a program a problem', async (t) => {
  const app = await startEdge(t, withRoutes)
  const browser = await app.inject({ url: '/ops/look?a=1', headers: { accept: 'text/html,*/*' } })
  t.match(browser, { statusCode: 303, headers: { location: '/ops/login?next=%2Fops%2Flook%3Fa%3D1' } })
  t.match((await app.inject('/ops/look')).json(), { code: 'unauthenticated' })
})

t.test('a client acts for its divisions only, or for all', (t) => {
  t.ok(mayActFor(client, '410204'))
  t.notOk(mayActFor(client, '410202'))
  t.ok(mayActFor({ ...client, divisions: ['*'] }, '410202'))
  t.end()
})
