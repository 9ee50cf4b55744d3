import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings, SigningSettings } from '../../adapters/department-rest/settings.ts'
import { answering } from '../../src/adapter-kit/conformance/server.ts'
import { cannedFiles } from '../../src/adapter-kit/conformance/stage.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { GIVEN_KEY, GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { smEnvelope } from '../../src/adapter-kit/signing.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import { machineClient, type Oidc, startOidc } from '../support/oidc.ts'
import { plain, startDepartment, type Tap } from './department-rest-stage.ts'

const content = givens['case-online']
const operations: NonNullable<DepartmentSettings['operations']> = {
  submitCase: {
    send: { method: 'POST', path: '/cases', body: { data: { no: '=caseId', name: '=applicant.name' } } },
  },
}

/** A department that trusts tokens of one provider, until it is told to distrust one. */
async function startGuarded(t: Tap, oidc: Oidc) {
  const state = { refuse: 0, served: 0, bodies: [] as string[] }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const known = await oidc.isValid(request.headers.authorization)
    if (!known || state.refuse-- > 0) return void response.writeHead(401).end()
    state.served++
    state.bodies.push(body)
    response.end('{"code":0,"no":"N-1"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const settings: DepartmentSettings = {
    ...plain,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations,
    signing: {
      scheme: 'oauth2',
      key: 'tongban',
      secret: 'client-secret',
      tokenUrl: oidc.tokenUrl,
      scope: 'cases',
    },
  }
  const client = systemHttpClient(manifest, settings, { timeoutMs: 3000, connections: 16 })
  t.teardown(async () => {
    await client.close()
    server.closeAllConnections()
    server.close()
  })
  const { submitCase } = manifest.create(settings).outgoing
  const send = (change: Partial<typeof content> = {}) => {
    const { signal } = new AbortController()
    const http = client.forAttempt(signal)
    const now = () => new Date()
    return submitCase?.send(
      { ...content, ...change },
      { signal, http, key: GIVEN_KEY, number: 1, now, files: cannedFiles() },
    )
  }
  return { state, send }
}

t.test('OAuth2: many transfers share one token, whose endpoint is registered by its setting', async (t) => {
  const oidc = await startOidc(t, { clients: [machineClient('tongban', 'client-secret')] })
  const { state, send } = await startGuarded(t, oidc)
  await Promise.all(Array.from({ length: 40 }, (_, i) => send({ caseId: `case_${i}` })))
  t.same([state.served, oidc.granted], [40, 1])
})

t.test('OAuth2: a refused token is renewed once and the same request made again', async (t) => {
  const oidc = await startOidc(t, { clients: [machineClient('tongban', 'client-secret')] })
  const { state, send } = await startGuarded(t, oidc)
  await send()
  state.refuse = 1
  t.same(await send(), { reference: 'N-1' })
  t.same([state.served, oidc.granted], [2, 2])
  t.equal(state.bodies[0], state.bodies[1])
  state.refuse = 2
  await t.rejects(async () => send(), { name: 'AdapterFailure', kind: 'unauthorised', status: 401 })
  t.equal(oidc.granted, 3)
})

// Invented pairs: ours, the department's.
const ours = {
  privateKey: '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8',
  publicKey:
    '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13',
}
const theirs = {
  privateKey: '5DD701828C424B84C5D56770ECF7C4FE882E654CAC53C7CC89A66B1709068B9D',
  publicKey:
    '04FF6712D3A7FC0D1B9E01FF471A87EA87525E47C7775039D19304E554DEFE0913F632025F692776D4C13470ECA36AC85D560E794E1BCCF53D82C015988E0EB956',
}
const signing: SigningSettings = {
  scheme: 'sm2-sm4',
  key: '43AF047BBA47FC8A1AE8EFB2D5E1C0AA',
  secret: 'sample-app-secret',
  envelope: { privateKey: ours.privateKey, peerPublicKey: theirs.publicKey },
}
const insurance = smEnvelope({
  key: '43AF047BBA47FC8A1AE8EFB2D5E1C0AA',
  secret: 'sample-app-secret',
  privateKey: theirs.privateKey,
  peerPublicKey: ours.publicKey,
})
const sealedSettings: Partial<DepartmentSettings> = {
  signing,
  operations,
  answer: { code: '$string(code)', reference: 'data.no' },
  statuses: { '30': 'case.accepted' },
  incoming: { caseId: 'data.no', status: 'data.st', time: 'data.at' },
}

t.test('SM2 and SM4: the department opens what we send, and we what it answers', async (t) => {
  const answer = insurance.seal({ code: 0, data: { no: 'N-9' } }, GIVEN_NOW)
  const { adapter, attempt, server } = await startDepartment(t, sealedSettings, answering([{ body: answer }]))
  t.same(await adapter.outgoing.submitCase?.send(content, attempt()), { reference: 'N-9' })
  const received = server.received[0]?.body.toString() ?? ''
  t.notMatch(received, /张晓|case_/)
  t.match(insurance.open(JSON.parse(received), GIVEN_NOW), {
    data: { no: content.caseId, name: content.applicant.name },
  })
})

t.test(
  'SM2 and SM4: a good answer must be sealed and genuine; a refusal may come from a proxy',
  async (t) => {
    const forged = smEnvelope({
      key: signing.key ?? '',
      secret: 'sample-app-secret',
      privateKey: ours.privateKey,
      peerPublicKey: theirs.publicKey,
    }).seal({ code: 0, data: { no: 'N-9' } }, GIVEN_NOW)
    const cases: [unknown, string][] = [
      [{ code: 0, data: { no: 'N-9' } }, 'unrecognised'],
      [forged, 'unrecognised'],
      [{ code: 1 }, 'rejected'],
    ]
    for (const [body, kind] of cases) {
      const { adapter, attempt } = await startDepartment(t, sealedSettings, answering([{ body }]))
      const failing = async () => adapter.outgoing.submitCase?.send(content, attempt())
      await t.rejects(failing, { name: 'AdapterFailure', kind })
    }
  },
)

const message = (body: unknown, change: Partial<InboundMessage> = {}): InboundMessage => ({
  method: 'POST',
  path: '/v1/systems/insurance/events',
  query: {},
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
  receivedAt: GIVEN_NOW,
  ...change,
})

t.test('SM2 and SM4: a message is read only when it is sealed, genuine and of now', async (t) => {
  const { incoming } = manifest.create({ ...plain, ...sealedSettings })
  const event = { data: { no: 'case_1', st: '30', at: '2026-11-23 09:00:00' } }
  const sealed = insurance.seal(event, GIVEN_NOW)
  t.match((await incoming?.read(message(sealed)))?.events, [{ type: 'case.accepted', caseId: 'case_1' }])
  const unauthorised = { name: 'AdapterFailure', kind: 'unauthorised' }
  await t.rejects(async () => incoming?.read(message(event)), unauthorised)
  await t.rejects(async () => incoming?.read(message({ ...sealed, version: '9' })), unauthorised)
  const late = new Date(GIVEN_NOW.getTime() + 301_000)
  await t.rejects(async () => incoming?.read(message(sealed, { receivedAt: late })), unauthorised)
})

t.test('who sends may prove it otherwise than we do', async (t) => {
  const settings: Partial<DepartmentSettings> = {
    signing: { scheme: 'oauth2', key: 'c', secret: 's', tokenUrl: 'http://department.example/token' },
    statuses: { '30': 'case.accepted' },
    incoming: {
      signing: { scheme: 'bearer', secret: 'their-token' },
      caseId: 'no',
      status: 'st',
      time: 'at',
    },
  }
  const { incoming } = manifest.create({ ...plain, ...settings })
  const event = { no: 'case_1', st: '30', at: '2026-11-23 09:00:00' }
  const good = message(event, { headers: { authorization: 'Bearer their-token' } })
  t.equal((await incoming?.read(good))?.events?.length, 1)
  await t.rejects(async () => incoming?.read(message(event)), {
    name: 'AdapterFailure',
    kind: 'unauthorised',
  })
  t.throws(
    () => manifest.create({ ...plain, ...settings, incoming: { caseId: 'no', status: 'st', time: 'at' } }),
    {
      name: 'AdapterFailure',
      message: /incoming\.signing/,
    },
  )
})

t.test(
  'a scheme that lacks what it needs, or cannot do what is asked, is refused with its place',
  async (t) => {
    const cases: [SigningSettings, RegExp][] = [
      [{ scheme: 'oauth2', key: 'k', secret: 's' }, /signing\.tokenUrl/],
      [{ scheme: 'sm2-sm4', key: 'k', secret: 's' }, /envelope\.privateKey/],
      [{ ...signing, envelope: { ...signing.envelope, peerPublicKey: '04AA' } }, /SM2/],
      [{ ...signing, envelope: { ...signing.envelope, sm4Key: 'short' } }, /SM4/],
      [
        { scheme: 'hmac', key: 'k', secret: 's', canonical: '{body}{appKey}' },
        /\{appKey\}.*\{sortedParameters\}/,
      ],
      [{ ...signing, envelope: { ...signing.envelope, canonical: '{encData}' } }, /\{encData\}.*\{sealed\}/],
      [{ scheme: 'hmac', key: 'k', secret: 's', query: { signature: 'sign' } }, /timestamp/],
      [{ scheme: 'hmac', key: 'k', secret: 's', authorization: 'X {sign}' }, /authorization.*\{sign\}/],
      [{ scheme: 'hmac', key: 'k', secret: 'not hex', secretEncoding: 'hex' }, /hex/],
      [
        {
          scheme: 'hmac',
          key: 'k',
          secret: 's',
          canonical: '{body}',
          body: { timestamp: 't', signature: 'sign' },
        },
        /body\.signature/,
      ],
    ]
    for (const [scheme, place] of cases)
      t.throws(() => manifest.create({ ...plain, signing: scheme }), {
        name: 'AdapterFailure',
        kind: 'unrecognised',
        message: place,
      })
  },
)

t.test('presets make whole operations, and own settings replace only their part', async (t) => {
  const epoint = manifest.create({ baseUrl: 'http://epoint.example', preset: 'epoint-union' })
  t.same(Object.keys(epoint.outgoing), ['submitCase', 'supplementCase', 'withdrawCase'])
  t.ok(Object.values(epoint.outgoing).every(({ honoursKey }) => honoursKey))
  t.equal(epoint.incoming, undefined, 'nothing proves who sends, so nothing is read')
  const { adapter, attempt, server } = await startDepartment(
    t,
    {
      preset: 'epoint-union',
      codes: { '2': 'duplicate' },
      tables: { certtype: { '111': 'ID' } },
      answer: {},
    },
    answering([{ body: { custom: { code: 2, projectguid: 'G' } } }]),
  )
  t.same(await adapter.outgoing.submitCase?.send(content, attempt()), { reference: 'G', duplicate: true })
  t.match(JSON.parse(server.received[0]?.body.toString() ?? ''), {
    params: { project: { certtype: 'ID', applyertype: 20 } },
  })
})
