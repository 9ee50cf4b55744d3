// The older generations of the post's interface, over real HTTP: two bugs of a real county system that must not come
// back, the digest, and XML that means harm.

import t, { type Test } from 'tap'
import { createPostalEms } from '../../adapters/postal-ems/adapter.ts'
import { digestOf } from '../../adapters/postal-ems/gen2/order.ts'
import { writeXml } from '../../adapters/postal-ems/gen2/xml.ts'
import type { EmsSettings } from '../../adapters/postal-ems/settings.ts'
import { settingsSchema } from '../../adapters/postal-ems/settings-schema.ts'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import type { Attempt, ParcelContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure, type FailureKind } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import { readXmlMembers } from '../../src/adapter-kit/xml-members.ts'
import { compileSchema } from '../../src/settings/schemas.ts'

const parcel = givens['parcel-collect']
const gen15 = {
  profile: 'gen1-5',
  customerNumber: '90000012345678',
  authorization: 'city-authorization',
} as const
const gen2 = {
  profile: 'gen2-xml',
  customerNumber: '90000012345678',
  gen2: { secret: 'sample-gen2-secret', ecommerceNo: 'KFZWFW' },
} as const
const taken = {
  success: 'T',
  responseOrders: [{ txLogisticID: parcel.parcelId, success: 'T', mailNo: '1100012345678' }],
}

t.test('gen1-5: a post that cannot be reached has not taken the order', async (t) => {
  const post = await openPost(t, gen15, [{ body: taken }])
  await post.close()
  t.match(await post.failure(), { kind: 'unavailable', sent: false })
})

t.test('gen1-5: only the post’s own words are success', async (t) => {
  const cases: [FailureKind, object][] = [
    ['uncertain', { status: 504 }],
    ['unavailable', { status: 500 }],
    ['unrecognised', { body: 'T' }],
    ['unrecognised', { body: {} }],
    ['unrecognised', { body: { success: 'T' } }],
    [
      'unrecognised',
      { body: { success: 'T', responseOrders: [{ ...taken.responseOrders[0], mailNo: '' }] } },
    ],
    ['unrecognised', { body: { success: true, responseOrders: taken.responseOrders } }],
    ['rejected', { body: { success: 'F', errorCode: 'E1', errorMsg: '授权无效' } }],
  ]
  for (const [kind, answer] of cases) {
    const post = await openPost(t, gen15, [answer])
    t.match(await post.failure(), { kind }, JSON.stringify(answer))
  }
})

t.test('gen1-5: every try of a parcel is the same order, so that it is never posted twice', async (t) => {
  const post = await openPost(t, gen15, [{ status: 500 }, { status: 500 }, { body: taken }])
  await post.failure(1)
  await post.failure(2)
  t.match(await post.order(parcel, 3), { reference: '1100012345678' })
  const numbers = post.server.received.map(({ target }) => {
    const order = JSON.parse(new URL(target, 'http://any').searchParams.get('orderNormal') ?? '')
    return order.orderNormals[0].txLogisticID
  })
  t.same(numbers, [parcel.parcelId, parcel.parcelId, parcel.parcelId])
})

t.test('gen1-5: each county orders under its own authorisation', async (t) => {
  const accounts = [{ customerNumber: '90000099999999', authorization: 'county-authorization' }]
  const post = await openPost(t, { ...gen15, accounts }, [{ body: taken }])
  const { customerNumber: _, ...cityParcel } = parcel
  await post.order({ ...parcel, customerNumber: '90000099999999' })
  await post.order({ ...parcel, customerNumber: '90000011111111' })
  await post.order(cityParcel)
  t.same(
    post.server.received.map(({ target }) => new URL(target, 'http://any').searchParams.get('authorization')),
    ['county-authorization', '90000011111111', 'city-authorization'],
  )
})

t.test(
  'gen1-5: an unanswered order is sent again only where the settings trust the post with it',
  async (t) => {
    const create = (more: Partial<EmsSettings>) =>
      createPostalEms({ ...gen15, baseUrl: 'https://post.example', ...more }).outgoing.createOrder?.honoursKey
    t.equal(create({}), false)
    t.equal(create({ refusesRepeatedOrders: true }), true)
  },
)

t.test('gen2-xml: the digest is Base64 of the raw MD5 of the XML and the secret', async (t) => {
  t.equal(digestOf('<OrderNormal><a>1</a></OrderNormal>', 'key'), 'qjISN1+dlg6lpuXAifL83Q==')
  const post = await openPost(t, gen2, [{ body: '<r><success>true</success><waybill_no>1</waybill_no></r>' }])
  await post.order(parcel)
  const form = new URLSearchParams(post.server.received[0]?.body.toString())
  t.equal(form.get('data_digest'), digestOf(form.get('logistics_interface') ?? '', 'sample-gen2-secret'))
})

t.test('gen2-xml: what applicants write cannot become markup', async (t) => {
  t.equal(writeXml(['name', '<a>&"\'\u0000']), '<name>&lt;a&gt;&amp;&quot;&apos;</name>')
  const post = await openPost(t, gen2, [{ body: '<r><success>true</success><waybill_no>1</waybill_no></r>' }])
  const name = '张</name><cargos/>𬀩'
  await post.order({ ...parcel, sender: { ...parcel.sender, name } })
  const xml = new URLSearchParams(post.server.received[0]?.body.toString()).get('logistics_interface') ?? ''
  t.match(readXmlMembers(xml), { OrderNormal: { sender: { name }, cargos: { Cargo: {} } } })
})

t.test('gen2-xml: harmful XML is unrecognised, at once', async (t) => {
  const laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'
  const stranger = '<!doctype l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'
  const deep = '<a>'.repeat(5_000) + '</a>'.repeat(5_000)
  for (const xml of [laughs, stranger, deep, '<a>', '<a></b>', '', '{}', 'plain']) {
    const post = await openPost(t, gen2, [{ body: xml }])
    t.match(await post.failure(), { kind: 'unrecognised' }, xml.slice(0, 20))
  }
})

t.test('gen2-xml: attributes beside what it answers say nothing', async (t) => {
  const body = '<r v="2"><success type="b">true</success><waybill_no x="y">1</waybill_no></r>'
  const post = await openPost(t, gen2, [{ body }])
  t.match(await post.order(parcel), { reference: '1' })
})

t.test('gen2-xml: only one result, of this order, with a waybill, is success', async (t) => {
  const one = '<response><success>true</success><waybill_no>1</waybill_no></response>'
  const answers = [
    `<r>${one}${one}</r>`,
    '<r><success>true</success></r>',
    '<r><success>maybe</success></r>',
    '<r><success>true</success><waybill_no>1</waybill_no><logistics_order_no>other</logistics_order_no></r>',
    '<r><success>false</success><reason>什么</reason></r>',
    '<r/>',
  ]
  for (const body of answers) {
    const post = await openPost(t, gen2, [{ body }])
    t.match(await post.failure(), { kind: 'unrecognised' }, body)
  }
})

t.test('gen2-xml: an answer has its size', async (t) => {
  const post = await openPost(t, gen2, [{ body: `<r><success>true</success>${' '.repeat(300_000)}</r>` }])
  t.match(await post.failure(), { kind: 'unrecognised' })
})

t.test('gen2-xml without its own settings is refused before anything is sent', async (t) => {
  const { gen2: _, ...without } = gen2
  t.match(
    failureOf(() => createPostalEms({ ...without, baseUrl: 'https://post.example' })),
    { sent: false },
  )
})

t.test('each generation demands its own settings, and none is given another’s path', async (t) => {
  const check = compileSchema(settingsSchema, { useDefaults: true })
  const missing = (settings: object) => check(settings).map(({ pointer }) => pointer)
  const base = { baseUrl: 'https://post.example', customerNumber: '90000012345678' }
  t.same(missing({ ...base }), ['/authorization', '/signKey'])
  t.same(missing({ ...base, profile: 'gen2-xml' }), ['/gen2'])
  const gen15Settings = { ...base, profile: 'gen1-5' }
  t.same(missing(gen15Settings), [])
  t.notOk('path' in gen15Settings)
})

async function openPost(t: Test, settings: Omit<EmsSettings, 'baseUrl'>, answers: object[]) {
  const server = await startServer(answering(answers))
  const complete = { ...settings, baseUrl: server.origin }
  const client = systemHttpClient({ settings: settingsSchema }, complete, {
    timeoutMs: 2_000,
    connections: 2,
  })
  t.teardown(async () => {
    await client.close()
    await server.close()
  })
  const { createOrder } = createPostalEms(complete).outgoing
  if (!createOrder) throw new Error('the adapter takes no orders')
  const order = (content: ParcelContent, number = 1) => createOrder.send(content, attempt(number))
  return {
    server,
    close: server.close,
    order,
    async failure(number = 1): Promise<AdapterFailure | null> {
      try {
        await order(parcel, number)
        return null
      } catch (error) {
        if (error instanceof AdapterFailure) return error
        throw error
      }
    },
  }

  function attempt(number: number): Attempt {
    const { signal } = new AbortController()
    const none = () => Promise.reject(new Error('no files'))
    const files = { open: none, link: () => '', store: none }
    return { signal, http: client.forAttempt(signal), key: 'trf_1', number, now: () => GIVEN_NOW, files }
  }
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
