// Nobody is sent for a paper that nobody needs any more, and for every paper that somebody needs, somebody is.

import t from 'tap'
import { begin, type Life, material, matter, rulesWith, submission } from './life.ts'

const two = (holdsCase = true) =>
  begin(
    submission({
      cases: [matter('licence'), matter('food')],
      materials: [material('P1', 'paper', { matters: ['licence', 'food'], holdsCase })],
    }),
  )
const alone = (holdsCase = false) =>
  begin(submission({ materials: [material('P1', 'paper', { holdsCase })] }))
const withdraw = (life: Life, code: string) =>
  life.tell({ type: 'case.withdrawal-asked', caseId: life.case(code).id, reason: '不办了' })
const recalls = (life: Life): number => life.transfers('cancelOrder').length

t.test('paper of two cases is fetched until both are over, however they end', async (t) => {
  for (const holdsCase of [true, false]) {
    const life = two(holdsCase)
    life.deliver('createOrder', { reference: 'E1' })
    withdraw(life, 'licence')
    t.equal(recalls(life), 0, 'the other needs it')
    withdraw(life, 'food')
    t.equal(recalls(life), 1)
  }
  const life = two()
  life.deliver('createOrder', { reference: 'E1' })
  life.tell({ type: 'submission.withdrawal-asked', reason: '不办了' })
  t.equal(recalls(life), 1, 'withdrawn together')
})

t.test('a department that has ended the case needs its paper no more', async (t) => {
  for (const event of [
    'case.rejected',
    'case.denied',
    'case.terminated',
    'case.withdrawn',
    'case.closed',
  ] as const) {
    const life = alone()
    life.deliver('createOrder', { reference: 'E1' })
    life.deliver('submitCase')
    life.report('licence', event)
    t.equal(recalls(life), 1, event)
  }
  const collected = alone()
  collected.deliver('createOrder', { reference: 'E1' })
  collected.deliver('submitCase')
  collected.tell({
    type: 'parcel.reported',
    parcelId: collected.parcels('collect')[0]!.id,
    eventId: '1',
    event: 'parcel.collected',
    at: '2026-11-23T01:00:00.000Z',
    system: 'ems',
    detail: {},
  })
  collected.report('licence', 'case.denied')
  t.equal(recalls(collected), 0, 'what is on its way stays on its way')
})

t.test('a result that is posted is not called back by the end of its case', async (t) => {
  const life = begin()
  life.deliver('submitCase')
  life.report('licence', 'case.issued', { detail: { result: { type: 'paper', name: '许可证' } } })
  life.deliver('createOrder', { reference: 'E2' })
  life.report('licence', 'case.closed')
  t.equal(recalls(life), 0)
})

t.test(
  'an order that its carrier refused for certain ends with its case, whichever comes first',
  async (t) => {
    const refuse = (life: Life, inDoubt?: true) =>
      life.tell({
        type: 'transfer.refused',
        transferId: life.open('createOrder')!.id,
        code: 'B1',
        reason: '不可达',
        ...(inDoubt ? { inDoubt } : {}),
      })
    const before = alone(true)
    refuse(before)
    t.equal(before.open('createOrder')?.state, 'dead', 'it waits for a person')
    withdraw(before, 'licence')
    const afterwards = alone(true)
    withdraw(afterwards, 'licence')
    refuse(afterwards)
    for (const life of [before, afterwards]) {
      t.match(life.parcels('collect'), [{ state: 'cancelled' }])
      t.notOk(life.open('createOrder') ?? life.open('cancelOrder'), 'nobody has to order it again')
    }
    const doubtful = alone(true)
    withdraw(doubtful, 'licence')
    refuse(doubtful, true)
    t.equal(doubtful.open('createOrder')?.state, 'dead', 'it may have arrived')
  },
)

t.test('paper that came by hand is not fetched any more', async (t) => {
  const life = alone(true)
  life.deliver('createOrder', { reference: 'E1' })
  const { id: caseId, system } = life.case('licence')
  life.tell({ type: 'material.received', caseId, at: '2026-11-23T01:00:00.000Z', system })
  t.equal(recalls(life), 1)
  t.equal(life.open('submitCase')?.state, 'due')
})

t.test('who has handed in his paper is asked for it no more, and is not late', async (t) => {
  const limits = () => ({
    supplement: { days: 5, unit: 'G' as const },
    warnShare: 0.8,
    supplementTimeout: 'terminate' as const,
  })
  const life = begin(
    submission({
      post: { collect: false, deliver: false },
      materials: [material('P1', 'paper', { holdsCase: true })],
    }),
    rulesWith({ limits, custody: { applicantDays: 2, windowDays: 2, carrierDays: 5 } }),
  )
  const { id: caseId } = life.case('licence')
  const ring = (now: string) => life.tell({ type: 'clock.rang', caseId }, now)
  const hand = (from: 'applicant' | 'window', to: 'window' | 'department', at: string) =>
    life.tell(
      {
        type: 'material.handed-over',
        papers: [{ material: 'P1' }],
        from: { kind: from },
        to: { kind: to },
        at,
        by: 'client:hall',
      },
      at,
    )
  ring('2026-11-26T02:00:00.000Z')
  t.match(life.case('licence'), { asked: [{ code: 'P1', reason: 'paper-not-brought' }] })
  hand('applicant', 'window', '2026-12-03T02:00:00.000Z')
  t.match(life.case('licence'), { asked: [], waits: [{ for: 'paper', material: 'P1' }] })
  ring('2026-12-04T02:00:00.000Z')
  t.equal(life.case('licence').state, 'pending')
  hand('window', 'department', '2026-12-04T03:00:00.000Z')
  t.equal(life.open('submitCase')?.state, 'due', 'it goes out once its department has the paper')
})

t.test('an order that was taken back stays so, and is told of once', async (t) => {
  const life = begin(
    submission({ materials: [material('P1', 'paper', { holdsCase: true })] }),
    rulesWith({ subscribes: () => true }),
  )
  life.deliver('createOrder', { reference: 'E1' })
  withdraw(life, 'licence')
  life.deliver('cancelOrder')
  const report = (eventId: string, event: 'parcel.ordered' | 'parcel.cancelled', at: string) =>
    life.tell(
      {
        type: 'parcel.reported',
        parcelId: life.parcels('collect')[0]!.id,
        eventId,
        event,
        at,
        system: 'ems',
        detail: {},
      },
      '2026-11-24T01:00:00.000Z',
    )
  report('1', 'parcel.ordered', '2026-11-23T00:30:00.000Z')
  report('2', 'parcel.cancelled', '2026-11-24T00:00:00.000Z')
  t.match(life.parcels('collect'), [{ state: 'cancelled' }])
  t.equal(life.told().filter((type) => type === 'parcel.cancelled').length, 1)
})
