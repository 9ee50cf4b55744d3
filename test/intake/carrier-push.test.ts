// What carriers push, on a real ledger: of a batch the readable is recorded, the rest kept, and nothing is lost.

import fastify from 'fastify'
import t from 'tap'
import { createPostalSf } from '../../adapters/postal-sf/adapter.ts'
import type { ParcelEventType } from '../../src/adapter-kit/contract.ts'
import type { System } from '../../src/delivery/systems.ts'
import { callbackRoutes } from '../../src/intake/callbacks.ts'
import { material } from '../domain/life.ts'
import { openBooks } from '../ledger/books.ts'
import type { Teardown } from '../support/database.ts'

type OpCodes = readonly { code: string; word: ParcelEventType | null }[]

/** A parcel, and a door at which SF tells of it: `learn` gives it opCodes beside its table. */
async function door(t: Teardown) {
  const books = await openBooks(t)
  const { aggregate } = await books.take({ externalId: 'P', materials: [material('P', 'paper')] })
  const parcel = aggregate!.parcels[0]!
  const told: string[] = []
  const systems = new Map<string, System>()
  const learn = (opCodes: OpCodes) => {
    const about = { baseUrl: 'https://sf.example', partnerID: 'P', checkword: 'c', monthlyCard: '7551234567' }
    const adapter = createPostalSf({ ...about, pushToken: 'x', opCodes })
    systems.set(parcel.system, {
      id: parcel.system,
      kind: 'carrier',
      settings: { pushClients: [] },
      adapter,
    } as unknown as System)
  }
  learn([])
  const app = fastify()
  t.teardown(() => app.close())
  await callbackRoutes(app, {
    ledger: books.ledger,
    settings: { limits: { maxBodyBytes: 1e6 }, http: {} } as never,
    systems,
    observer: {
      notKept: () => undefined,
      reported: () => undefined,
      unreadable: (_, reason) => void told.push(reason),
    },
  })
  const pushOf = (orderid: string, ...opCodes: string[]) => {
    const WaybillRoute = opCodes.map((opCode, i) => ({
      mailno: 'SF1',
      orderid,
      acceptTime: `2026-11-23 09:0${i}:00`,
      opCode,
    }))
    const url = `/v1/carriers/${parcel.system}/tracking?token=x`
    return app.inject({ method: 'POST', url, payload: { Body: { WaybillRoute } } })
  }
  const push = async (...opCodes: string[]) => (await pushOf(parcel.id, ...opCodes)).json().return_code
  const state = async () => (await books.query<{ state: string }>('select state from parcels'))[0]?.state
  const evidence = () =>
    books.query<{ text: string }>(
      "select convert_from(decode(body, 'base64'), 'utf8') as text from messages where outcome like 'unreadable%'",
    )
  return { parcel, pushOf, push, learn, state, evidence, told }
}

t.test('one route that nobody can read keeps no other of its push from counting', async (t) => {
  const { push, state, evidence, told } = await door(t)
  t.equal(await push('50', '777', '44'), '1000', 'so that it comes again')
  t.equal(await state(), 'out-for-delivery')
  t.match(await evidence(), [{ text: /"opCode":"777"/ }])
  t.equal(await push('50', '777', '44'), '1000')
  t.equal((await evidence()).length, 1)
  t.match(told, [/unknown opCode.*\[777\]/], 'a person is told once')
})

t.test('once the code is known, the repeated push counts whole', async (t) => {
  const { push, learn, state } = await door(t)
  await push('50', '44', '777')
  learn([{ code: '777', word: 'parcel.delivered' }])
  t.equal(await push('50', '44', '777'), '0000')
  t.equal(await state(), 'delivered')
})

t.test('a push of which nothing can be read is kept as it came', async (t) => {
  const { push, state, evidence } = await door(t)
  t.equal(await push('777'), '1000')
  t.match(await evidence(), [{ text: /^\{"Body"/ }])
  t.equal(await state(), 'wanted')
})

t.test('a parcel that its submission does not have is not found', async (t) => {
  const { parcel, pushOf, state } = await door(t)
  const unknown = await pushOf(parcel.id.replace(/..$/, '99'), '50')
  t.match([unknown.statusCode, unknown.json()], [404, { return_code: '1000', return_msg: 'not-found' }])
  t.equal(await state(), 'wanted')
})
