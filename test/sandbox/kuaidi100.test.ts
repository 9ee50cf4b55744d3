// The simulated Kuaidi100, called by the real adapter over HTTP: two readings of one paper must agree.

import t, { type Test } from 'tap'
import { createKuaidi100Tracking } from '../../adapters/tracking-kuaidi100/adapter.ts'
import type { Kuaidi100Settings } from '../../adapters/tracking-kuaidi100/settings.ts'
import { settingsSchema } from '../../adapters/tracking-kuaidi100/settings-schema.ts'
import type { Attempt, ExternalEvent, FollowedParcel } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import { createKuaidi100, type Kuaidi100Options } from '../../src/sandbox/kuaidi100/index.ts'
import { failureOf } from '../support/failure.ts'
import { clientOf, served } from './served.ts'

const account = { key: 'samplekeyABCD', customer: 'SAMPLECUSTOMER0123456789ABCDEF01' }
const parcel: FollowedParcel = givens['parcel-followed']

t.test('a followed parcel is told of until it is delivered, and is known to be ours', async (t) => {
  const tracker = await openTracker(t)
  t.same(await tracker.follow(parcel), { reference: parcel.waybill })
  await tracker.everythingHappened()
  t.same(tracker.words(), ['collected', 'in-transit', 'out-for-delivery', 'delivered'])
  t.same([...new Set(tracker.events.map((event) => event.parcelId))], [parcel.parcelId])
  t.same(tracker.actor.books().effects, [
    { kind: 'parcel', key: parcel.parcelId, reference: parcel.waybill, times: 1, state: 'delivered' },
  ])
})

t.test('what is asked for is the same event as what was called back', async (t) => {
  const tracker = await openTracker(t)
  t.same(await tracker.read(parcel), [])
  await tracker.follow(parcel)
  await tracker.everythingHappened()
  t.same(await tracker.read(parcel), tracker.events.slice(-1))
})

t.test('a parcel followed twice is followed once', async (t) => {
  const tracker = await openTracker(t)
  await tracker.follow(parcel)
  t.same(await tracker.follow(parcel), { reference: parcel.waybill, duplicate: true })
  t.match(tracker.actor.books(), {
    effects: { length: 1 },
    counts: { subscriptions: 1, duplicatesRefused: 1 },
  })
})

t.test('a parcel that finds nobody is told with the reason', async (t) => {
  const tracker = await openTracker(t, { failedFirst: 1 })
  await tracker.follow(parcel)
  await tracker.everythingHappened()
  t.match(tracker.events[3], { type: 'parcel.delivery-failed', detail: { reason: /收件人不在/ } })
})

t.test('SF’s parcels are told only to who knows the phone', async (t) => {
  const tracker = await openTracker(t)
  const { phoneTail: _, ...unknown } = { ...parcel, carrier: 'sf', waybill: 'SF1011603494291' }
  t.match(await failureOf(tracker.read(unknown)), { kind: 'rejected', code: '408', message: /手机号后四位/ })
  t.same(await tracker.read({ ...unknown, phoneTail: '0001' }), [])
})

t.test('a stranger is not served', async (t) => {
  const wrongKey = await openTracker(t, { key: 'another' })
  t.match(await failureOf(wrongKey.follow(parcel)), { kind: 'unauthorised', code: '600' })
  t.match(await failureOf(wrongKey.read(parcel)), { kind: 'unauthorised', code: '503' })
})

t.test('a carrier that is not followed is refused', async (t) => {
  const tracker = await openTracker(t, { carriers: ['shunfeng'] })
  t.match(await failureOf(tracker.follow(parcel)), { kind: 'rejected', code: '701' })
})

t.test('a callback that is not acknowledged comes again', async (t) => {
  const tracker = await openTracker(t, {}, 2)
  await tracker.follow(parcel)
  await tracker.everythingHappened()
  t.match(tracker.actor.books().counts, { pushes: 6, pushesRefused: 2 })
  t.equal(tracker.events.length, 4)
})

async function openTracker(t: Test, more: Partial<Kuaidi100Options> = {}, refusedFirst = 0) {
  const waiting: (() => Promise<void> | void)[] = []
  const events: ExternalEvent[] = []
  let refusals = refusedFirst
  const context: CityContext = {
    random: () => 0.5,
    gatewayUrl: 'http://gateway.example',
    speed: 1,
    later: (_ms, action) => waiting.push(action),
    push: async (_actor, { path, headers, body }) => {
      if (refusals-- > 0) return { status: 500, body: '' }
      const query = Object.fromEntries(new URL(path, 'http://any').searchParams)
      const message = { method: 'POST', path, query, headers, body: Buffer.from(body), receivedAt: GIVEN_NOW }
      if (!adapter.incoming) throw new Error('the adapter reads nothing in')
      const reading = await adapter.incoming.read(message)
      events.push(...(reading.events ?? []))
      const answer = adapter.incoming.acknowledge({ ok: true, duplicate: false }, message)
      return { status: answer.status, body: answer.body.toString() }
    },
  }
  const actor = createKuaidi100(context, { ...account, failedFirst: 0, ...more })
  const { baseUrl } = await served(t, actor)
  const settings: Kuaidi100Settings = {
    ...account,
    baseUrl,
    salt: 'sample-salt',
    callbackUrl: 'http://gateway.example/v1/carriers/kuaidi100/tracking',
    carriers: { ems: 'ems', sf: 'shunfeng' },
  }
  const client = clientOf(t, settingsSchema, settings)
  const adapter = createKuaidi100Tracking(settings)
  const { tracking, outgoing } = adapter
  if (!outgoing.followParcel || !tracking) throw new Error('the adapter lacks an operation')
  const { followParcel } = outgoing
  return {
    actor,
    events,
    follow: (one: FollowedParcel) => followParcel.send(one, attempt()),
    read: async (one: FollowedParcel) => (await tracking.read(one, attempt())).events,
    words: () => events.map((event) => event.type.replace('parcel.', '')),
    async everythingHappened() {
      for (let action = waiting.shift(); action; action = waiting.shift()) await action()
    },
  }

  function attempt(): Attempt {
    const { signal } = new AbortController()
    const none = () => Promise.reject(new Error('no files'))
    const files = { open: none, link: () => '', store: none }
    return { signal, http: client.forAttempt(signal), key: 'trf_1', number: 1, now: () => GIVEN_NOW, files }
  }
}
