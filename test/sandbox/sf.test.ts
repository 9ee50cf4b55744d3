// The simulated SF, called by the real adapter over HTTP: two readings of one paper must agree.

import t, { type Test } from 'tap'
import { createPostalSf } from '../../adapters/postal-sf/adapter.ts'
import type { SfSettings } from '../../adapters/postal-sf/settings.ts'
import { settingsSchema } from '../../adapters/postal-sf/settings-schema.ts'
import type { Attempt, ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import { createSf, type SfOptions } from '../../src/sandbox/sf/index.ts'
import { failureOf } from '../support/failure.ts'
import { clientOf, served } from './served.ts'

const options: SfOptions = {
  partnerID: 'KFTB2026',
  checkword: 'sample checkword~!',
  pushToken: 'sample-push-token',
  failedFirst: 0,
}
const order = givens['parcel-collect']

t.test(
  'an ordered parcel travels until it is delivered; what is pushed and what is asked for are the same',
  async (t) => {
    const sf = await openSf(t)
    const receipt = await sf.outgoing.createOrder.send(order, sf.attempt())
    t.match(receipt.reference, /^SF\d{13}$/)
    await sf.everythingHappened()
    t.same(sf.words(), ['collected', 'in-transit', 'in-transit', 'out-for-delivery', 'delivered'])
    const followed = {
      parcelId: order.parcelId,
      waybill: receipt.reference ?? '',
      carrier: 'sf',
      phoneTail: '0001',
    }
    t.same(await sf.adapter.tracking?.read(followed, sf.attempt()), { events: sf.events })
    t.same(await sf.adapter.tracking?.read({ ...followed, phoneTail: '9999' }, sf.attempt()), { events: [] })
    t.same(sf.actor.books().effects, [
      { kind: 'parcel', key: order.parcelId, reference: receipt.reference, times: 1, state: 'delivered' },
    ])
  },
)

t.test('an order sent twice is one parcel, and the second try tells its waybill', async (t) => {
  const sf = await openSf(t)
  t.equal(await sf.outgoing.createOrder.find?.(order, sf.attempt()), null)
  const first = await sf.outgoing.createOrder.send(order, sf.attempt())
  t.same(await sf.outgoing.createOrder.send(order, sf.attempt()), { ...first, duplicate: true })
  t.same(await sf.outgoing.createOrder.find?.(order, sf.attempt()), first)
  t.match(sf.actor.books(), { effects: { length: 1 }, counts: { orders: 1, duplicatesRefused: 1 } })
})

t.test('the very same request is answered by looking the order up', async (t) => {
  const sf = await openSf(t)
  const attempt = sf.attempt()
  const first = await sf.outgoing.createOrder.send(order, attempt)
  t.same(await sf.outgoing.createOrder.send(order, attempt), { ...first, duplicate: true })
  t.match(sf.actor.books().counts, { orders: 1 })
})

t.test('an order is cancelled once, and only before it is fetched', async (t) => {
  const sf = await openSf(t)
  const { reference = '' } = await sf.outgoing.createOrder.send(order, sf.attempt())
  const cancellation = { parcelId: order.parcelId, reference, reason: '申请人撤回' }
  t.match(
    await failureOf(sf.outgoing.cancelOrder.send({ ...cancellation, reference: 'SF9' }, sf.attempt())),
    {
      kind: 'rejected',
    },
  )
  t.same(await sf.outgoing.cancelOrder.send(cancellation, sf.attempt()), { reference })
  t.same(await sf.outgoing.cancelOrder.send(cancellation, sf.attempt()), { reference, duplicate: true })
  await sf.everythingHappened()
  t.same(sf.words(), [])
  t.equal(sf.actor.books().effects[0]?.state, 'cancelled')

  const other = givens['parcel-deliver']
  const late = await sf.outgoing.createOrder.send(other, sf.attempt())
  await sf.everythingHappened()
  const tooLate = { parcelId: other.parcelId, reference: late.reference ?? '', reason: '' }
  t.match(await failureOf(sf.outgoing.cancelOrder.send(tooLate, sf.attempt())), {
    kind: 'rejected',
    code: '8252',
  })
})

t.test('a parcel that finds nobody is tried again, with the courier’s reason', async (t) => {
  const sf = await openSf(t, { failedFirst: 1 })
  await sf.outgoing.createOrder.send(order, sf.attempt())
  await sf.everythingHappened()
  t.same(sf.words().slice(-4), ['out-for-delivery', 'delivery-failed', 'out-for-delivery', 'delivered'])
  t.match(sf.events.at(-3)?.detail, { reason: /收件人不在/ })
})

t.test('a careless order is refused', async (t) => {
  const sf = await openSf(t, { monthlyCards: ['7551234567'] })
  t.match(await failureOf(sf.outgoing.createOrder.send(order, sf.attempt())), {
    kind: 'rejected',
    code: '8119',
  })
  const own = { ...order, customerNumber: '7551234567' }
  const phone = { ...own, sender: { ...own.sender, mobile: '不详' } }
  t.match(await failureOf(sf.outgoing.createOrder.send(phone, sf.attempt())), {
    kind: 'rejected',
    code: '8196',
  })
  t.match(await sf.outgoing.createOrder.send(own, sf.attempt()), { reference: /^SF/ })
})

t.test('a stranger is not served, nor one with half a proof', async (t) => {
  const strange = await openSf(t, {}, { checkword: 'another' })
  t.match(await failureOf(strange.outgoing.createOrder.send(order, strange.attempt())), {
    kind: 'unauthorised',
  })
  t.match(await strange.adapter.check?.(strange.attempt()), { ok: false })
  const known = await openSf(t)
  t.match(await known.adapter.check?.(known.attempt()), { ok: true })
  t.same(known.actor.books().effects, [])
})

t.test('a partner with OAuth2 is served by its token', async (t) => {
  const oauthSecret = 'sample-oauth-secret'
  const sf = await openSf(t, { oauthSecret }, { oauthSecret })
  t.match(await sf.outgoing.createOrder.send(order, sf.attempt()), { reference: /^SF/ })
  t.match(await sf.outgoing.createOrder.find?.(order, sf.attempt()), { reference: /^SF/ })
})

t.test('labels and reach are answered', async (t) => {
  const sf = await openSf(t)
  const { reference = '' } = await sf.outgoing.createOrder.send(order, sf.attempt())
  const asked = { parcelId: order.parcelId, reference, reason: '' }
  t.match(await sf.adapter.questions?.label?.(asked, sf.attempt()), { fileName: `${reference}.pdf` })
  t.same(await sf.adapter.questions?.checkAddress?.(order.sender, sf.attempt()), { reachable: true })
  const island = { ...order.sender, address: '某岛 1 号' }
  t.match(await sf.adapter.questions?.checkAddress?.(island, sf.attempt()), { reachable: false })
})

t.test('a push that is not acknowledged comes again', async (t) => {
  const sf = await openSf(t, {}, {}, 2)
  await sf.outgoing.createOrder.send(order, sf.attempt())
  await sf.everythingHappened()
  t.match(sf.actor.books().counts, { pushes: 8, pushesRefused: 2 })
  t.equal(sf.words().length, 5)
})

async function openSf(
  t: Test,
  more: Partial<SfOptions> = {},
  own: Partial<SfSettings> = {},
  refusedFirst = 0,
) {
  const waiting: (() => Promise<void> | void)[] = []
  const events: ExternalEvent[] = []
  let refusals = refusedFirst
  const context: CityContext = {
    random: () => 0.5,
    gatewayUrl: 'http://gateway.example',
    speed: 1,
    later: (_ms, action) => waiting.push(action),
    push: async (_actor, { path, headers, body }) => {
      if (refusals-- > 0) return { status: 200, body: '{"return_code":"1000"}' }
      const query = Object.fromEntries(new URL(path, 'http://any').searchParams)
      const message = { method: 'POST', path, query, headers, body: Buffer.from(body), receivedAt: GIVEN_NOW }
      if (!adapter.incoming) throw new Error('the adapter reads nothing in')
      const reading = await adapter.incoming.read(message)
      events.push(...(reading.events ?? []))
      const answer = adapter.incoming.acknowledge({ ok: true, duplicate: false }, message)
      return { status: answer.status, body: answer.body.toString() }
    },
  }
  const actor = createSf(context, { ...options, ...more })
  const { origin, baseUrl } = await served(t, actor)
  const proof = own.oauthSecret ? {} : { checkword: options.checkword }
  const settings: SfSettings = {
    baseUrl,
    partnerID: options.partnerID,
    ...proof,
    monthlyCard: '7551234567',
    pushToken: 'sample-push-token',
    label: { origins: [origin] },
    ...own,
  }
  const client = clientOf(t, settingsSchema, settings)
  const adapter = createPostalSf(settings)
  const { createOrder, cancelOrder } = adapter.outgoing
  if (!createOrder || !cancelOrder) throw new Error('the adapter lacks an operation')
  let seconds = 0
  return {
    actor,
    adapter,
    outgoing: { createOrder, cancelOrder },
    events,
    words: () => events.map((event) => event.type.replace('parcel.', '')),
    async everythingHappened() {
      for (let action = waiting.shift(); action; action = waiting.shift()) await action()
    },
    /** Each a second after the one before. */
    attempt(): Attempt {
      const { signal } = new AbortController()
      const now = new Date(GIVEN_NOW.getTime() + ++seconds * 1000)
      return { signal, http: client.forAttempt(signal), key: 'trf_1', number: 1, now: () => now, files }
    },
  }
}

const files: Attempt['files'] = {
  open: () => Promise.reject(new Error('no files')),
  link: () => '',
  store: async (bytes, { fileName, mediaType }) => ({
    sha256: '0',
    size: Buffer.isBuffer(bytes) ? bytes.length : 0,
    fileName,
    mediaType,
  }),
}
