// The rules of tracking-kuaidi100 that no sample can tell: signatures, whose parcel a callback proves, limits.
// Samples and failure questions are run by conformance.test.ts.

import t from 'tap'
import { createKuaidi100Tracking } from '../../adapters/tracking-kuaidi100/adapter.ts'
import { goodOr } from '../../adapters/tracking-kuaidi100/codes.ts'
import manifest from '../../adapters/tracking-kuaidi100/manifest.ts'
import type { Kuaidi100Settings } from '../../adapters/tracking-kuaidi100/settings.ts'
import { settingsSchema } from '../../adapters/tracking-kuaidi100/settings-schema.ts'
import { callbackSign, querySign, saltOf, sameSign } from '../../adapters/tracking-kuaidi100/signature.ts'
import { stateTable } from '../../adapters/tracking-kuaidi100/statuses.ts'
import { trailIn } from '../../adapters/tracking-kuaidi100/trail.ts'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW } from '../../src/adapter-kit/givens.ts'

const settings: Kuaidi100Settings = {
  baseUrl: 'https://poll.kuaidi100.com',
  key: 'samplekeyABCD',
  customer: 'SAMPLECUSTOMER',
  salt: 'sample-salt',
  callbackUrl: 'https://gateway.example/v1/carriers/kuaidi100/tracking',
  carriers: { ems: 'ems' },
}
const table = stateTable([])
const scan = { time: '2026-11-24 09:12:03', ftime: '2026-11-24 09:12:03', context: '已签收' }
const result = { nu: '1100012345678', com: 'ems', state: '3', data: [scan] }

t.test('the signature of a query agrees with the published vector', async (t) => {
  const param = '{"com":"ems","num":"1234567890123"}'
  t.equal(querySign(param, 'dummykey', 'dummycustomer'), 'FD902C5B793CAAA5B25EE65E10FB59C9')
})

t.test('a callback proves only the parcel whose salt signed it', async (t) => {
  const incoming = createKuaidi100Tracking(settings).incoming
  const param = JSON.stringify({ status: 'shutdown', lastResult: result })
  const signed = form(param, callbackSign(param, saltOf(settings.salt, 'par_1')))
  t.match(await incoming?.read(message(signed, { parcel: 'par_1' })), { events: [{ parcelId: 'par_1' }] })
  for (const query of [{ parcel: 'par_2' }, {}, { parcel: ['par_1', 'par_2'] }]) {
    t.match(
      failureOf(() => incoming?.read(message(signed, query))),
      { kind: 'unauthorised' },
    )
  }
  t.match(
    failureOf(() => incoming?.read(message(form(param, ''), {}))),
    { kind: 'unauthorised' },
  )
  t.match(
    failureOf(() => incoming?.read(message('', {}))),
    { kind: 'unauthorised' },
  )
})

t.test('signatures are the same in letters of either case, and otherwise not', async (t) => {
  t.ok(sameSign('ab12', 'AB12'))
  t.notOk(sameSign('ab12', 'AB13'))
})

t.test('a signed callback of nonsense is unrecognised, not a crash', async (t) => {
  const incoming = createKuaidi100Tracking(settings).incoming
  const nonsense = [
    '',
    'null',
    '[]',
    '{"status":"polling"}',
    '{"status":"polling","lastResult":{"nu":"1","data":{}}}',
    '{"status":"polling","lastResult":{"nu":"1","data":[null]}}',
  ]
  for (const param of nonsense) {
    const signed = form(param, callbackSign(param, settings.salt))
    t.match(
      failureOf(() => incoming?.read(message(signed, {}))),
      { kind: 'unrecognised' },
      param,
    )
  }
})

t.test('a parcel that Kuaidi100 gave up is no event', async (t) => {
  const { incoming } = createKuaidi100Tracking(settings)
  const read = async (lastResult: unknown, status = 'abort') => {
    const param = JSON.stringify({ status, message: '3天查询无记录', lastResult })
    return incoming?.read(message(form(param, callbackSign(param, settings.salt)), {}))
  }
  for (const none of [undefined, null, '', {}, { nu: '' }, { nu: '', data: [] }, { nu: null, data: null }])
    t.same(await read(none), { events: [] }, JSON.stringify(none))
  t.match(await read(result), { events: [{ type: 'parcel.delivered' }] }, 'what it knew before counts')
  for (const strange of [read({ nu: '', data: [scan] }), read([]), read({}, 'polling')])
    t.match(await strange.catch((error: unknown) => error), { kind: 'unrecognised' })
})

t.test('only the latest scan takes the state of the whole parcel', async (t) => {
  const earlier = { ...scan, ftime: '2026-11-23 16:20:11' }
  for (const data of [
    [scan, earlier],
    [earlier, scan],
  ]) {
    t.match(trailIn({ ...result, data }, 'par_1', table), {
      events: [{ type: 'parcel.delivered', at: '2026-11-24T09:12:03+08:00' }],
    })
  }
})

t.test('7, 8 and 14 are nothing until the settings say what they are', async (t) => {
  for (const state of ['7', '8', '14']) {
    t.match(trailIn({ ...result, state }, 'par_1', table), {
      events: [],
      unread: [{ failure: { kind: 'unrecognised', code: state } }],
    })
    const told = stateTable([{ code: state, word: null }])
    t.same(trailIn({ ...result, state }, 'par_1', told), { events: [] })
  }
})

t.test('a scan that cannot be read hides no other, when it was asked for', async (t) => {
  const data = [
    { ...scan, ftime: 'yesterday', statusCode: '3' },
    { ...scan, statusCode: '7' },
    { ...scan, statusCode: '3' },
  ]
  const { events, unread = [] } = trailIn({ ...result, data }, 'par_1', table)
  t.match(events, [{ type: 'parcel.delivered' }])
  t.same(
    unread.map(({ body }) => JSON.parse(body.toString())),
    [data[0], data[1]],
  )
})

t.test('nor when it was called back', async (t) => {
  const data = [
    { ...scan, statusCode: '3' },
    { ...scan, statusCode: '7' },
  ]
  const param = JSON.stringify({ status: 'polling', lastResult: { ...result, data } })
  const signed = form(param, callbackSign(param, settings.salt))
  const { incoming } = createKuaidi100Tracking(settings)
  t.match(await incoming?.read(message(signed, {})), {
    events: [{ type: 'parcel.delivered' }],
    unread: [{ failure: { kind: 'unrecognised', code: '7' } }],
  })
})

t.test('a trail has its limits', async (t) => {
  const data = Array.from({ length: 501 }, () => scan)
  t.match(
    failureOf(() => trailIn({ ...result, data }, 'par_1', table)),
    { kind: 'unrecognised' },
  )
})

t.test('501 means another thing to a subscription than to a query', async (t) => {
  t.equal(goodOr('subscribe', '501', '', []), 'duplicate')
  t.match(
    failureOf(() => goodOr('query', '501', '', [])),
    { kind: 'unavailable' },
  )
  t.equal(goodOr('query', '501', '', [{ interface: 'query', code: '501', means: 'nothing' }]), 'nothing')
})

t.test('a carrier is never looked up among what every object has', async (t) => {
  const adapter = createKuaidi100Tracking(settings)
  const parcel = { parcelId: 'par_1', waybill: '1', carrier: 'constructor' }
  const attempt = {} as Parameters<NonNullable<typeof adapter.tracking>['read']>[1]
  await t.rejects(async () => void (await adapter.tracking?.read(parcel, attempt)), AdapterFailure)
})

t.test('a refused callback is answered so that it comes again', async (t) => {
  const incoming = createKuaidi100Tracking(settings).incoming
  const answer = incoming?.acknowledge(
    { ok: false, status: 503, code: 'ledger-down', detail: '' },
    message('', {}),
  )
  t.equal(answer?.status, 503)
  t.same(JSON.parse(String(answer?.body)), { result: false, returnCode: '500', message: 'ledger-down' })
})

t.test('a check proves key and customer by a number that nobody has', async (t) => {
  const answers: [body: object, expected: object][] = [
    [{ result: false, returnCode: '500', message: '查询无结果，请隔段时间再查' }, { ok: true }],
    [{ result: false, returnCode: '408', message: '验证码错误' }, { ok: true }],
    [{ result: false, returnCode: '503', message: '验证签名失败' }, { kind: 'unauthorised' }],
    [{ result: false, returnCode: '601', message: 'key 已过期' }, { kind: 'unauthorised' }],
    [{ result: false, returnCode: '501', message: '服务器错误' }, { kind: 'unavailable' }],
  ]
  for (const [body, expected] of answers) {
    const server = await startServer(answering([{ body }]))
    const stage = setStage(manifest, settings, server.origin)
    t.teardown(() => Promise.all([stage.close(), server.close()]))
    const told = await stage.adapter.check!(stage.attempt()).catch((error: unknown) => error)
    t.match(told, expected, JSON.stringify(body))
    t.equal(server.received.length, 1)
    const form = new URLSearchParams(server.received[0]!.body.toString())
    t.equal(form.get('sign'), querySign(form.get('param')!, settings.key, settings.customer))
  }
})

t.test('secrets are write-only', async (t) => {
  const { key, customer, salt } = settingsSchema.properties
  for (const secret of [key, customer, salt]) t.equal(secret.writeOnly, true)
})

function form(param: string, sign: string): string {
  return new URLSearchParams({ param, sign }).toString()
}

function message(body: string, query: InboundMessage['query']): InboundMessage {
  const path = '/v1/carriers/kuaidi100/tracking'
  return { method: 'POST', path, query, headers: {}, body: Buffer.from(body), receivedAt: GIVEN_NOW }
}

function failureOf(action: () => unknown): AdapterFailure | null {
  try {
    action()
    return null
  } catch (error) {
    if (error instanceof AdapterFailure) return error
    throw error
  }
}
