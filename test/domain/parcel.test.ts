// Parcels: results that go back by post, tracking in any order, and what a carrier takes back.

import t from 'tap'
import type { ParcelEvent } from '../../src/domain/events.ts'
import { after, begin, type Life, matter, NOW, rulesWith, submission } from './life.ts'

const paper = { type: 'paper', name: '食品经营许可证' } as const

function issuedOnPaper(): Life {
  const life = begin()
  life.report('licence', 'case.issued', { detail: { result: paper } })
  life.deliver('createOrder', { reference: 'EMS-1' })
  return life
}

const track = (life: Life, id: string, event: ParcelEvent, minutes: number, reverses?: string, more = {}) =>
  life.tell(
    {
      type: 'parcel.reported',
      parcelId: life.state.parcels[0]!.id,
      eventId: id,
      event,
      at: after(minutes),
      system: 'ems',
      detail: { ...(reverses ? { reverses } : {}), ...more },
    },
    after(24 * 60),
  )

t.test('a parcel that nobody ordered is unknown, one that another carrier has a contradiction', async (t) => {
  const life = issuedOnPaper()
  const told = { type: 'parcel.reported', eventId: '1', event: 'parcel.lost', at: NOW, detail: {} } as const
  const tell = (parcelId: string, system: string) => life.tell({ ...told, parcelId, system })
  t.match(tell('par_00000000000000000000000000zz', 'ems'), { outcome: 'refused', why: 'unknown' })
  t.match(tell(life.state.parcels[0]!.id, 'sf'), { outcome: 'refused', why: 'contradicts' })
})

t.test('a result on paper orders exactly one parcel to the applicant', async (t) => {
  const life = begin()
  life.report('licence', 'case.approved', { detail: { result: paper } })
  t.equal(life.parcels('deliver').length, 0)
  for (const event of ['case.issued', 'case.issued', 'case.closed'] as const) life.report('licence', event)
  t.equal(life.parcels('deliver').length, 1)
  t.match(life.transfers('createOrder'), [{ system: 'ems', state: 'due' }])
})

t.test('a matter whose result is known to be on paper needs no word of it from the department', async (t) => {
  const life = begin(submission({ cases: [matter('licence', { paperResult: true })] }))
  life.report('licence', 'case.closed')
  t.equal(life.parcels('deliver').length, 1)
})

t.test('a result on paper that is told after the closing is posted all the same', async (t) => {
  const life = begin()
  life.report('licence', 'case.closed')
  t.equal(life.parcels('deliver').length, 0)
  t.equal(life.report('licence', 'case.issued', { detail: { result: paper } }).outcome, 'noted')
  t.equal(life.parcels('deliver').length, 1)
})

t.test('nothing is posted for an electronic result, a refusal, or an applicant who collects', async (t) => {
  const electronic = begin(submission({ cases: [matter('licence', { paperResult: true })] }))
  electronic.report('licence', 'case.issued', {
    detail: { result: { type: 'electronic', name: '电子证照' } },
  })
  const denied = begin(submission({ cases: [matter('licence', { paperResult: true })] }))
  denied.report('licence', 'case.denied', { detail: { reason: '不符合' } })
  denied.report('licence', 'case.closed')
  const collects = begin(submission({ post: { collect: true, deliver: false } }))
  collects.report('licence', 'case.issued', { detail: { result: paper } })
  for (const life of [electronic, denied, collects]) t.strictSame(life.state.parcels, [])
})

t.test("tracking in any order: the carrier's clock decides", async (t) => {
  const life = issuedOnPaper()
  track(life, '3', 'parcel.delivered', 30)
  track(life, '1', 'parcel.collected', 10)
  track(life, '2', 'parcel.in-transit', 20)
  t.equal(life.state.parcels[0]!.state, 'delivered')
})

t.test('a reversal that comes late leaves what the carrier has said since', async (t) => {
  const life = issuedOnPaper()
  track(life, '1', 'parcel.delivered', 10)
  track(life, '3', 'parcel.delivered', 30)
  track(life, '2', 'parcel.out-for-delivery', 20, 'parcel.delivered')
  const [parcel] = life.state.parcels
  t.equal(parcel!.state, 'delivered')
  t.strictSame(
    parcel!.trail.map((one) => one.takenBack ?? false),
    [true, false, false],
  )
  track(life, '4', 'parcel.out-for-delivery', 40, 'parcel.delivered')
  t.equal(life.state.parcels[0]!.state, 'out-for-delivery')
})

t.test('of two reports of one second the further one stands', async (t) => {
  const life = issuedOnPaper()
  track(life, '2', 'parcel.delivered', 10)
  track(life, '1', 'parcel.out-for-delivery', 10)
  t.equal(life.state.parcels[0]!.state, 'delivered')
})

t.test('a report that is taken back moves the parcel back', async (t) => {
  const life = issuedOnPaper()
  track(life, '1', 'parcel.out-for-delivery', 10)
  track(life, '2', 'parcel.delivered', 20)
  track(life, '3', 'parcel.in-transit', 30, 'parcel.delivered')
  t.equal(life.state.parcels[0]!.state, 'in-transit')
  track(life, '4', 'parcel.delivered', 40)
  t.equal(life.state.parcels[0]!.state, 'delivered')
})

const eitherWay = (life: Life, id: string, event: ParcelEvent, minutes: number) =>
  track(life, id, event, minutes, undefined, { eitherWay: true })
const stateOf = (life: Life) => life.state.parcels[0]!.state
const lastTold = (life: Life) => life.entries.findLast(({ type }) => type.startsWith('parcel.'))

t.test('what is signed for on the way back, by a carrier without a word for it, is returned', async (t) => {
  const life = issuedOnPaper()
  eitherWay(life, '50', 'parcel.collected', 10)
  track(life, '99', 'parcel.returning', 20)
  eitherWay(life, '31', 'parcel.in-transit', 30)
  t.equal(stateOf(life), 'returning')
  t.match(lastTold(life), { type: 'parcel.returning', data: { parcelState: 'returning' } })
  eitherWay(life, '80', 'parcel.delivered', 40)
  t.equal(stateOf(life), 'returned')
  t.match(lastTold(life), { type: 'parcel.returned', data: { parcelState: 'returned' } })
  t.equal(eitherWay(life, '80', 'parcel.delivered', 40).outcome, 'duplicate')
})

t.test('a sending back that is heard of after the signature makes it the return', async (t) => {
  const life = issuedOnPaper()
  eitherWay(life, '80', 'parcel.delivered', 40)
  t.equal(stateOf(life), 'delivered')
  track(life, '99', 'parcel.returning', 20)
  t.equal(stateOf(life), 'returned')
  t.match(lastTold(life), { type: 'parcel.returned', at: after(40) })
  eitherWay(life, '50', 'parcel.collected', 10)
  t.match(lastTold(life), { type: 'parcel.collected', data: { parcelState: 'returned' } })
})

t.test('a sending back that is taken back leaves the parcel on its way to the receiver', async (t) => {
  const life = issuedOnPaper()
  track(life, '99', 'parcel.returning', 20)
  eitherWay(life, '31', 'parcel.in-transit', 25)
  track(life, '98', 'parcel.in-transit', 30, 'parcel.returning')
  t.equal(stateOf(life), 'in-transit')
  eitherWay(life, '80', 'parcel.delivered', 40)
  t.equal(stateOf(life), 'delivered')
})

t.test('a carrier that has a word for returned parcels means what it says', async (t) => {
  const life = issuedOnPaper()
  track(life, '708', 'parcel.returning', 20)
  track(life, '704', 'parcel.delivered', 30)
  t.equal(stateOf(life), 'delivered')
})

t.test('no report happens twice, not even one that was taken back', async (t) => {
  const life = issuedOnPaper()
  track(life, '1', 'parcel.delivered', 10)
  t.equal(track(life, '1', 'parcel.delivered', 10).outcome, 'duplicate')
  track(life, '2', 'parcel.in-transit', 20, '1')
  t.equal(track(life, '1', 'parcel.delivered', 10).outcome, 'duplicate')
  t.equal(life.state.parcels[0]!.state, 'in-transit')
})

t.test('another carrier cannot speak of the parcel', async (t) => {
  const life = issuedOnPaper()
  const parcelId = life.state.parcels[0]!.id
  const event = 'parcel.delivered'
  const decision = life.tell({
    type: 'parcel.reported',
    parcelId,
    eventId: 'x',
    event,
    at: after(1),
    system: 'sf',
    detail: {},
  })
  t.match(decision, { outcome: 'refused', reason: { en: /not carried by sf/ } })
})

t.test('a parcel that does not exist is refused', async (t) => {
  const life = begin()
  const event = 'parcel.delivered'
  const parcelId = 'par_nothing'
  t.match(
    life.tell({
      type: 'parcel.reported',
      parcelId,
      eventId: 'x',
      event,
      at: after(1),
      system: 'ems',
      detail: {},
    }),
    {
      outcome: 'refused',
      reason: { zh: '没有这个邮件' },
    },
  )
})

t.test(
  'a tracker is told of the parcel once its waybill is known, and may report it like the carrier',
  async (t) => {
    const followed = { system: 'sf', customerNumber: '1', tracker: 'kuaidi100' }
    const life = begin(submission(), rulesWith({ postal: () => followed }))
    life.report('licence', 'case.issued', { detail: { result: paper } })
    t.strictSame(life.transfers('followParcel'), [])
    life.deliver('createOrder', { reference: 'SF-1' })
    t.match(life.open('followParcel'), { system: 'kuaidi100', state: 'due' })
    const parcelId = life.state.parcels[0]!.id
    const told = (system: string, eventId: string) =>
      life.tell({
        type: 'parcel.reported',
        parcelId,
        eventId,
        event: 'parcel.collected',
        at: after(5),
        system,
        detail: {},
      })
    t.equal(told('kuaidi100', 'k1').outcome, 'applied')
    t.equal(told('somebody', 's1').outcome, 'refused')
    t.equal(life.transfers('followParcel').length, 1)
  },
)

t.test('a scan from the future is refused, whatever the carrier says', async (t) => {
  const life = issuedOnPaper()
  const before = life.state
  t.match(track(life, '1', 'parcel.delivered', 24 * 60 + 11), {
    outcome: 'refused',
    reason: { en: /ahead of the gateway/, zh: /超前/ },
  })
  t.equal(life.state, before)
})
