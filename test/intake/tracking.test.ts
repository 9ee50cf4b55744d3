// Asking where parcels are, on a real ledger, with a carrier that lies in memory.

import t from 'tap'
import type { Attempt, ExternalEvent, Tracking, Unread } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { System } from '../../src/delivery/systems.ts'
import { tracker } from '../../src/intake/tracking.ts'
import { tools } from '../delivery/scene.ts'
import { material } from '../domain/life.ts'
import { openBooks } from '../ledger/books.ts'
import type { Teardown } from '../support/database.ts'

const attempt = (): Attempt => ({
  signal: AbortSignal.timeout(10_000),
  http: { request: () => Promise.reject(new Error('no network')), target: () => '' },
  key: 'ask',
  number: 1,
  now: () => new Date(),
  files: tools.files,
})

const scan = (id: string, type: ExternalEvent['type'], minute: number): ExternalEvent => ({
  id,
  type,
  at: `2026-11-23T09:${minute}:00+08:00`,
  detail: {},
})

const unknown = (code: string): Unread => ({
  failure: new AdapterFailure('unrecognised', `unknown opCode ${code}`, { code }),
  body: Buffer.from(`{"opCode":"${code}"}`),
  mediaType: 'application/json',
})

/** Parcels that are under way, and a round of asking where they are. */
async function post(t: Teardown, parcels: number, read: Tracking['read']) {
  const books = await openBooks(t)
  for (let i = 0; i < parcels; i++) {
    const change = { externalId: `P${i}`, materials: [material('P', 'paper')] }
    const { submissionId, aggregate } = await books.take(change)
    const order = aggregate!.transfers.find((one) => one.operation === 'createOrder')!
    const receipt = { reference: `W${i}` }
    await books.tell(submissionId, { type: 'transfer.delivered', transferId: order.id, receipt })
  }
  const told: string[] = []
  const ask = tracker({
    ledger: books.ledger,
    observer: { reported: () => undefined, unreadable: (_, reason) => void told.push(reason) },
    describe: async (parcelId) => ({ parcelId, waybill: `waybill-of-${parcelId}`, carrier: 'ems' }),
  })
  const system = { id: 'ems', adapter: { outgoing: {}, tracking: { read } } } as unknown as System
  const evidence = () =>
    books.query<{ outcome: string; text: string }>(
      "select outcome, convert_from(decode(body, 'base64'), 'utf8') as text from messages where outcome like 'unreadable%' order by text",
    )
  const states = async () =>
    (await books.query<{ state: string }>('select state from parcels order by id')).map(({ state }) => state)
  return { ask: () => ask(system, { attempt }), told, evidence, states }
}

t.test(
  'what is understood of a trail is recorded, the rest is kept for a person, who is told once',
  async (t) => {
    const trail = { events: [scan('1', 'parcel.collected', 10)], unread: [unknown('999')] }
    const { ask, told, evidence, states } = await post(t, 1, async () => trail)
    t.same(await ask(), { items: 1, more: false })
    t.same(await states(), ['collected'])
    t.match(await evidence(), [
      { outcome: /^unreadable: par_.*unknown opCode 999 \[999\]$/, text: '{"opCode":"999"}' },
    ])
    t.equal(told.length, 1)
    await ask()
    t.equal((await evidence()).length, 1)
    t.equal(told.length, 1)
  },
)

t.test('a scan that the ledger cannot keep is for a person, the others count', async (t) => {
  const trail = {
    events: [
      scan('1', 'parcel.collected', 10),
      { ...scan('2', 'parcel.in-transit', 20), detail: { place: '\0' } },
      { ...scan('3', 'parcel.in-transit', 30), reference: 'W'.repeat(501) },
    ],
  }
  const { ask, told, evidence, states } = await post(t, 1, async () => trail)
  await ask()
  await ask()
  t.same(await states(), ['collected'])
  t.equal((await evidence()).length, 2)
  t.equal(told.length, 2)
})

t.test('once its code has been learnt, the scan counts like any other', async (t) => {
  const before = { events: [scan('1', 'parcel.collected', 10)], unread: [unknown('999')] }
  const after = { events: [...before.events, scan('2', 'parcel.in-transit', 20)] }
  const trails = [before, after]
  const { ask, states } = await post(t, 1, async () => trails.shift()!)
  await ask()
  t.same(await states(), ['collected'])
  await ask()
  t.same(await states(), ['in-transit'])
})

t.test('a trail of which nothing can be believed keeps no other parcel waiting', async (t) => {
  let asked = 0
  const { ask, told, states } = await post(t, 3, async () => {
    if (++asked === 2) throw new AdapterFailure('unrecognised', 'of another parcel')
    return { events: [scan(`${asked}`, 'parcel.delivered', 10)] }
  })
  await ask()
  t.same(await states(), ['delivered', 'ordered', 'delivered'])
  t.match(told, [/of another parcel/])
})

t.test('what is wrong with a trail is told once, for as long as it is the same', async (t) => {
  const answers = ['not found', 'not found', 'not found', 'of another', 'of another', undefined, 'not found']
  const { ask, told } = await post(t, 1, async () => {
    const answer = answers.shift()
    if (answer === undefined) return { events: [] }
    throw new AdapterFailure('rejected', answer)
  })
  while (answers.length > 0) await ask()
  t.same(
    told.map((one) => one.replace(/^par_\w+: /, '')),
    ['not found', 'of another', 'not found'],
  )
})

t.test('a carrier that is away is no matter of one parcel', async (t) => {
  const { ask } = await post(t, 1, () => Promise.reject(new AdapterFailure('unavailable', 'away')))
  await t.rejects(ask(), { message: 'away' })
})

t.test('a parcel whose question fails every time does not hide those after it', async (t) => {
  let asked = 0
  const { ask, states } = await post(t, 3, async () => {
    if (++asked === 2) throw new AdapterFailure('unavailable', 'answered 500')
    return { events: [scan(`${asked}`, 'parcel.delivered', 10)] }
  })
  await t.rejects(ask(), { message: 'answered 500' })
  t.same(await states(), ['delivered', 'ordered', 'ordered'])
  t.same(await ask(), { items: 1, more: false }, 'goes on after it')
  t.same(await states(), ['delivered', 'ordered', 'delivered'])
  t.same(await ask(), { items: 1, more: false }, 'and comes back to it')
  t.same(await states(), ['delivered', 'delivered', 'delivered'])
})

t.test('a carrier that takes its time with each parcel has it for each', async (t) => {
  const times = new Set<AbortSignal>()
  const { ask } = await post(t, 3, async (_parcel, { signal }) => {
    times.add(signal)
    return { events: [] }
  })
  await ask()
  t.equal(times.size, 3)
})
