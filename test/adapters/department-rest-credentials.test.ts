// Credentials that a department refuses inside its answer, and headers of a signature that are named by the settings.

import { createHmac } from 'node:crypto'
import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings, SigningSettings } from '../../adapters/department-rest/settings.ts'
import type { Behaviour } from '../../src/adapter-kit/conformance/server.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { plain, startDepartment, type Tap } from './department-rest-stage.ts'

const content = givens['case-online']
const unauthorised = { name: 'AdapterFailure', kind: 'unauthorised' }
const operations = {
  submitCase: { send: { method: 'POST', path: '/cases', body: { no: '=caseId' } } },
} as const
const codes = { ...plain.codes, '9*': 'unauthorised' } as const

/** Gives tokens t1, t2, …; refuses the named ones, or all, by a code in an answer of status 200. */
function guarded(refused: readonly string[] | 'all') {
  const state = { tokens: 0, served: [] as string[] }
  const behaviour: Behaviour = (response, { target, headers }) => {
    const answer = (body: unknown) => response.end(JSON.stringify(body))
    if (target.endsWith('/token'))
      return void answer({ access_token: `t${++state.tokens}`, expires_in: 3600 })
    const token = String(headers.authorization).replace('Bearer ', '')
    state.served.push(token)
    if (refused === 'all' || refused.includes(token))
      return void answer({ code: 901, message: 'token expired' })
    answer({ code: 0, no: 'N-1' })
  }
  return { state, behaviour }
}

const byToken: SigningSettings = {
  scheme: 'oauth2',
  key: 'c',
  secret: 's',
  tokenUrl: 'http://department.example/token',
}

async function department(t: Tap, behaviour: Behaviour, change: Partial<DepartmentSettings> = {}) {
  const settings = { codes, operations, signing: byToken, ...change }
  const { adapter, attempt, server } = await startDepartment(t, settings, behaviour)
  return { server, send: async () => adapter.outgoing.submitCase?.send(content, attempt()) }
}

t.test('a token that is refused by a code is renewed, and the same request made once more', async (t) => {
  const { state, behaviour } = guarded(['t1'])
  const { send, server } = await department(t, behaviour)
  t.same(await send(), { reference: 'N-1' })
  t.same([state.served, state.tokens], [['t1', 't2'], 2])
  const [first, second] = server.received.filter(({ target }) => target.endsWith('/cases'))
  t.strictSame(first?.body, second?.body)
  t.equal(first?.headers['idempotency-key'], second?.headers['idempotency-key'])
  t.same(await send(), { reference: 'N-1' })
  t.same([state.served.length, state.tokens], [3, 2], 'the new token is kept')
})

t.test('refused by a code a second time it is the failure, told by its code', async (t) => {
  const { state, behaviour } = guarded('all')
  const { send } = await department(t, behaviour)
  await t.rejects(send(), { ...unauthorised, code: '901' })
  t.same(state.served, ['t1', 't2'])
})

t.test('an answer without a code, or with an unknown one, says which setting to mend', async (t) => {
  const answering = (body: unknown) =>
    department(t, (response) => response.end(JSON.stringify(body)), { signing: {} })
  const nothing = await answering({ other: 1 })
  await t.rejects(nothing.send(), { kind: 'unrecognised', message: /answer\.code is right/ } as never)
  const unknown = await answering({ code: 77 })
  await t.rejects(unknown.send(), { kind: 'unrecognised', message: /add it to codes\): “77”/ } as never)
})

t.test('401 and then a code are two refusals, not three requests', async (t) => {
  const { state, behaviour } = guarded('all')
  const { send } = await department(t, (response, request, index) => {
    if (state.served.length > 0 || request.target.endsWith('/token'))
      return behaviour(response, request, index)
    state.served.push('401')
    response.writeHead(401).end()
  })
  await t.rejects(send(), { ...unauthorised, code: '901' })
  t.same(state.served, ['401', 't2'])
})

t.test('a scheme that has nothing to renew asks once', async (t) => {
  const { state, behaviour } = guarded('all')
  const { send } = await department(t, behaviour, { signing: { scheme: 'bearer', secret: 'fixed' } })
  await t.rejects(send(), { ...unauthorised, code: '901' })
  t.same(state.served, ['fixed'])
})

const headers = { key: 'X-Id', timestamp: 'X-Ts', signature: 'X-Sig' }
const own: SigningSettings = {
  scheme: 'hmac',
  key: 'city',
  secret: 's3cret',
  canonical: '{timestamp}{body}',
  headers,
}

function pushed(left: Partial<Record<string, string>> = {}): InboundMessage {
  const body = Buffer.from('{"no":"case_1","st":"30","at":"2026-11-23 09:00:00"}')
  const time = String(GIVEN_NOW.getTime())
  const signature = createHmac('sha256', 's3cret').update(time).update(body).digest('hex')
  return {
    method: 'POST',
    path: '/v1/systems/fund/events',
    query: {},
    headers: { 'x-id': 'city', 'x-ts': time, 'x-sig': signature, ...left },
    body,
    receivedAt: GIVEN_NOW,
  }
}

t.test('with headers of its own, a message is asked for no other; those it has must fit', async (t) => {
  const { incoming } = manifest.create({
    ...plain,
    signing: byToken,
    statuses: { '30': 'case.accepted' },
    incoming: { signing: own, caseId: 'no', status: 'st', time: 'at' },
  })
  t.equal((await incoming?.read(pushed()))?.events?.length, 1)
  for (const wrong of [{ 'x-id': 'other' }, { 'x-ts': '1' }, { 'x-sig': '00' }, { 'x-id': '' }])
    await t.rejects(async () => incoming?.read(pushed(wrong)), unauthorised, JSON.stringify(wrong))
})

async function headersSent(t: Tap, signing: SigningSettings): Promise<string[]> {
  const { adapter, attempt, server } = await startDepartment(t, { operations, signing })
  await adapter.outgoing.submitCase?.send(content, attempt())
  return Object.keys(server.received[0]?.headers ?? {}).filter((name) => name.startsWith('x-'))
}

t.test('with headers of its own nothing of the house form is sent; without, all of it', async (t) => {
  t.same((await headersSent(t, own)).sort(), ['x-id', 'x-sig', 'x-ts'])
  const { headers: _, ...bare } = own
  t.same((await headersSent(t, bare)).sort(), ['x-app-key', 'x-nonce', 'x-signature', 'x-timestamp'])
})

t.test('a known form keeps its other headers when one is renamed', async (t) => {
  const tif: SigningSettings = { scheme: 'guangdong-tif', key: 'p', secret: 't', headers: { key: 'x-paas' } }
  t.same((await headersSent(t, tif)).sort(), ['x-paas', 'x-tif-nonce', 'x-tif-signature', 'x-tif-timestamp'])
})

t.test(
  'headers that leave out what the string to sign needs are told when they are configured',
  async (t) => {
    const { canonical: _, ...houseString } = own
    for (const signing of [houseString, { ...own, headers: { signature: 'X-Sig' } }])
      t.throws(() => manifest.create({ ...plain, signing }), {
        name: 'AdapterFailure',
        setting: 'signing.headers',
        sent: false,
      })
  },
)
