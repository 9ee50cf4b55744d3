// The rules of postal-ems that no sample can tell: the sealing, the tables, and what never reaches a summary.
// Samples and failure questions are run by conformance.test.ts.

import t from 'tap'
import { createPostalEms } from '../../adapters/postal-ems/adapter.ts'
import { reachOf, reachRows } from '../../adapters/postal-ems/address-statuses.ts'
import { seal, unseal } from '../../adapters/postal-ems/cipher.ts'
import { masked, personsOf } from '../../adapters/postal-ems/masking.ts'
import { fenOf } from '../../adapters/postal-ems/measures.ts'
import { complete, type EmsSettings } from '../../adapters/postal-ems/settings.ts'
import { settingsSchema } from '../../adapters/postal-ems/settings-schema.ts'
import { trackRowByCode, trackRows } from '../../adapters/postal-ems/statuses.ts'
import { readTrail, trackEvent } from '../../adapters/postal-ems/tracking.ts'
import { orderNumber } from '../../adapters/postal-ems/translate.ts'
import { fromLocal, toLocal } from '../../src/adapter-kit/beijing-time.ts'
import type { Attempt, InboundMessage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'

const SIGN_KEY = 'MDEyMzQ1Njc4OWFiY2RlZg=='
const SEALED =
  '|$4|bjpt44DaNFululm42LhgQ8PVehK15K0m0yo84V+c2NnBEAzgMwF29by1oQ0/LbI3/vkPai/Ngto8XCYTZqKy1DJdUB/WoUhfa6ykyLZ7yWA='
const PLAIN = '{"waybillNo":"1234567890123","direction":"0"}'

const settings: EmsSettings = {
  baseUrl: 'https://api.ems.com.cn',
  customerNumber: '90000012345678',
  authorization: 'sample-authorization-code',
  signKey: SIGN_KEY,
}

t.test('the sealing agrees with the published vector, both ways', async (t) => {
  t.equal(seal(PLAIN, SIGN_KEY), SEALED)
  t.equal(unseal(SEALED, SIGN_KEY), PLAIN)
})

t.test('what was sealed with another key, or not at all, does not open', async (t) => {
  t.equal(unseal(SEALED, 'ZmVkY2JhOTg3NjU0MzIxMA=='), null)
  t.equal(unseal(SEALED.slice(4), SIGN_KEY), null)
  t.equal(unseal('|$4|not base64 of blocks', SIGN_KEY), null)
})

t.test('a signKey that is not 16 bytes is refused before anything is sent', async (t) => {
  t.equal(
    failureKind(() => createPostalEms({ ...settings, signKey: 'c2hvcnQ=' })),
    'unrecognised',
  )
  const accounts = [{ customerNumber: '90000099999999', authorization: 'another', signKey: 'c2hvcnQ=' }]
  t.throws(() => createPostalEms({ ...settings, accounts }), AdapterFailure)
})

t.test(
  'only a city that trusts the post with repeated orders sends them again without looking',
  async (t) => {
    t.equal(createPostalEms(settings).outgoing.createOrder?.honoursKey, true)
    const distrustful = createPostalEms({ ...settings, refusesRepeatedOrders: false })
    t.equal(distrustful.outgoing.createOrder?.honoursKey, false)
  },
)

t.test('one parcel is one order number, and never longer than the post takes', async (t) => {
  t.equal(orderNumber('par_1'), 'par_1')
  t.equal(
    failureKind(() => orderNumber('p'.repeat(51))),
    'unrecognised',
  )
})

t.test('local times are Beijing time, and impossible ones are none', async (t) => {
  t.equal(toLocal(new Date('2026-12-31T16:00:00Z')), '2027-01-01 00:00:00')
  t.equal(fromLocal('2026-11-24 08:14:59'), '2026-11-24T08:14:59+08:00')
  t.equal(fromLocal('2026-11-24 08:14:59.0'), '2026-11-24T08:14:59+08:00')
  t.equal(fromLocal('2026-02-30 08:14:59'), null)
  t.equal(fromLocal('1798761600000'), null)
})

t.test('every reversal names a code of the table that it takes back', async (t) => {
  const reversals = trackRows.filter((row) => row.reverses !== undefined)
  t.same(
    reversals.map(({ code, reverses }) => [code, reverses]),
    [
      ['207', '203'],
      ['742', '702'],
      ['743', '704'],
      ['744', '705'],
    ],
  )
  for (const { reverses = '' } of reversals) t.ok(trackRowByCode.has(reverses))
})

const item = {
  waybillNo: '1100012345678',
  opCode: '702',
  opTime: '2026-11-24 08:14:59',
  opOrgCode: '47500001',
}

t.test('a push that is repeated is the same event, whatever its words', async (t) => {
  const [first] = trackEvent({ ...item, opDesc: '投递中' })
  const [again] = trackEvent({ ...item, opDesc: '投递员正在投递' })
  const [later] = trackEvent({ ...item, opTime: '2026-11-24 15:00:00' })
  t.equal(again?.id, first?.id)
  t.not(later?.id, first?.id)
})

t.test('a parcel that the gateway did not order has a waybill only', async (t) => {
  const [event] = trackEvent(item)
  t.equal(event?.reference, '1100012345678')
  t.notOk(event && 'parcelId' in event)
})

t.test('a track item without waybill, code or time is not guessed at', async (t) => {
  for (const field of ['waybillNo', 'opCode', 'opTime'] as const) {
    t.equal(
      failureKind(() => trackEvent({ ...item, [field]: '' })),
      'unrecognised',
    )
  }
  t.equal(
    failureKind(() => trackEvent('702')),
    'unrecognised',
  )
})

t.test('each account is asked for a trail, until one knows the parcel', async (t) => {
  const asked: string[] = []
  const accounts = [{ customerNumber: '90000099999999', authorization: 'another', signKey: SIGN_KEY }]
  const adapter = createPostalEms({ ...settings, accounts })
  const attempt = attemptWith((form) => {
    asked.push(form.get('senderNo') ?? '')
    if (asked.length === 1) return { retCode: 'B00001', retMsg: '运单号不存在' }
    return { retCode: '00000', retBody: JSON.stringify({ responseItems: [item] }) }
  })
  const parcel = { parcelId: 'par_1', waybill: item.waybillNo, carrier: 'ems' }
  t.match(await adapter.tracking?.read(parcel, attempt), {
    events: [{ parcelId: 'par_1', type: 'parcel.out-for-delivery' }],
  })
  t.same(asked, ['90000012345678', '90000099999999'])
})

t.test('an address is asked about under the county’s own contract', async (t) => {
  const asked: (string | undefined)[] = []
  const account = { customerNumber: '90000099999999', authorization: 'another', signKey: SIGN_KEY }
  const { questions } = createPostalEms({ ...settings, accounts: [account] })
  const attempt = attemptWith((form) => {
    const body = JSON.parse(unseal(form.get('logitcsInterface') ?? '', SIGN_KEY) ?? '{}')
    asked.push([form.get('senderNo'), form.get('authorization'), body.senderNo].join(' '))
    return { retCode: '00000', retBody: '{"status":"0"}' }
  })
  const { sender } = givens['parcel-collect']
  const numbers = [undefined, account.customerNumber, '90000012341404']
  for (const number of numbers)
    await questions?.checkAddress?.({ ...sender, ...(number ? { customerNumber: number } : {}) }, attempt)
  t.same(asked, [
    '90000012345678 sample-authorization-code 90000012345678',
    '90000099999999 another 90000099999999',
    '90000012341404 sample-authorization-code 90000012341404',
  ])
})

t.test('what is signed for compensation was not delivered, unless the settings say so', async (t) => {
  const signed = { ...item, opCode: '704', deliverCode: 180 }
  const read = (opCodes: EmsSettings['opCodes'], one: object) =>
    trackEvent(one, complete({ ...settings, ...(opCodes ? { opCodes } : {}) }).opCodes)[0]
  t.match(read(undefined, signed), { type: 'parcel.lost', detail: { reason: /理赔签收/ } })
  t.match(read(undefined, { ...signed, deliverCode: '10' }), { type: 'parcel.delivered' })
  t.match(read([{ code: '704/180', word: 'parcel.delivered' }], signed), { type: 'parcel.delivered' })
  t.equal(read([{ code: '704/180', word: null }], signed), undefined)
})

t.test('a trail tells the same events as the pushes, reversals too', async (t) => {
  const items = [item, { ...item, opCode: '742', opTime: '2026-11-24 08:30:00' }]
  const parcel = { parcelId: 'par_1', waybill: item.waybillNo, carrier: 'ems' }
  const pushed = items.flatMap((one) => trackEvent({ ...one, orderNo: 'par_1' }))
  t.same(readTrail({ responseItems: items.toReversed() }, parcel, trackRowByCode), { events: pushed })
  t.equal(pushed[1]?.detail.reverses, 'parcel.out-for-delivery')
})

t.test('a trail has its limits, and no shape but its own', async (t) => {
  const parcel = { parcelId: 'par_1', waybill: item.waybillNo, carrier: 'ems' }
  for (const body of [
    { responseItems: Array.from({ length: 501 }, () => item) },
    { responseItems: {} },
    7,
    'text',
  ]) {
    t.equal(
      failureKind(() => readTrail(body, parcel, trackRowByCode)),
      'unrecognised',
    )
  }
  for (const body of ['', undefined, null, [], { responseItems: '' }, { responseItems: null }]) {
    t.same(readTrail(body, parcel, trackRowByCode), { events: [] })
  }
})

t.test('every published status of the range check has a meaning, and no other', async (t) => {
  const published = ['0', '1', '2', '3', '4', '6', '7', '8', '9', '10']
  t.same(Object.keys(reachRows), published)
  t.same(reachOf('0'), { reachable: true })
  const kinds = published.map((status) => failureKind(() => reachOf(status)))
  t.same(kinds, [
    'none',
    'none',
    'rejected',
    'rejected',
    'rejected',
    'unavailable',
    'unavailable',
    'none',
    'none',
    'none',
  ])
  for (const unknown of ['5', '11', 'toString', undefined]) {
    t.equal(
      failureKind(() => reachOf(unknown)),
      'unrecognised',
    )
  }
})

t.test('money is read exactly, or not at all', async (t) => {
  t.equal(fenOf('12.50', 'yuan'), 1250)
  t.equal(fenOf(0.29, 'yuan'), 29)
  t.equal(fenOf('8', 'yuan'), 800)
  t.equal(fenOf('1250', 'fen'), 1250)
  t.equal(fenOf('1250.00', 'fen'), 1250)
  for (const nonsense of ['', '-1', '12.505', '1e3', '十二', null, {}, '99999999999', Number.NaN]) {
    t.equal(
      failureKind(() => fenOf(nonsense, 'yuan')),
      'unrecognised',
    )
  }
})

t.test('an order is looked for only where the branch has opened a query', async (t) => {
  t.equal(createPostalEms(settings).outgoing.createOrder?.find, undefined)
  const asking = createPostalEms({ ...settings, orderQuery: { apiCode: '020010' } })
  t.type(asking.outgoing.createOrder?.find, 'function')
})

t.test('to a new order "no such order" is a refusal, never success', async (t) => {
  const answers = [{ code: 'B00001', means: 'absent' as const }]
  const attempt = attemptWith(() => ({ retCode: 'B00001', retMsg: '不存在' }))
  const asked = createPostalEms({ ...settings, answers }).outgoing.createOrder?.send(
    givens['parcel-collect'],
    attempt,
  )
  t.match(await asked?.catch((error: unknown) => error), { kind: 'rejected' })
})

const pushed = (body: string): InboundMessage => ({
  method: 'POST',
  path: '/v1/carriers/ems/tracking',
  query: {},
  headers: {},
  body: Buffer.from(body),
  receivedAt: new Date(0),
})

t.test('of a pushed list the scans that are known are read, and the others told of', async (t) => {
  const scan = { waybillNo: '1100012345678', orderNo: 'par_1', opTime: '2026-11-24 08:14:59' }
  const list = [{ ...scan, opCode: '999' }, { ...scan, opCode: '704' }, null]
  const logitcsInterface = seal(JSON.stringify(list), SIGN_KEY)
  const message = pushed(JSON.stringify({ logitcsInterface, method: '040002' }))
  const read = await createPostalEms(settings).incoming?.read(message)
  t.match(read, { events: [{ type: 'parcel.delivered' }] })
  t.match(
    read?.unread?.map(({ failure }) => failure),
    [{ code: '999' }, { kind: 'unrecognised' }],
  )
})

t.test('a refused push is answered so that the post sends it again', async (t) => {
  const message = pushed('{"serialNo":"P1","senderNo":"900"}')
  const incoming = createPostalEms(settings).incoming
  const answer = incoming?.acknowledge({ ok: false, status: 503, code: 'ledger-down', detail: 'x' }, message)
  t.equal(answer?.status, 503)
  t.same(JSON.parse(String(answer?.body)), {
    serialNo: 'P1',
    code: 'S00001',
    codeMessage: 'ledger-down',
    senderNo: '900',
  })
  const unreadable = { ...message, body: Buffer.from('<html>') }
  t.match(incoming?.acknowledge({ ok: false, status: 400, code: 'x', detail: '' }, unreadable), {
    status: 400,
  })
})

t.test('no person of an order is told to operators, and no long number', async (t) => {
  const persons = personsOf(givens['parcel-collect'])
  t.equal(masked('张晓明 13803780001 书店街128号3单元502', persons), '＊＊ ＊＊ ＊＊')
  t.equal(masked('证件 41020419850307152X 有误', []), '证件 ＊＊ 有误')
  t.equal([...masked('长'.repeat(500), [])].length, 120)
})

t.test('secrets are write-only wherever they stand', async (t) => {
  const { authorization, signKey, accounts } = settingsSchema.properties
  for (const secret of [authorization, signKey]) t.equal(secret.writeOnly, true)
  t.match(accounts.items.properties, { authorization: { writeOnly: true }, signKey: { writeOnly: true } })
})

function failureKind(action: () => unknown): string {
  try {
    action()
    return 'none'
  } catch (error) {
    if (error instanceof AdapterFailure) return error.kind
    throw error
  }
}

function attemptWith(answer: (form: URLSearchParams) => unknown): Attempt {
  const none = () => Promise.reject(new Error('no files'))
  return {
    signal: new AbortController().signal,
    http: {
      target: ({ url }) => url,
      request: async ({ body }) => {
        const bytes = Buffer.from(JSON.stringify(answer(new URLSearchParams(String(body)))))
        const text = () => bytes.toString()
        return { status: 200, headers: {}, body: bytes, text, json: () => JSON.parse(text()) }
      },
    },
    key: 'trf_1',
    number: 1,
    now: () => GIVEN_NOW,
    files: { open: none, link: () => '', store: none },
  }
}
