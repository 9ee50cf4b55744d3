// A carrier is told why an order is taken back: what really ended the case.

import t from 'tap'
import { compose } from '../../src/delivery/compose.ts'
import { begin, type Life, material, matter, rulesWith, submission } from '../domain/life.ts'

const rules = rulesWith({
  limits: () => ({
    supplement: { days: 3, unit: 'G' },
    appointment: { days: 3, unit: 'G' },
    warnShare: 1,
    supplementTimeout: 'terminate',
    appointmentTimeout: 'terminate',
  }),
})

/** A restaurant by appointment, with a paper for each of its matters in the post. */
const life = (): Life =>
  begin(
    submission({
      cases: [
        matter('licence', { mode: 'appointment', waitsForAttendance: true }),
        matter('food', { after: ['licence'] }),
      ],
      materials: [material('deed', 'paper'), material('plan', 'paper', { matters: ['food'] })],
    }),
    rules,
  )

/** What the carrier is told of the parcel of that matter. */
function told(one: Life, code: string): string {
  const { id } = one.state.parcels.find(({ caseId }) => caseId === one.case(code).id)!
  const transfer = one.transfers('cancelOrder').find(({ about }) => 'parcel' in about && about.parcel === id)!
  const context = {
    aggregate: one.state,
    document: {},
    contract: () => undefined,
    certificateName: (type: string) => type,
    department: () => undefined,
  }
  return (compose(transfer, context) as { reason: string }).reason
}

t.test('an applicant who withdraws, and a matter that ends with another', async (t) => {
  const one = life()
  one.tell({ type: 'case.withdrawal-asked', caseId: one.case('licence').id, reason: '不办了' })
  t.equal(told(one, 'licence'), '申请人撤回')
  t.equal(told(one, 'food'), '前序事项未获通过，办件已终止')
})

t.test('an appointment that nobody booked again', async (t) => {
  const one = life()
  const caseId = one.case('licence').id
  const at = '2026-11-23T09:00:00+08:00'
  one.tell({ type: 'appointment.reported', caseId, outcome: 'missed', at })
  one.tell({ type: 'clock.rang', caseId }, '2026-12-01T00:00:00.000Z')
  t.equal(told(one, 'licence'), '申请人逾期未重新预约，办件已终止')
})

t.test('a correction that nobody answered', async (t) => {
  const one = life()
  one.report('licence', 'case.correction-requested')
  one.tell({ type: 'clock.rang', caseId: one.case('licence').id }, '2026-12-01T00:00:00.000Z')
  t.equal(told(one, 'licence'), '申请人逾期未补正，办件已终止')
})
