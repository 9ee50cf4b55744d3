// Reports of a department that come late, again, or in another order than things happened: nobody loses time
// or a right by it.

import t from 'tap'
import type { Limits } from '../../src/domain/clock.ts'
import type { EventDetail } from '../../src/domain/events.ts'
import { ringsOn } from '../../src/domain/ringing.ts'
import { begin, type Life, matter, rulesWith, submission } from './life.ts'

const limits: Limits = {
  acceptance: { days: 5, unit: 'G' },
  decision: { days: 10, unit: 'G' },
  supplement: { days: 5, unit: 'G' },
  specialProcedure: { days: 30, unit: 'Z' },
  warnShare: 0.8,
  supplementTimeout: 'terminate',
}
const rules = rulesWith({ limits: () => limits })
const on = (day: string, time = '02:00:00') => `2026-${day}T${time}.000Z`
const asked: EventDetail = { materials: [{ code: 'M1', reason: '缺少公章' }] }

type Reported = Parameters<Life['report']>[1]

/** A case that its department has, and accepted on the first day unless said otherwise. */
function atWork({ accepted = true, by = rules } = {}) {
  const life = begin(submission(), by)
  life.deliver('submitCase')
  const { id: caseId, system } = life.case('licence')
  const report = (event: Reported, at: string, now = at, detail: EventDetail = {}) =>
    life.tell({ type: 'case.reported', caseId, event, at, system, detail }, now)
  const supplement = (now: string) =>
    life.tell({ type: 'case.supplement-received', caseId, materials: [{ code: 'M1', files: [] }] }, now)
  const ring = (now: string) => life.tell({ type: 'clock.rang', caseId }, now)
  if (accepted) report('case.accepted', on('11-23', '03:00:00'))
  return { life, report, supplement, ring, one: () => life.case('licence') }
}

t.test('the limit of a correction runs from when the applicant can know of it', async (t) => {
  const { report, ring, supplement, one } = atWork()
  report('case.correction-requested', on('11-24'), on('12-07'), { ...asked, limitDays: 5 })
  t.match(one().clock, { of: 'supplement', from: '2026-12-07', dueOn: '2026-12-14' })
  t.match(one().stopped, { of: 'decision', daysLeft: 9 }, "the department's stands still since it asked")
  t.strictSame(ring(on('12-07', '02:01:00')).entries, [])
  t.equal(supplement(on('12-08')).outcome, 'applied')
})

t.test('a further notice gives time anew, and never less than there was', async (t) => {
  const { report, ring, one } = atWork()
  report('case.correction-requested', on('11-24'), on('11-24'), { ...asked, limitDays: 5 })
  report('case.correction-requested', on('12-01'), on('12-01'), { ...asked, limitDays: 15 })
  t.match(one().clock, { from: '2026-12-01', dueOn: '2026-12-22' })
  ring(on('12-02'))
  t.equal(one().state, 'correction-requested')
  report('case.correction-requested', on('12-02'), on('12-02'), { ...asked, limitDays: 2 })
  t.match(one().clock, { dueOn: '2026-12-22' })
  t.equal(ringsOn(one()), '2026-12-17')
})

t.test('what began before its clock leaves no more than the whole limit', async (t) => {
  const { report, supplement, one } = atWork()
  report('case.correction-requested', on('11-24'), on('11-24'), asked)
  supplement(on('11-30'))
  report('case.correction-requested', on('11-25'), on('12-04'), asked)
  t.ok((one().stopped?.daysLeft ?? 0) <= 10)
})

t.test('the same interruption again changes nothing, whatever number it comes under', async (t) => {
  for (const event of ['case.correction-requested', 'case.pre-review-returned'] as const) {
    const { report, supplement, one } = atWork({ accepted: false })
    report(event, on('11-24'), on('11-24'), asked)
    t.equal(report(event, on('11-24'), on('11-24', '02:05:00'), asked).outcome, 'duplicate')
    t.equal(one().round, 1)
    supplement(on('11-25'))
    t.equal(report(event, on('11-24'), on('11-26'), asked).outcome, 'duplicate')
    t.equal(
      report(event, on('11-24', '01:00:00'), on('11-26'), asked).outcome,
      'noted',
      'an older one is late',
    )
    t.match(one(), { state: 'dispatched', round: 1 })
  }
})

t.test('a notice of the same second that asks for something else is another', async (t) => {
  const other: EventDetail = { materials: [{ code: 'M2', reason: '过期' }] }
  const { report, one } = atWork()
  report('case.correction-requested', on('11-24'), on('11-24'), asked)
  t.equal(report('case.correction-requested', on('11-24'), on('11-24'), other).outcome, 'applied')
  t.match(one(), { round: 2, asked: [{ code: 'M2' }] })
  for (const again of [asked, other])
    t.equal(report('case.correction-requested', on('11-24'), on('11-26'), again).outcome, 'duplicate')

  // Some tell the day alone.
  const returned = atWork({ accepted: false })
  returned.report('case.pre-review-returned', on('11-24', '00:00:00'), on('11-24'), asked)
  returned.supplement(on('11-24', '03:00:00'))
  returned.report('case.pre-review-returned', on('11-24', '00:00:00'), on('11-24', '04:00:00'), other)
  t.match(returned.one(), { state: 'pre-review-returned', round: 2, asked: [{ code: 'M2' }] })
})

t.test('a special procedure of which we heard the end first does not begin', async (t) => {
  for (const accepted of [true, false]) {
    const { report, one } = atWork({ accepted })
    const { state } = one()
    report('case.special-procedure-ended', on('11-25'))
    t.equal(report('case.special-procedure-started', on('11-24'), on('11-26')).outcome, 'noted')
    t.equal(one().state, state)
    t.equal(report('case.special-procedure-started', on('11-27')).outcome, 'applied', 'another one does')
  }
})

t.test('an acceptance learnt of during an interruption holds when that is over', async (t) => {
  const overtaken = atWork({ accepted: false })
  overtaken.report('case.correction-requested', on('11-24', '05:00:00'), on('11-24', '05:00:00'), asked)
  overtaken.report('case.accepted', on('11-24', '04:00:00'), on('11-24', '06:00:00'))
  overtaken.supplement(on('11-25'))
  t.match(overtaken.one(), {
    state: 'accepted',
    acceptedAt: on('11-24', '04:00:00'),
    clock: { of: 'decision' },
  })

  const meanwhile = atWork({ accepted: false })
  meanwhile.report('case.special-procedure-started', on('11-24'))
  meanwhile.report('case.accepted', on('11-25'))
  meanwhile.report('case.special-procedure-ended', on('11-26'))
  t.match(meanwhile.one(), { state: 'accepted', clock: { of: 'decision', from: '2026-11-26' } })
})

t.test('a correction that a special procedure interrupts goes on after it', async (t) => {
  const { report, supplement, one } = atWork()
  report('case.correction-requested', on('11-24'), on('11-24'), asked)
  report('case.special-procedure-started', on('11-25'))
  t.equal(supplement(on('11-26')).outcome, 'refused')
  report('case.special-procedure-ended', on('11-27'))
  t.match(one(), { state: 'correction-requested', asked: [{ code: 'M1' }], clock: { of: 'supplement' } })
  t.equal(supplement(on('11-30')).outcome, 'applied')
  t.match(one(), { state: 'accepted', asked: [], clock: { of: 'decision' } })
})

t.test('a special procedure told late takes none of the days that a day of rest had added', async (t) => {
  const { report, one } = atWork({ accepted: false })
  const detail: EventDetail = { ...asked, limitDays: 2, limitUnit: 'Z' }
  report('case.pre-review-returned', on('11-26'), on('11-26'), detail)
  t.equal(one().clock?.dueOn, '2026-11-30', 'Saturday would have been the last day')
  report('case.special-procedure-started', on('11-25'), on('11-27'))
  t.equal(one().setAsideLimit?.daysLeft, 4)
})

t.test(
  'a red card that was shown for want of a report says nothing of the days that were left',
  async (t) => {
    const { life, report, supplement, ring, one } = atWork()
    t.equal(one().clock?.dueOn, '2026-12-07')
    ring(on('12-08'))
    t.equal(one().clock?.card, 'red')
    report('case.correction-requested', on('12-04'), on('12-08', '03:00:00'), asked)
    t.match(one().stopped, { of: 'decision', daysLeft: 1, card: 'yellow' })
    supplement(on('12-09'))
    t.match(one().clock, { of: 'decision', dueOn: '2026-12-10', card: 'yellow' })
    ring(on('12-11'))
    t.match(life.entries.at(-1), { type: 'deadline.passed', data: { clock: 'decision', card: 'red' } })
  },
)

t.test(
  "an applicant's limit that had passed is no longer for a special procedure on a day of rest",
  async (t) => {
    const { supplementTimeout: _, ...lenient } = limits
    const { report, ring, one } = atWork({ by: rulesWith({ limits: () => lenient }) })
    report('case.correction-requested', on('11-24'), on('11-24'), asked)
    ring(on('12-02'))
    t.match(one().clock, { of: 'supplement', card: 'red', dueOn: '2026-12-01' })
    report('case.special-procedure-started', on('12-05'))
    report('case.special-procedure-ended', on('12-05', '03:00:00'))
    t.match(
      one().clock,
      { of: 'supplement', card: 'red', dueOn: '2026-12-04' },
      'Saturday is no day to be late on',
    )
  },
)

t.test('nothing is asked for any more once the department goes on without it', async (t) => {
  const { report, one } = atWork()
  report('case.correction-requested', on('11-24'), on('11-24'), asked)
  report('case.reviewing', on('11-25'))
  t.strictSame(one().asked, [])
})

t.test('acceptance and review in one second are both told', async (t) => {
  const { report, one } = atWork()
  t.equal(report('case.reviewing', on('11-23', '03:00:00')).outcome, 'applied')
  t.equal(report('case.accepted', on('11-23', '03:00:00')).outcome, 'noted')
  t.equal(one().state, 'reviewing')
})

t.test('an acceptance that is told after the review was one, on its own day', async (t) => {
  const { report, one } = atWork({ accepted: false })
  report('case.reviewing', on('11-24'))
  t.equal(report('case.accepted', on('11-23', '03:00:00')).outcome, 'noted')
  t.equal(one().acceptedAt, on('11-23', '03:00:00'))
  report('case.accepted', on('11-23', '04:00:00'))
  t.equal(one().acceptedAt, on('11-23', '03:00:00'), 'the first that was told')
})

t.test('what a result is may be told after it was issued', async (t) => {
  for (const event of ['case.issued', 'case.approved', 'case.closed'] as const)
    for (const type of ['paper', 'electronic'] as const) {
      const registration = () => ({ registry: 'registry', certificateType: 'licence' })
      const life = begin(submission(), rulesWith({ certificates: { maxAgeMs: () => null, registration } }))
      life.deliver('submitCase')
      life.report('licence', 'case.issued')
      const result = { type, name: '许可证', number: '1' }
      const { at } = { at: '2026-11-23T01:30:00.000Z' }
      life.report('licence', event, { at, detail: { result } })
      life.report('licence', event, { at: '2026-11-23T01:40:00.000Z', detail: { result } })
      t.equal(life.parcels('deliver').length, type === 'paper' ? 1 : 0, `${type}, ${event}`)
      t.equal(life.transfers('registerCertificate').length, type === 'paper' ? 0 : 1, `${type}, ${event}`)
    }
})

t.test('a department that reports has the case: what waits behind a dead hand-over goes out', async (t) => {
  for (const end of ['transfer.refused', 'transfer.buried'] as const) {
    const life = begin(submission(), rules)
    life.tell({ type: end, transferId: life.open('submitCase')!.id, code: 'x', reason: '系统错误' })
    life.report('licence', 'case.accepted')
    life.report('licence', 'case.correction-requested', { detail: asked })
    const { id: caseId } = life.case('licence')
    life.tell({ type: 'case.supplement-received', caseId, materials: [{ code: 'M1', files: [] }] })
    t.match(life.transfers('submitCase'), [{ state: 'cancelled', reason: 'department-has-it' }])
    t.equal(life.open('supplementCase')?.state, 'due')
    t.notOk(life.case('licence').turnedAway)
  }
})

t.test('nor is its hand-over dead when it reports before that has ended', async (t) => {
  for (const end of ['transfer.refused', 'transfer.buried'] as const)
    for (const doubt of [{}, { inDoubt: true }] as const) {
      const life = begin(submission(), rules)
      const { id: transferId } = life.open('submitCase')!
      life.report('licence', 'case.correction-requested', { detail: asked })
      const { id: caseId } = life.case('licence')
      life.tell({ type: 'case.supplement-received', caseId, materials: [{ code: 'M1', files: [] }] })
      t.equal(life.open('supplementCase')?.state, 'held')
      life.tell({ type: end, transferId, code: 'x', reason: '系统错误', ...doubt })
      t.match(life.transfers('submitCase'), [{ state: 'cancelled', reason: 'department-has-it' }])
      t.equal(life.open('supplementCase')?.state, 'due')
      t.notOk(life.case('licence').turnedAway)
    }
})

t.test('what a refusal brings along is no material of the next matter', async (t) => {
  const cases = [matter('licence'), matter('food', { after: ['licence'] })]
  const life = begin(submission({ cases }), rules)
  life.deliver('submitCase')
  life.report('licence', 'case.approved')
  life.report('licence', 'case.terminated', {
    detail: { result: { type: 'electronic', name: '终止通知书', number: '1' } },
  })
  t.notOk(life.told().includes('material.result-attached'))
})
