import t from 'tap'
import { answering, type Behaviour, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { createHttpClient } from '../../src/adapter-kit/http.ts'
import { type ClientCredentials, clientCredentials } from '../../src/adapter-kit/signing.ts'
import { machineClient, type Oidc, startOidc } from '../support/oidc.ts'

const secret = 'a secret: with %20 & signs+/'
type Tap = { teardown(fn: () => unknown): void }

function attempts(t: Tap, origin: string) {
  const client = createHttpClient({ allowedOrigins: [origin], timeoutMs: 2000, connections: 8 })
  t.teardown(() => client.close())
  const clock = { at: Date.parse('2026-11-23T01:30:00Z') }
  const attempt = (signal = new AbortController().signal) => ({
    http: client.forAttempt(signal),
    signal,
    now: () => new Date(clock.at),
  })
  return { attempt, clock }
}

function tokensOf(oidc: Oidc, change: Partial<ClientCredentials> = {}) {
  return clientCredentials({ tokenUrl: oidc.tokenUrl, clientId: 'tongban', clientSecret: secret, ...change })
}

async function scripted(t: Tap, behaviour: Behaviour) {
  const server = await startServer(behaviour)
  t.teardown(() => server.close())
  const tokens = clientCredentials({
    tokenUrl: `${server.origin}/token`,
    clientId: 'c',
    clientSecret: 'hidden-secret',
  })
  return { server, tokens, ...attempts(t, server.origin) }
}

t.test('a real provider gives a token, by both ways of proving the client', async (t) => {
  for (const method of ['client_secret_basic', 'client_secret_post'] as const) {
    const oidc = await startOidc(t, {
      clients: [machineClient('tongban', secret, { token_endpoint_auth_method: method })],
    })
    const { attempt } = attempts(t, oidc.issuer)
    const { Authorization } = await tokensOf(oidc, { method, scope: 'cases' }).authorise(attempt())
    t.ok(await oidc.isValid(Authorization), method)
  }
})

t.test('fifty attempts at once share one token request, and later ones the token', async (t) => {
  const oidc = await startOidc(t, { clients: [machineClient('tongban', secret)] })
  const { attempt } = attempts(t, oidc.issuer)
  const tokens = tokensOf(oidc)
  const headers = await Promise.all(Array.from({ length: 50 }, () => tokens.authorise(attempt())))
  t.equal(new Set(headers.map(({ Authorization }) => Authorization)).size, 1)
  await tokens.authorise(attempt())
  t.equal(oidc.granted, 1)
})

t.test('a token is renewed a margin before it ends, but not before half of its life', async (t) => {
  const oidc = await startOidc(t, { clients: [machineClient('tongban', secret)], tokenSeconds: 600 })
  const { attempt, clock } = attempts(t, oidc.issuer)
  const usual = tokensOf(oidc)
  await usual.authorise(attempt())
  clock.at += 539_000
  await usual.authorise(attempt())
  t.equal(oidc.granted, 1)
  clock.at += 2_000
  await usual.authorise(attempt())
  t.equal(oidc.granted, 2)
  const cautious = tokensOf(oidc, { marginMs: 3_600_000 })
  await cautious.authorise(attempt())
  clock.at += 299_000
  await cautious.authorise(attempt())
  t.equal(oidc.granted, 3)
})

t.test('a refused token is dropped once, and never a newer one', async (t) => {
  const oidc = await startOidc(t, { clients: [machineClient('tongban', secret)] })
  const { attempt } = attempts(t, oidc.issuer)
  const tokens = tokensOf(oidc)
  const first = await tokens.authorise(attempt())
  tokens.refused(first)
  const second = await tokens.authorise(attempt())
  t.not(second.Authorization, first.Authorization)
  tokens.refused(first)
  t.same(await tokens.authorise(attempt()), second)
})

t.test('a client that the provider refuses is unauthorised, without its secret', async (t) => {
  const oidc = await startOidc(t, { clients: [machineClient('tongban', secret)] })
  const { attempt } = attempts(t, oidc.issuer)
  try {
    await tokensOf(oidc, { clientSecret: 'wrong-secret' }).authorise(attempt())
    t.fail('no failure')
  } catch (error) {
    t.match(error, { name: 'AdapterFailure', kind: 'unauthorised', sent: false })
    t.notMatch((error as Error).message, /wrong-secret/)
  }
})

t.test('whatever goes wrong at the token endpoint, nothing was sent to the system', async (t) => {
  const cases: [Behaviour, string][] = [
    [answering([{ status: 500 }]), 'unavailable'],
    [answering([{ status: 429, headers: { 'retry-after': '3' } }]), 'throttled'],
    [(response) => response.destroy(), 'unavailable'],
    [answering([{ status: 401 }]), 'unauthorised'],
    [answering([{ status: 400, body: { error: 'invalid_client' } }]), 'unauthorised'],
    [answering([{ body: { error: 'invalid_client' } }]), 'unauthorised'],
    [answering([{ body: { error: 'unauthorized_client', access_token: null } }]), 'unauthorised'],
    [answering([{ body: { error: 'server_error' } }]), 'unrecognised'],
    [answering([{ body: '<html>' }]), 'unrecognised'],
    [answering([{ body: {} }]), 'unrecognised'],
    [answering([{ body: { access_token: 'a\r\nb' } }]), 'unrecognised'],
    [answering([{ body: { access_token: 'a', token_type: 'mac' } }]), 'unrecognised'],
  ]
  for (const [behaviour, kind] of cases) {
    const { tokens, attempt } = await scripted(t, behaviour)
    await t.rejects(tokens.authorise(attempt()), { name: 'AdapterFailure', kind, sent: false })
  }
})

t.test('a refusal told with status 200 keeps its code; a token that came is taken', async (t) => {
  const refusing = await scripted(t, answering([{ body: { error: 'invalid_client' } }]))
  await t.rejects(refusing.tokens.authorise(refusing.attempt()), { status: 200, code: 'invalid_client' })
  const giving = await scripted(t, answering([{ body: { error: '', access_token: 'a' } }]))
  t.same(await giving.tokens.authorise(giving.attempt()), { Authorization: 'Bearer a' })
})

t.test('an attempt that is stopped leaves the others their token', async (t) => {
  const { tokens, attempt, server } = await scripted(t, (response, _request, index) => {
    if (index === 0) return
    response.end(JSON.stringify({ access_token: 'second', expires_in: 60 }))
  })
  const stopped = new AbortController()
  const first = tokens.authorise(attempt(stopped.signal))
  const second = tokens.authorise(attempt())
  setTimeout(() => stopped.abort(), 50)
  await t.rejects(first, { name: 'AdapterFailure', kind: 'unavailable', sent: false })
  t.same(await second, { Authorization: 'Bearer second' })
  t.equal(server.received.length, 2)
})

t.test('a waiting attempt ends at its own signal', async (t) => {
  const { tokens, attempt } = await scripted(t, () => {})
  const patient = tokens.authorise(attempt())
  const hasty = new AbortController()
  const waiting = tokens.authorise(attempt(hasty.signal))
  hasty.abort()
  await t.rejects(waiting, { name: 'AdapterFailure', kind: 'unavailable', sent: false })
  await t.rejects(patient, AdapterFailure)
})
