// Dead letters that a person closes instead of sending them again.

import t from 'tap'
import type { Rules } from '../../src/domain/decide.ts'
import { begin, callingBack, certificate, matter, rulesWith, submission } from './life.ts'

const by = { by: 'op', reason: '电话核实' }

t.test('a person who found out that the department has the case vouches for it, by its number', async (t) => {
  const life = begin(submission(), callingBack)
  const { id } = life.open('submitCase')!
  t.match(life.tell({ type: 'transfer.vouched', transferId: id, ...by }), {
    outcome: 'refused',
    reason: { zh: '只有死信可以人工办结' },
  })
  life.tell({ type: 'transfer.buried', transferId: id, reason: 'not understood' })
  life.tell({ type: 'transfer.vouched', transferId: id, ...by, reference: 'D-77' })
  t.match(life.case('licence'), { state: 'dispatched', reference: 'D-77' })
  t.equal(life.open('submitCase'), undefined)
  t.match(life.entries.find(({ type }) => type === 'transfer.vouched')?.data, {
    transfer: id,
    operation: 'submitCase',
    ...by,
    reference: 'D-77',
  })
  t.equal(life.tell({ type: 'transfer.vouched', transferId: id, ...by }).outcome, 'duplicate')
})

t.test('what somebody waits for cannot be given up', async (t) => {
  const life = begin()
  const { id } = life.open('submitCase')!
  life.tell({ type: 'transfer.buried', transferId: id, reason: 'not understood' })
  t.match(life.tell({ type: 'transfer.given-up', transferId: id, ...by }), {
    outcome: 'refused',
    reason: { zh: /必须送达/ },
  })
  t.equal(life.open('submitCase')?.state, 'dead')
})

t.test('a callback that is given up frees the ones behind it', async (t) => {
  const life = begin(submission(), callingBack)
  life.deliver('submitCase')
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.approved')
  const held = life.state.transfers.find(
    ({ operation, state }) => operation === 'notify' && state === 'held',
  )!
  const first = life.state.transfers.find(({ lane, state }) => lane === held.lane && state === 'due')!
  const stateOf = (id: string) => life.state.transfers.find((one) => one.id === id)?.state
  life.tell({ type: 'transfer.buried', transferId: first.id, reason: '410 Gone' })
  t.equal(stateOf(held.id), 'held')
  life.tell({ type: 'transfer.given-up', transferId: first.id, ...by })
  t.strictSame([stateOf(first.id), stateOf(held.id)], ['cancelled', 'due'])
})

t.test('of a question to a registry that is given up, the applicant is asked for the document', async (t) => {
  const life = begin(
    submission({ cases: [matter('licence')], materials: [certificate('id-card')] }),
    callingBack,
  )
  const { id } = life.open('obtainCertificate')!
  life.tell({ type: 'transfer.buried', transferId: id, reason: 'unknown code 9' })
  t.match(life.tell({ type: 'transfer.vouched', transferId: id, ...by }), {
    outcome: 'refused',
    reason: { zh: /不能由人工认定/ },
  })
  life.tell({ type: 'transfer.given-up', transferId: id, ...by })
  t.equal(life.open('obtainCertificate'), undefined)
  t.match(life.case('licence'), {
    state: 'pending',
    waits: [{ for: 'supplement', material: 'id-card' }],
  })
})

const collecting = submission({
  post: { collect: true, deliver: false },
  materials: [
    {
      code: 'lease',
      name: '租赁合同',
      source: 'paper',
      matters: ['licence'],
      files: [],
      holdsCase: true,
    },
  ],
})

t.test('an order is vouched for by its waybill', async (t) => {
  const life = begin(collecting)
  const { id } = life.open('createOrder')!
  life.tell({ type: 'transfer.buried', transferId: id, reason: 'no answer' })
  t.match(life.tell({ type: 'transfer.vouched', transferId: id, ...by }), {
    outcome: 'refused',
    reason: { zh: /运单号/ },
  })
  life.tell({ type: 'transfer.vouched', transferId: id, ...by, reference: '1100000000001' })
  t.match(life.state.parcels, [{ state: 'ordered', reference: '1100000000001' }])
})

t.test('an order that no carrier had goes to the one the county has now, or nowhere', async (t) => {
  let contract: ReturnType<Rules['postal']> = { missing: 'no postal contract' }
  const rules = rulesWith({ postal: () => contract })
  const life = begin(collecting, rules)
  const { id } = life.open('createOrder')!
  const vouched = { type: 'transfer.vouched', transferId: id, ...by, reference: '1100000000001' } as const
  t.match(life.tell(vouched), { outcome: 'refused', reason: { zh: /没有可承运/ } })
  contract = { system: 'ems', customerNumber: '90000001' }
  t.equal(life.tell(vouched).outcome, 'applied')
  t.match(life.state.parcels, [{ state: 'ordered', system: 'ems', reference: '1100000000001' }])
})

t.test('an order that was refused, and is there after all, was not turned away', async (t) => {
  const life = begin(collecting)
  const { id } = life.open('createOrder')!
  life.tell({ type: 'transfer.refused', transferId: id, code: '9', reason: '地址超区' })
  t.equal(life.state.parcels[0]?.turnedAway, true)
  life.tell({ type: 'transfer.vouched', transferId: id, ...by, reference: '1100000000001' })
  t.notOk(life.state.parcels[0]?.turnedAway)
})
