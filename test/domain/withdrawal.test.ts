// Withdrawal: possible until there is a decision, and told to a department that may know of the case.

import t from 'tap'
import { type CaseEvent, caseTable } from '../../src/domain/case-states.ts'
import { begin, certificate, type Life, material, matter, NOW, rulesWith, submission } from './life.ts'

const withdraw = (life: Life) =>
  life.tell({ type: 'case.withdrawal-asked', caseId: life.case('licence').id, reason: '不办了' })

const withdrawAll = (life: Life) => life.tell({ type: 'submission.withdrawal-asked', reason: '不办了' })

const ways: Record<string, CaseEvent[]> = {
  dispatched: ['case.dispatched'],
  'pre-review-returned': ['case.pre-review-returned'],
  accepted: ['case.accepted'],
  'correction-requested': ['case.correction-requested'],
  'special-procedure': ['case.special-procedure-started'],
  reviewing: ['case.reviewing'],
  approved: ['case.approved'],
  denied: ['case.denied'],
  issued: ['case.issued'],
  rejected: ['case.rejected'],
  terminated: ['case.terminated'],
  closed: ['case.closed'],
}

for (const [state, events] of Object.entries(ways)) {
  const possible =
    caseTable['case.withdrawn'][state as keyof (typeof caseTable)['case.withdrawn']] === 'apply'
  t.test(
    `a case that is ${state} ${possible ? 'is withdrawn and its department told' : 'can no longer be withdrawn'}`,
    async (t) => {
      const life = begin()
      life.deliver('submitCase')
      for (const event of events) life.report('licence', event)
      t.equal(life.case('licence').state, state)
      const { outcome, reason } = withdraw(life)
      if (!possible) {
        t.equal(outcome, 'refused')
        t.match(reason, { zh: /不能再撤回/, en: /no longer be withdrawn/ })
        return
      }
      t.equal(outcome, 'applied')
      t.match(life.case('licence'), { state: 'withdrawn', reason: '不办了' })
      t.match(life.transfers('withdrawCase'), [{ state: 'due', about: { withdrawal: '不办了' } }])
      t.equal(life.state.submission.state, 'refused')
    },
  )
}

t.test('a case that was never sent is withdrawn without a word to the department', async (t) => {
  const life = begin(submission({ materials: [certificate('C1')] }))
  t.equal(withdraw(life).outcome, 'applied')
  t.strictSame(life.transfers('withdrawCase'), [])
  const transferId = life.transfers('obtainCertificate')[0]!.id
  life.tell({ type: 'transfer.delivered', transferId, receipt: {} })
  t.strictSame(life.transfers('submitCase'), [], 'a certificate that arrives later sends nothing')
})

t.test('a withdrawal never overtakes the case that is still on its way', async (t) => {
  const life = begin()
  withdraw(life)
  t.equal(life.open('withdrawCase')?.state, 'held')
  life.deliver('submitCase')
  t.equal(life.case('licence').state, 'withdrawn')
  t.equal(life.open('withdrawCase')?.state, 'due')
})

t.test('a supplement that has not gone out is cancelled', async (t) => {
  const life = begin()
  life.deliver('submitCase')
  life.report('licence', 'case.correction-requested')
  const { id } = life.case('licence')
  life.tell({ type: 'case.supplement-received', caseId: id, materials: [] })
  withdraw(life)
  t.match(life.transfers('supplementCase'), [{ state: 'cancelled', reason: 'withdrawn' }])
  t.equal(life.open('withdrawCase')?.state, 'due')
})

t.test('a supplement that does not reach a case that is over waits for no person', async (t) => {
  for (const end of ['transfer.refused', 'transfer.buried'] as const)
    for (const order of ['dead, then over', 'over, then refused'] as const) {
      const life = begin()
      life.deliver('submitCase')
      life.report('licence', 'case.correction-requested')
      const { id: caseId } = life.case('licence')
      life.tell({ type: 'case.supplement-received', caseId, materials: [] })
      const transferId = life.open('supplementCase')!.id
      const fail = () => life.tell({ type: end, transferId, code: 'E1', reason: '系统错误' })
      const over = () => life.report('licence', 'case.closed')
      if (order === 'dead, then over') t.equal(fail().aggregate.transfers.at(-1)?.state, 'dead')
      over()
      if (order === 'over, then refused') fail()
      t.match(life.transfers('supplementCase'), [{ state: 'cancelled', reason: 'case-is-over' }], order)
    }
})

const refuse = (life: Life, doubt: { inDoubt?: true } = {}) => {
  const transferId = life.open('submitCase')!.id
  life.tell({ type: 'transfer.refused', transferId, code: 'E1', reason: '事项不予接收', ...doubt })
  return transferId
}

t.test(
  'a case that its department refused is withdrawn without a word, and no person has to act',
  async (t) => {
    const before = begin()
    refuse(before)
    t.match(before.case('licence'), { state: 'pending', turnedAway: true })
    withdraw(before)
    t.match(before.transfers('submitCase'), [{ state: 'cancelled', reason: 'withdrawn' }])

    const after = begin()
    withdraw(after)
    t.equal(after.open('withdrawCase')?.state, 'held')
    refuse(after)
    t.match(after.transfers('submitCase'), [{ state: 'refused', reason: '事项不予接收' }])
    for (const life of [before, after]) {
      t.notOk(life.open('submitCase'))
      t.notOk(life.open('withdrawCase'))
      t.equal(life.case('licence').state, 'withdrawn')
    }
  },
)

t.test('where nobody knows whether the department has it, it is withdrawn in order', async (t) => {
  for (const happens of ['refused in doubt', 'buried'] as const) {
    const life = begin()
    const transferId = life.open('submitCase')!.id
    if (happens === 'buried') life.tell({ type: 'transfer.buried', transferId, reason: 'nonsense' })
    else refuse(life, { inDoubt: true })
    withdraw(life)
    t.equal(life.open('submitCase')?.state, 'dead', happens)
    t.equal(life.open('withdrawCase')?.state, 'held', happens)
    life.tell({ type: 'transfer.revived', transferId, by: 'op', reason: '' })
    life.deliver('submitCase')
    t.equal(life.open('withdrawCase')?.state, 'due', happens)
  }
})

t.test('what was refused and then sent again is no longer known as refused', async (t) => {
  const life = begin()
  const transferId = refuse(life)
  life.tell({ type: 'transfer.revived', transferId, by: 'op', reason: '' })
  t.equal(life.case('licence').turnedAway, undefined)
  withdraw(life)
  t.equal(life.open('withdrawCase')?.state, 'held', 'it is on its way once more')
})

t.test(
  'a department that has reported has the case, whatever it said of taking it: it is told',
  async (t) => {
    const life = begin()
    refuse(life)
    life.report('licence', 'case.accepted')
    withdraw(life)
    t.match(life.transfers('submitCase'), [{ state: 'cancelled' }])
    t.equal(life.open('withdrawCase')?.state, 'due')
  },
)

t.test(
  'registries are not asked for cases that are over, nor is a refusal of theirs kept for a person',
  async (t) => {
    const shared = certificate('C1', { matters: ['licence', 'water'] })
    const life = begin(
      submission({
        cases: [matter('licence'), matter('water'), matter('food', { after: ['licence'] })],
        materials: [shared, certificate('C2'), certificate('C3', { matters: ['food'] })],
      }),
    )
    const [first, second] = life.transfers('obtainCertificate')
    life.tell({ type: 'transfer.refused', transferId: second!.id, code: 'E1', reason: '格式错误' })
    const states = () => life.transfers('obtainCertificate').map(({ state }) => state)
    t.strictSame(states(), ['due', 'dead', 'due'])
    withdraw(life)
    t.strictSame(states(), ['due', 'cancelled', 'cancelled'], 'one is still needed')
    withdrawAll(life)
    t.strictSame(states(), ['cancelled', 'cancelled', 'cancelled'])
    const late = { type: 'transfer.delivered', transferId: first!.id, receipt: {} } as const
    t.equal(life.tell(late).outcome, 'duplicate', 'an answer under way is not kept')
  },
)

t.test('a refused hand-over needs no person once the department has ended the case by itself', async (t) => {
  const [before, after] = [begin(), begin()]
  refuse(before)
  before.report('licence', 'case.closed')
  t.match(before.transfers('submitCase'), [{ state: 'cancelled', reason: 'case-is-over' }])
  after.report('licence', 'case.closed')
  refuse(after)
  t.match(after.transfers('submitCase'), [{ state: 'refused' }])
})

t.test('withdrawing twice changes nothing', async (t) => {
  const life = begin()
  withdraw(life)
  const before = life.state
  t.equal(withdraw(life).outcome, 'duplicate')
  t.equal(life.state, before)
})

t.test('matters that waited for a withdrawn one end with it', async (t) => {
  const life = begin(submission({ cases: [matter('licence'), matter('food', { after: ['licence'] })] }))
  withdraw(life)
  t.match(life.case('food'), { state: 'terminated', reason: 'upstream-refused' })
})

t.test('paper that arrives for a withdrawn case does not send it', async (t) => {
  const life = begin(submission({ materials: [material('P1', 'paper', { holdsCase: true })] }))
  withdraw(life)
  const parcelId = life.state.parcels[0]!.id
  const event = 'parcel.delivered'
  const at = NOW
  life.tell({ type: 'parcel.reported', parcelId, eventId: '1', event, at, system: 'ems', detail: {} })
  t.strictSame(life.transfers('submitCase'), [])
})

const withPaper = () => begin(submission({ materials: [material('P1', 'paper', { holdsCase: true })] }))

t.test('the collection that was ordered for a withdrawn case is taken back', async (t) => {
  const life = withPaper()
  life.deliver('createOrder', { reference: 'EMS-1' })
  withdraw(life)
  t.match(life.open('cancelOrder'), { state: 'due', system: 'ems' })
  life.deliver('cancelOrder')
  t.equal(life.state.parcels[0]!.state, 'cancelled')
})

t.test('an order still under way is cancelled behind it', async (t) => {
  const life = withPaper()
  withdraw(life)
  t.equal(life.open('cancelOrder')?.state, 'held')
  life.deliver('createOrder', { reference: 'EMS-1' })
  t.equal(life.open('cancelOrder')?.state, 'due')
})

t.test('an order that never went out, for want of a contract, ends with the case', async (t) => {
  const life = begin(
    submission({ materials: [material('P1', 'paper', { holdsCase: true })] }),
    rulesWith({ postal: () => ({ missing: 'no contract' }) }),
  )
  withdraw(life)
  t.match(life.transfers('createOrder'), [{ state: 'cancelled' }])
  t.equal(life.state.parcels[0]!.state, 'cancelled')
  t.strictSame(life.transfers('cancelOrder'), [])
})

t.test('what the carrier has collected already is not called back', async (t) => {
  const life = withPaper()
  life.deliver('createOrder', { reference: 'EMS-1' })
  const parcelId = life.state.parcels[0]!.id
  const event = 'parcel.collected'
  const at = NOW
  life.tell({ type: 'parcel.reported', parcelId, eventId: '1', event, at, system: 'ems', detail: {} })
  withdraw(life)
  t.strictSame(life.transfers('cancelOrder'), [])
})

for (const [first, second] of [
  ['collected', 'refused'],
  ['refused', 'collected'],
] as const) {
  t.test(`a recall that comes too late needs no person: ${first}, then ${second}`, async (t) => {
    const life = withPaper()
    life.deliver('createOrder', { reference: 'EMS-1' })
    withdraw(life)
    const parcelId = life.state.parcels[0]!.id
    const { id } = life.open('cancelOrder')!
    const happens = {
      collected: () =>
        life.tell({
          type: 'parcel.reported',
          parcelId,
          eventId: '1',
          event: 'parcel.collected',
          at: NOW,
          system: 'ems',
          detail: {},
        }),
      refused: () =>
        life.tell({ type: 'transfer.refused', transferId: id, code: 'B00001', reason: '已收寄' }),
    }
    happens[first]()
    happens[second]()
    t.match(life.transfers('cancelOrder'), [{ state: 'refused', reason: 'collected-already' }])
    t.equal(life.state.parcels[0]!.state, 'collected', 'the parcel goes its way')
  })
}

t.test('a recall that is refused though nothing was collected waits for a person', async (t) => {
  const life = withPaper()
  life.deliver('createOrder', { reference: 'EMS-1' })
  withdraw(life)
  const { id } = life.open('cancelOrder')!
  life.tell({ type: 'transfer.refused', transferId: id, code: 'B00001', reason: '客户号无效' })
  t.match(life.transfers('cancelOrder'), [{ state: 'dead', reason: '客户号无效' }])
})

t.test('a whole submission is withdrawn as far as it still can be', async (t) => {
  const life = begin(
    submission({
      cases: [matter('licence'), matter('food', { after: ['licence'] }), matter('water'), matter('seal')],
    }),
  )
  life.report('water', 'case.approved')
  life.report('seal', 'case.denied')
  t.equal(withdrawAll(life).outcome, 'applied')
  t.strictSame(
    life.state.cases.map(({ matter: { code }, state }) => `${code} ${state}`),
    ['licence withdrawn', 'food withdrawn', 'water approved', 'seal denied'],
  )
  t.equal(life.transfers('withdrawCase').length, 1, 'food never went out')
  const before = life.state
  t.equal(withdrawAll(life).outcome, 'duplicate')
  t.equal(life.state, before)
})

t.test('a submission that has nothing left to withdraw says so', async (t) => {
  const life = begin()
  life.report('licence', 'case.issued')
  t.match(withdrawAll(life), { outcome: 'refused', reason: { en: /none of its cases/, zh: /不能再撤回/ } })
})
