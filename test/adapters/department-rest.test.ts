import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import { answering, type Behaviour, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { hmacVerifier, signedForms } from '../../src/adapter-kit/signing.ts'

const house: DepartmentSettings = {
  baseUrl: 'http://department.example/health',
  preset: 'house',
  signing: { key: 'health', secret: 's3cret-of-tests' },
}
const taken = { body: { code: '0', message: 'ok', data: { projectNo: 'P1' } } }

async function startDepartment(
  t: { teardown(fn: () => unknown): void },
  settings: DepartmentSettings,
  behaviour: Behaviour,
) {
  const server = await startServer(behaviour)
  const stage = setStage(manifest, settings, server.origin)
  t.teardown(async () => {
    await stage.close()
    await server.close()
  })
  return { server, ...stage }
}

function message(body: unknown, change: Partial<InboundMessage> = {}): InboundMessage {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
  return {
    method: 'POST',
    path: '/v1/systems/health/events',
    query: {},
    headers: {},
    body: bytes,
    receivedAt: GIVEN_NOW,
    ...change,
  }
}

t.test('ten lines of settings make a department, and nothing else does', async (t) => {
  t.same(Object.keys(manifest.create(house).outgoing), ['submitCase', 'supplementCase', 'withdrawCase'])
  t.same(Object.keys(manifest.create({ baseUrl: 'http://department.example' }).outgoing), [])
  for (const operation of ['submitCase', 'supplementCase', 'withdrawCase'] as const) {
    const outgoing = manifest.create(house).outgoing[operation]
    t.ok(outgoing?.honoursKey && outgoing.find, `${operation} can be sent again and looked for`)
  }
})

t.test('the signature covers what goes over the wire, with the mount point and the query', async (t) => {
  const { server, adapter, attempt } = await startDepartment(
    t,
    house,
    answering([taken, { body: { code: '1404', message: '无' } }]),
  )
  await adapter.outgoing.submitCase?.send(givens['case-online'], attempt())
  await adapter.outgoing.submitCase?.find?.(givens['case-online'], attempt())
  const verify = hmacVerifier({ ...signedForms.house, key: 'health', secrets: ['s3cret-of-tests'] })
  for (const { method, target, headers, body } of server.received) {
    t.ok(target.startsWith('/health/api/v1/project/'))
    t.doesNotThrow(() => verify({ method, path: target, query: {}, headers, body, receivedAt: GIVEN_NOW }))
  }
})

t.test('a case the department does not know can be neither supplemented nor withdrawn', async (t) => {
  const { adapter, attempt } = await startDepartment(
    t,
    house,
    answering([{ body: { code: '1404', message: '无此办件' } }]),
  )
  const send = async () => adapter.outgoing.supplementCase?.send(givens.supplement, attempt())
  await t.rejects(send, { name: 'AdapterFailure', kind: 'rejected', code: '1404' })
})

t.test('settings are laid over the preset, part by part', async (t) => {
  const settings: DepartmentSettings = {
    ...house,
    codes: { '5000': 'unavailable', '2*': 'unauthorised' },
    statuses: { '30': null, X1: 'case.approved' },
    operations: {
      submitCase: {
        send: { method: 'PUT', path: '/cases/{caseId}', body: '{ "no": caseId }' },
        honoursKey: false,
      },
    },
    incoming: { verify: false, status: 'state', eventId: '"N-" & seq' },
  }
  const { server, adapter, attempt } = await startDepartment(
    t,
    settings,
    answering([{ body: { code: '5000' } }, taken]),
  )
  const { submitCase } = adapter.outgoing
  t.equal(submitCase?.honoursKey, false)
  await t.rejects(async () => submitCase?.send(givens['case-online'], attempt()), {
    name: 'AdapterFailure',
    kind: 'unavailable',
  })
  t.same(await submitCase?.send(givens['case-online'], attempt()), { reference: 'P1' })
  t.same(JSON.parse(server.received[1]?.body.toString() ?? ''), { no: givens['case-online'].caseId })
  t.equal(server.received[1]?.target, `/health/cases/${givens['case-online'].caseId}`)

  const report = { seq: 7, outerNo: 'case_1', state: 'X1', time: '2026-11-23 09:00:00' }
  const reading = await adapter.incoming?.read(message(report))
  t.match(reading?.events, [{ id: 'N-7', type: 'case.approved', caseId: 'case_1' }])
  t.same((await adapter.incoming?.read(message({ ...report, state: '30' })))?.events, [])
})

t.test('settings that make no sense are refused when the system is created, with their place', async (t) => {
  const cases: [Partial<DepartmentSettings>, RegExp][] = [
    [{ signing: { key: 'health' } }, /signing\.secret/],
    [{ signing: { scheme: 'hmac', secret: 'x' } }, /signing\.key/],
    [
      { operations: { submitCase: { send: { method: 'POST', path: '/', body: '{ "a": ' } } } },
      /operations\.submitCase\.send\.body.*JSONata/,
    ],
    [{ operations: { notify: { send: { method: 'POST', path: '/' } } } }, /operations\.notify\.answer\.code/],
    [{ incoming: { status: '(((' } }, /incoming\.status.*JSONata/],
  ]
  for (const [change, where] of cases) {
    t.throws(() => manifest.create({ ...house, ...change }), {
      name: 'AdapterFailure',
      kind: 'unrecognised',
      message: where,
    })
  }
})

t.test('a normalised callback can be configured, one signature per try and one id for all', async (t) => {
  const settings: DepartmentSettings = {
    baseUrl: 'http://department.example',
    signing: { scheme: 'standard-webhooks', secret: 'whsec_c2VjcmV0' },
    answer: { code: '$string(status)' },
    codes: { '1': 'ok' },
    operations: { notify: { send: { method: 'POST', path: '/hook', body: '$' }, honoursKey: true } },
  }
  const { server, adapter, attempt } = await startDepartment(
    t,
    settings,
    answering([{ body: { status: 1 } }]),
  )
  t.same(await adapter.outgoing.notify?.send(givens.notification, attempt()), {})
  t.match(server.received[0]?.headers, { 'webhook-id': attempt().key, 'webhook-signature': /^v1,/ })
  t.same(JSON.parse(server.received[0]?.body.toString() ?? ''), givens.notification)
})

t.test('a callback is signed by a key pair or the national digest where settings say so', async (t) => {
  const pair = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=='
  const rows: [DepartmentSettings['signing'], RegExp][] = [
    [{ secret: pair }, /^v1a,/],
    [{ secret: 'whsec_c2VjcmV0', digest: 'sm3' }, /^v1sm3,/],
  ]
  for (const [signing, version] of rows) {
    const settings: DepartmentSettings = {
      baseUrl: 'http://department.example',
      signing: { scheme: 'standard-webhooks', ...signing },
      answer: { code: '$string(status)' },
      codes: { '1': 'ok' },
      operations: { notify: { send: { method: 'POST', path: '/hook', body: '$' }, honoursKey: true } },
    }
    const { server, adapter, attempt } = await startDepartment(
      t,
      settings,
      answering([{ body: { status: 1 } }]),
    )
    t.same(await adapter.outgoing.notify?.send(givens.notification, attempt()), {})
    t.match(server.received[0]?.headers, { 'webhook-signature': version })
  }
})

t.test('an expression that fails tells its place, never the data', async (t) => {
  const settings: DepartmentSettings = { ...house, answer: { reference: '$number(data.owner)' } }
  const answer = { body: { code: '0', data: { owner: '张晓明41020419850307' } } }
  const { adapter, attempt } = await startDepartment(t, settings, answering([answer]))
  try {
    await adapter.outgoing.submitCase?.send(givens['case-online'], attempt())
    t.fail('no failure')
  } catch (error) {
    t.ok(error instanceof AdapterFailure && error.kind === 'unrecognised')
    t.match((error as Error).message, /operations\.submitCase\.answer\.reference/)
    t.notMatch((error as Error).message, /张晓明|4102/)
  }
})

t.test('one message may tell of several things, each with its own id', async (t) => {
  const { incoming } = manifest.create({ ...house, incoming: { verify: false, each: 'list' } })
  const at = { outerNo: 'case_1', time: '20261123090000' }
  const reading = await incoming?.read(
    message({
      list: [
        { ...at, status: '30' },
        { ...at, status: '35' },
      ],
    }),
  )
  t.same(
    reading?.events?.map(({ type }) => type),
    ['case.accepted', 'case.reviewing'],
  )
  t.equal(new Set(reading?.events?.map(({ id }) => id)).size, 2)
})

t.test('a department’s message in GB18030 is read, and one in no known charset is not', async (t) => {
  const { incoming } = manifest.create({ ...house, incoming: { verify: false } })
  const text = JSON.stringify({ outerNo: 'case_1', status: '97', time: '2026-11-23 09:00:00', reason: '¤' })
  const body = Buffer.from(text.replace('¤', '\u00b2\u00bb\u00ca\u00dc\u00c0\u00ed'), 'latin1')
  const gbk = message(body, { headers: { 'content-type': 'application/json;charset=GBK' } })
  t.equal((await incoming?.read(gbk))?.events?.[0]?.detail.reason, '不受理')
  await t.rejects(async () => incoming?.read(message(body)), { name: 'AdapterFailure', kind: 'unrecognised' })
})

t.test('messages that lack what makes an event are unrecognised', async (t) => {
  const { incoming } = manifest.create({ ...house, incoming: { verify: false } })
  const good = { outerNo: 'case_1', status: '30', time: '2026-11-23 09:00:00' }
  const bad: unknown[] = [
    null,
    7,
    'text',
    {},
    [null],
    { ...good, outerNo: undefined },
    { ...good, status: '__proto__' },
    { ...good, time: '2026-13-01 00:00:00' },
    { ...good, time: 1764000000000 },
    { ...good, materials: [null] },
    { ...good, result: { type: '9' } },
  ]
  for (const body of bad) {
    await t.rejects(
      async () => incoming?.read(message(body)),
      { name: 'AdapterFailure', kind: 'unrecognised' },
      JSON.stringify(body),
    )
  }
  t.equal((await incoming?.read(message(good)))?.events?.length, 1)
})

t.test('the answer to a department is in its own form, also when it is refused', async (t) => {
  const own = {
    acknowledge: { ok: { result: 'Y' }, failed: { result: 'N', why: '{detail}' }, failedStatus: 200 },
  }
  const refused = { ok: false, status: 422, code: 'invalid', detail: '状态未知' } as const
  const plain = manifest.create(house).incoming
  const configured = manifest.create({ ...house, incoming: own }).incoming
  const read = (answer: { status: number; body: string | Buffer } | undefined) => [
    answer?.status,
    JSON.parse(answer?.body.toString() ?? 'null'),
  ]
  t.same(read(plain?.acknowledge({ ok: true, duplicate: true }, message({}))), [
    200,
    { code: '0', message: 'ok' },
  ])
  t.same(read(plain?.acknowledge(refused, message({}))), [422, { code: 'invalid', message: '状态未知' }])
  t.same(read(configured?.acknowledge({ ok: true, duplicate: false }, message({}))), [200, { result: 'Y' }])
  t.same(read(configured?.acknowledge(refused, message({}))), [200, { result: 'N', why: '状态未知' }])
})

t.test('a check proves address, credentials and clock, and has no effect', async (t) => {
  const good = await startDepartment(t, house, answering([{ body: { code: '1404', message: '无此办件' } }]))
  t.equal((await good.adapter.check?.(good.attempt()))?.ok, true)
  t.equal(good.server.received[0]?.method, 'GET')
  const bad = await startDepartment(t, house, answering([{ status: 401 }]))
  t.equal((await bad.adapter.check?.(bad.attempt()))?.ok, false)
})
