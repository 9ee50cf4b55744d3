// The older generations of the post, called by the real adapter over HTTP: two readings of one paper must agree.

import t, { type Test } from 'tap'
import { createPostalEms } from '../../adapters/postal-ems/adapter.ts'
import type { EmsSettings } from '../../adapters/postal-ems/settings.ts'
import { settingsSchema } from '../../adapters/postal-ems/settings-schema.ts'
import { cannedFiles } from '../../src/adapter-kit/conformance/stage.ts'
import type { Attempt, ParcelContent } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { Actor } from '../../src/sandbox/actor.ts'
import { createEmsGen15 } from '../../src/sandbox/ems-older/gen1-5.ts'
import { createEmsGen2 } from '../../src/sandbox/ems-older/gen2.ts'
import { failureOf } from '../support/failure.ts'
import { clientOf, served } from './served.ts'

const customerNumber = '90000012345678'
const collect = givens['parcel-collect']
const gen2 = { secret: 'sample-gen2-secret', ecommerceNo: 'KFZWFW' }
const secondSettings = { profile: 'gen2-xml', customerNumber, gen2 } as const
const between = { profile: 'gen1-5', customerNumber } as const

async function openPost(t: Test, actor: Actor, own: Omit<EmsSettings, 'baseUrl'>) {
  const { baseUrl } = await served(t, actor)
  const client = clientOf(t, settingsSchema, { baseUrl })
  const { signal } = new AbortController()
  const attempt: Attempt = {
    signal,
    http: client.forAttempt(signal),
    key: 'trf_1',
    number: 1,
    now: () => GIVEN_NOW,
    files: cannedFiles(),
  }
  const { createOrder } = createPostalEms({ ...own, baseUrl }).outgoing
  return {
    baseUrl,
    order: (parcel: ParcelContent = collect) => createOrder!.send(parcel, attempt),
    effects: () => actor.books().effects,
  }
}

t.test(
  'gen2-xml: an order is taken once, and its repetition is success without a second parcel',
  async (t) => {
    const post = await openPost(t, createEmsGen2(gen2), secondSettings)
    const receipt = await post.order()
    t.match(receipt, { reference: /^\d{13}$/, data: { routeCode: '475-K01' } })
    t.same(await post.order(), { duplicate: true })
    t.same(post.effects(), [
      { kind: 'parcel', key: collect.parcelId, reference: receipt.reference, times: 1, state: 'ordered' },
    ])
    await post.order(givens['parcel-deliver'])
    t.equal(post.effects().length, 2)
  },
)

t.test('gen2-xml: a branch may say again which waybill it gave, and the tracker can be told', async (t) => {
  const post = await openPost(t, createEmsGen2({ ...gen2, tellsWaybillAgain: true }), secondSettings)
  const { reference } = await post.order()
  t.same(await post.order(), { reference, duplicate: true })
  t.equal(post.effects().length, 1)
})

t.test('gen2-xml: names that XML must escape arrive as they are', async (t) => {
  const post = await openPost(t, createEmsGen2(gen2), secondSettings)
  const sender = { ...collect.sender, name: '张<三>&"𬀩"', address: "书店街 128 号 'A' 座" }
  t.match(await post.order({ ...collect, sender }), { reference: String })
})

t.test('gen2-xml: another secret, company or customer is refused by name', async (t) => {
  const own = { ...secondSettings, gen2: { ...gen2, secret: 'another-secret' } }
  const forged = await openPost(t, createEmsGen2(gen2), own)
  t.match(await failureOf(forged.order()), { kind: 'unauthorised', code: 'S02' })
  const company = { ...secondSettings, gen2: { ...gen2, ecommerceNo: 'OTHER' } }
  const unknown = await openPost(t, createEmsGen2(gen2), company)
  t.match(await failureOf(unknown.order()), { kind: 'unauthorised', code: 'S03' })
  const post = await openPost(t, createEmsGen2({ ...gen2, customers: ['1'.repeat(14)] }), secondSettings)
  t.match(await failureOf(post.order()), { kind: 'rejected', code: 'B03', message: /sender_no/ })
  t.same([...forged.effects(), ...unknown.effects(), ...post.effects()], [])
})

t.test('gen2-xml: the post itself refuses what is no order', async (t) => {
  const post = await openPost(t, createEmsGen2(gen2), secondSettings)
  const send = async (form: Record<string, string>) => {
    const body = new URLSearchParams(form)
    return (await fetch(`${post.baseUrl}/iwaybillno-web/a/iwaybill/receive`, { method: 'POST', body })).text()
  }
  t.match(await send({}), /S05/)
  t.match(
    await send({ msg_type: 'ORDERCREATE', logistics_interface: '<OrderNormal/>', data_digest: 'x' }),
    /S02/,
  )
})

t.test('gen1-5: an order is taken under the authorisation of the county', async (t) => {
  const actor = createEmsGen15({ authorizations: [customerNumber] })
  const post = await openPost(t, actor, between)
  const receipt = await post.order()
  t.match(receipt.reference, /^\d{13}$/)
  t.match(post.effects(), [{ key: collect.parcelId, reference: receipt.reference, times: 1 }])
  const strange = await openPost(t, createEmsGen15({ authorizations: ['other'] }), between)
  t.match(await failureOf(strange.order()), { kind: 'rejected', code: 'E01' })
  t.same(strange.effects(), [])
})

t.test('gen1-5: a repeated order is a double in its books, unless the branch refuses it', async (t) => {
  const careless = await openPost(t, createEmsGen15({ authorizations: [customerNumber] }), between)
  await careless.order()
  await careless.order()
  t.match(
    careless.effects(),
    [{ key: collect.parcelId, times: 2 }],
    'so it is never sent again without a person',
  )
  const own = {
    ...between,
    refusesRepeatedOrders: true,
    answers: [{ code: 'E20', means: 'duplicate' as const }],
  }
  const branch = createEmsGen15({ authorizations: [customerNumber], refusesRepeatedOrders: true })
  const careful = await openPost(t, branch, own)
  await careful.order()
  t.same(await careful.order(), { duplicate: true })
  t.match(careful.effects(), [{ times: 1 }])
})

t.test('gen1-5: a party without a name is refused, and nothing is kept', async (t) => {
  const post = await openPost(t, createEmsGen15({ authorizations: [customerNumber] }), between)
  const failure = await failureOf(post.order({ ...collect, receiver: { ...collect.receiver, name: '' } }))
  t.match(failure, { kind: 'rejected', code: 'E12', message: /receiver\.name/ })
  t.same(post.effects(), [])
})
