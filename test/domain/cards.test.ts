// After the red card: the end of a correction that nobody answered, or one escalation after the other.

import t from 'tap'
import type { Limits } from '../../src/domain/clock.ts'
import { cardRingsOn } from '../../src/domain/clock.ts'
import { begin, certificate, type Life, material, matter, rulesWith, submission } from './life.ts'

const limits: Limits = {
  acceptance: { days: 5, unit: 'G' },
  decision: { days: 10, unit: 'G' },
  supplement: { days: 5, unit: 'G' },
  warnShare: 0.8,
  escalation: [1, 3],
  supplementTimeout: 'terminate',
}
const timed = (change: Partial<Limits> = {}) =>
  rulesWith({ limits: () => ({ ...limits, ...change }), subscribes: () => true })
const ring = (life: Life, day: string, code = 'licence') =>
  life.tell(
    { type: 'clock.rang', caseId: life.case(code).id },
    new Date(`${day}T00:00:01+08:00`).toISOString(),
  )
const cards = (life: Life) => life.entries.filter(({ type }) => type.startsWith('deadline.'))

/** Accepted on Monday, 23 November 2026, asked for more on the same day: until the 30th. */
function asked(change: Partial<Limits> = {}, received = submission()): Life {
  const life = begin(received, timed(change))
  life.deliver('submitCase')
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.correction-requested', { detail: { materials: [{ code: 'M1', reason: '' }] } })
  return life
}
const supply = (life: Life, code = 'licence') =>
  life.tell({
    type: 'case.supplement-received',
    caseId: life.case(code).id,
    materials: [{ code: 'M1', files: [] }],
  })

t.test('a correction that nobody answers in time ends the case, and its department is told', async (t) => {
  const life = asked()
  t.equal(ring(life, '2026-12-01').outcome, 'applied')
  t.match(life.case('licence'), {
    state: 'terminated',
    reason: 'supplement-timeout',
    supplementDueOn: '2026-11-30',
  })
  t.strictSame(
    life.entries.slice(-2).map(({ type }) => type),
    ['deadline.passed', 'case.terminated'],
    'after the red card',
  )
  t.match(life.transfers('withdrawCase'), [{ about: { withdrawal: '申请人逾期未补正' } }])
  t.equal(cardRingsOn(life.case('licence')), null)
  t.equal(life.state.submission.state, 'refused')
})

t.test('a supplement after that is refused with the day it was due', async (t) => {
  const life = asked()
  ring(life, '2026-12-01')
  const before = life.state
  t.match(supply(life), {
    outcome: 'refused',
    reason: { en: /answered by 2026-11-30/, zh: /补正期限为 2026-11-30，逾期未补正/ },
  })
  t.equal(life.state, before)
})

t.test('what depends on a case that timed out, and its post, end with it', async (t) => {
  const life = begin(
    submission({
      cases: [matter('licence'), matter('food', { after: ['licence'] })],
      materials: [material('P1', 'paper'), certificate('C1')],
    }),
    timed(),
  )
  life.tell({
    type: 'transfer.refused',
    transferId: life.open('obtainCertificate')!.id,
    code: 'certificate-not-found',
    reason: '未查到证照',
  })
  t.match(
    life.case('licence').clock,
    { of: 'supplement', dueOn: '2026-11-30' },
    'asked by the gateway itself',
  )
  ring(life, '2026-12-01')
  t.match(life.case('licence'), { state: 'terminated', reason: 'supplement-timeout' })
  t.match(life.case('food'), { state: 'terminated', reason: 'upstream-refused' })
  t.strictSame(life.transfers('withdrawCase'), [], 'the department never knew of it')
  t.match(life.open('cancelOrder'), { about: { parcel: life.state.parcels[0]!.id } })
})

t.test('where the city decides so, a correction that is late only shows its cards', async (t) => {
  const life = asked({ supplementTimeout: 'none' })
  ring(life, '2026-12-01')
  t.match(life.case('licence'), { state: 'correction-requested', clock: { card: 'red' } })
  t.equal(supply(life).outcome, 'applied')
})

t.test('a supplement in time stops its clock, and the department’s goes on', async (t) => {
  const life = asked()
  supply(life)
  t.match(life.case('licence').clock, { of: 'decision' })
})

t.test('what stays red is escalated, level by level, until the case moves', async (t) => {
  const life = begin(submission(), timed())
  life.deliver('submitCase')
  t.equal(life.case('licence').clock?.dueOn, '2026-11-30')
  ring(life, '2026-12-01')
  t.equal(cardRingsOn(life.case('licence')), '2026-12-02', 'one working day after the last')
  t.equal(ring(life, '2026-12-01').outcome, 'duplicate')
  ring(life, '2026-12-02')
  t.equal(ring(life, '2026-12-03').outcome, 'duplicate')
  t.equal(ring(life, '2026-12-04').outcome, 'applied')
  t.equal(cardRingsOn(life.case('licence')), null, 'there is no further level')
  t.match(cards(life), [
    { type: 'deadline.passed', data: { clock: 'acceptance', card: 'red' } },
    { type: 'deadline.escalated', data: { clock: 'acceptance', level: 1, dueOn: '2026-11-30' } },
    { type: 'deadline.escalated', data: { level: 2 } },
  ])
  life.report('licence', 'case.accepted', { at: '2026-12-04T02:00:00Z' })
  t.match(life.case('licence').clock, { of: 'decision' })
  t.equal(life.case('licence').clock?.level, undefined)
})

t.test('a correction does not forget how far its case was escalated', async (t) => {
  const life = begin(submission(), timed())
  life.deliver('submitCase')
  life.report('licence', 'case.accepted')
  ring(life, '2026-12-08')
  ring(life, '2026-12-09')
  life.report('licence', 'case.correction-requested', { at: '2026-12-09T02:00:00Z' })
  t.match(life.case('licence').stopped, { card: 'red', level: 1, daysLeft: 0 })
  life.tell(
    { type: 'case.supplement-received', caseId: life.case('licence').id, materials: [] },
    '2026-12-10T02:00:00Z',
  )
  t.match(life.case('licence').clock, {
    card: 'red',
    level: 1,
    dueOn: '2026-12-10',
    escalateOn: '2026-12-16',
  })
})

t.test('one notice says everything; one more in the same stage is told as repeated', async (t) => {
  const life = begin(submission(), timed({ notices: 1 }))
  life.deliver('submitCase')
  const notices = () =>
    life.entries.filter(({ type }) => type === 'case.correction-requested').map(({ data }) => data)
  const ask = () => life.report('licence', 'case.correction-requested')
  ask()
  supply(life)
  ask()
  supply(life)
  life.report('licence', 'case.accepted')
  ask()
  t.match(notices(), [{ round: 1 }, { round: 2, repeated: true }, { round: 3 }])
  t.strictSame(
    notices().map((one) => one.repeated === true),
    [false, true, false],
    'after the acceptance a new stage begins',
  )
  t.strictSame(life.case('licence').notices, { acceptance: 2, decision: 1 })
})
