// The simulated post, called by the real adapter over HTTP: two readings of one paper must agree.

import t, { type Test } from 'tap'
import { createPostalEms } from '../../adapters/postal-ems/adapter.ts'
import { settingsSchema } from '../../adapters/postal-ems/settings-schema.ts'
import type {
  Adapter,
  Attempt,
  ExternalEvent,
  InboundMessage,
  ParcelContent,
} from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { Actor, CityContext } from '../../src/sandbox/actor.ts'
import { createEms, type EmsOptions } from '../../src/sandbox/ems/index.ts'
import { failureOf } from '../support/failure.ts'
import { clientOf, served } from './served.ts'

const credentials = { authorization: 'sample-authorization-code', signKey: 'MDEyMzQ1Njc4OWFiY2RlZg==' }
const smooth = { failedFirst: 0, reversed: 0 }

const noFiles: Attempt['files'] = {
  open: () => Promise.reject(new Error('no files')),
  link: () => '',
  store: async (bytes, { fileName, mediaType }) => ({
    sha256: '0',
    size: Buffer.isBuffer(bytes) ? bytes.length : 0,
    fileName,
    mediaType,
  }),
}

t.test('an ordered parcel travels until it is delivered, and every stop is told', async (t) => {
  const post = await openPost(t, { shares: smooth })
  const receipt = await post.order(givens['parcel-collect'])
  t.match(receipt.reference, /^\d{13}$/)
  await post.everythingHappened()

  t.same(post.words(), [
    'collected',
    'in-transit',
    'in-transit',
    'in-transit',
    'in-transit',
    'in-transit',
    'out-for-delivery',
    'delivered',
  ])
  t.same([...new Set(post.events.map((event) => event.parcelId))], [givens['parcel-collect'].parcelId])
  t.same([...new Set(post.events.map((event) => event.reference))], [receipt.reference])
  t.same(post.actor.books().effects, [
    {
      kind: 'parcel',
      key: givens['parcel-collect'].parcelId,
      reference: receipt.reference,
      times: 1,
      state: 'delivered',
    },
  ])
})

t.test('an order sent twice is one parcel, and the second answer tells its waybill', async (t) => {
  const post = await openPost(t, { shares: smooth })
  const first = await post.order(givens['parcel-deliver'])
  const second = await post.order(givens['parcel-deliver'])
  t.same(second, { reference: first.reference, duplicate: true })
  t.equal(post.actor.books().effects.length, 1)
  t.match(post.actor.books().counts, { orders: 1, duplicatesRefused: 1 })
})

t.test('a parcel that finds nobody is tried again', async (t) => {
  const post = await openPost(t, { shares: { failedFirst: 1, reversed: 0 } })
  await post.order(givens['parcel-deliver'])
  await post.everythingHappened()
  t.same(post.words().slice(-4), ['out-for-delivery', 'delivery-failed', 'out-for-delivery', 'delivered'])
  t.match(post.events.at(-3)?.detail, { reason: '收件人不在且无法联系' })
})

t.test('a stop that was a mistake is taken back by its own code', async (t) => {
  const post = await openPost(t, { shares: { failedFirst: 0, reversed: 1 } })
  await post.order(givens['parcel-deliver'])
  await post.everythingHappened()
  t.same(post.words().slice(-4), ['out-for-delivery', 'in-transit', 'out-for-delivery', 'delivered'])
  t.equal(new Set(post.events.map((event) => event.at)).size, post.events.length)
  t.match(post.events.at(-3)?.detail, { reverses: 'parcel.out-for-delivery', more: { opCode: '742' } })
})

t.test('an order is cancelled once, and only before it is fetched', async (t) => {
  const post = await openPost(t, { shares: smooth })
  const { reference = '' } = await post.order(givens['parcel-collect'])
  const cancellation = { parcelId: givens['parcel-collect'].parcelId, reference, reason: '申请人撤回' }
  t.same(await post.cancel(cancellation), { reference })
  t.same(await post.cancel(cancellation), { reference, duplicate: true })
  await post.everythingHappened()
  t.same(post.words(), ['cancelled'])

  const other = await post.order(givens['parcel-deliver'])
  await post.everythingHappened()
  const late = {
    parcelId: givens['parcel-deliver'].parcelId,
    reference: other.reference ?? '',
    reason: '申请人撤回',
  }
  t.match(await failureOf(post.cancel(late)), { kind: 'rejected' })
})

t.test('a careless order is refused with every field that is wrong', async (t) => {
  const post = await openPost(t, {})
  const careless = {
    ...givens['parcel-collect'],
    contents: [],
    sender: { ...givens['parcel-collect'].sender, county: '' },
  }
  t.match(await failureOf(post.order(careless)), {
    kind: 'rejected',
    message: /sender\.county为空或不合法；cargos\.cargoName/,
  })
  t.same(post.actor.books().effects, [])
})

t.test('a stranger is not served', async (t) => {
  const post = await openPost(t, { authorization: 'another' })
  t.match(await failureOf(post.order(givens['parcel-collect'])), { kind: 'unauthorised' })
  const otherKey = await openPost(t, { signKey: 'ZmVkY2JhOTg3NjU0MzIxMA==' })
  t.match(await failureOf(otherKey.order(givens['parcel-collect'])), { kind: 'rejected' })
  const noContract = await openPost(t, { customers: ['90000000000001'] })
  t.match(await failureOf(noContract.order(givens['parcel-collect'])), { kind: 'rejected' })
})

t.test('the connection check has no effect on the books', async (t) => {
  const post = await openPost(t, {})
  t.match(await post.adapter.check?.(post.attempt), { ok: true })
  t.same(post.actor.books().effects, [])
  const stranger = await openPost(t, { authorization: 'another' })
  t.match(await stranger.adapter.check?.(stranger.attempt), { ok: false })
})

t.test('what is asked for is the same as what was pushed', async (t) => {
  const post = await openPost(t, { shares: { failedFirst: 0, reversed: 1 } })
  const { reference = '' } = await post.order(givens['parcel-deliver'])
  const followed = { parcelId: givens['parcel-deliver'].parcelId, waybill: reference, carrier: 'ems' }
  t.same(await post.adapter.tracking?.read(followed, post.attempt), { events: [] })
  await post.everythingHappened()
  t.same(await post.adapter.tracking?.read(followed, post.attempt), { events: post.events })
  const unknown = { ...followed, waybill: '1100000000000' }
  t.match(await failureOf(Promise.resolve(post.adapter.tracking?.read(unknown, post.attempt))), {
    kind: 'rejected',
  })
})

t.test('labels, reach, parts of an address and fees are answered, and change nothing', async (t) => {
  const post = await openPost(t, { shares: smooth })
  const { parcelId, sender, receiver } = givens['parcel-deliver']
  const { reference = '' } = await post.order(givens['parcel-deliver'])
  const before = post.actor.books().effects
  const ask = post.adapter.questions
  const asked = { parcelId, reference, reason: '' }
  t.match(await ask?.label?.(asked, post.attempt), {
    mediaType: 'application/pdf',
    fileName: `${reference}.pdf`,
  })
  t.match(await ask?.readFee?.(asked, post.attempt), { fee: 1200, weightGrams: Number })
  t.same(await ask?.estimateFee?.({ sender, receiver, weightGrams: 1_500 }, post.attempt), { fee: 1450 })
  t.same(await ask?.checkAddress?.(receiver, post.attempt), { reachable: true })
  t.match(await ask?.checkAddress?.({ ...receiver, address: '某岛1号' }, post.attempt), { reachable: false })
  const text = '河南省开封市鼓楼区书店街128号3单元502'
  t.same(await ask?.parseAddress?.({ text }, post.attempt), {
    province: '河南省',
    city: '开封市',
    county: '鼓楼区',
    address: '书店街128号3单元502',
  })
  t.same(post.actor.books().effects, before)
})

t.test('a push that is not acknowledged comes again', async (t) => {
  const post = await openPost(t, { shares: smooth }, { refusals: 3 })
  await post.order(givens['parcel-deliver'])
  await post.everythingHappened()
  t.same(new Set(post.words()), new Set(['collected', 'in-transit', 'out-for-delivery', 'delivered']))
  t.match(post.actor.books().counts, { pushes: 11, pushesRefused: 3 })
})

async function openPost(t: Test, options: Partial<EmsOptions>, gateway = { refusals: 0 }) {
  const waiting: (() => Promise<void> | void)[] = []
  const events: ExternalEvent[] = []
  let refusals = gateway.refusals
  const context: CityContext = {
    random: () => 0.5,
    gatewayUrl: 'http://gateway.example',
    speed: 1,
    later: (_ms, action) => waiting.push(action),
    push: async (_actor, request) => {
      const message = inbound(request)
      if (refusals-- > 0) return { status: 200, body: '{"code":"S00001"}' }
      const reading = await incoming(adapter).read(message)
      events.push(...(reading.events ?? []))
      const { status, body } = incoming(adapter).acknowledge({ ok: true, duplicate: false }, message)
      return { status, body: body.toString() }
    },
  }
  const actor = createEms(context, { ...credentials, ...options })
  const { baseUrl, attempt } = await serve(t, actor)
  const adapter = createPostalEms({ ...credentials, baseUrl, customerNumber: '90000012345678' })
  const { createOrder, cancelOrder } = adapter.outgoing
  if (!createOrder || !cancelOrder) throw new Error('the adapter lacks an operation')
  return {
    actor,
    adapter,
    attempt,
    events,
    order: (parcel: ParcelContent) => createOrder.send(parcel, attempt),
    cancel: (parcel: Parameters<typeof cancelOrder.send>[0]) => cancelOrder.send(parcel, attempt),
    words: () => events.map((event) => event.type.replace('parcel.', '')),
    async everythingHappened() {
      for (let action = waiting.shift(); action; action = waiting.shift()) await action()
    },
  }
}

async function serve(t: Test, actor: Actor) {
  const { baseUrl } = await served(t, actor)
  const client = clientOf(t, settingsSchema, { baseUrl })
  const signal = new AbortController().signal
  const attempt: Attempt = {
    signal,
    http: client.forAttempt(signal),
    key: 'trf_1',
    number: 1,
    now: () => GIVEN_NOW,
    files: noFiles,
  }
  return { baseUrl, attempt }
}

function incoming(adapter: Adapter) {
  if (!adapter.incoming) throw new Error('the adapter reads nothing in')
  return adapter.incoming
}

function inbound(request: {
  path: string
  headers: Record<string, string>
  body: string | Buffer
}): InboundMessage {
  const { path, headers, body } = request
  return { method: 'POST', path, query: {}, headers, body: Buffer.from(body), receivedAt: GIVEN_NOW }
}
