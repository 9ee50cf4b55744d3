// Papers that stay too long with somebody: one alarm a hand-over, ended by the next, in working days.

import t from 'tap'
import type { DomainEvent, ParcelEvent, SubmissionReceived } from '../../src/domain/events.ts'
import type { CustodyLimits } from '../../src/domain/paper.ts'
import { ringsOn } from '../../src/domain/ringing.ts'
import { after, begin, type Life, material, matter, NOW, rulesWith, submission } from './life.ts'

const custody: CustodyLimits = { applicantDays: 5, windowDays: 2, carrierDays: 3, departmentDays: 4 }
const rules = rulesWith({ custody, subscribes: () => true })
const window = { kind: 'window', hall: '410204-01', window: '01' } as const
const carrier = { kind: 'carrier', system: 'ems' } as const

/** Monday, 23 November 2026. */
const byAgent = (change: Partial<SubmissionReceived> = {}, more: Partial<CustodyLimits> = {}): Life =>
  begin(
    submission({ materials: [material('deed', 'paper', { takenIn: { by: window, at: NOW } })], ...change }),
    { ...rules, custody: { ...custody, ...more } },
  )

const rings = (life: Life) => ringsOn(life.state.cases[0]!)
const awaits = (life: Life) => life.state.cases[0]!.papers?.[0]?.awaits
const ring = (life: Life, day: string) =>
  life.tell(
    { type: 'clock.rang', caseId: life.state.cases[0]!.id },
    new Date(`${day}T08:00:00+08:00`).toISOString(),
  )
const overdue = (life: Life) => life.entries.filter(({ type }) => type === 'custody.overdue')
const post = (life: Life, day: string) =>
  life.tell(
    {
      type: 'material.handed-over',
      papers: [{ material: 'deed' }],
      from: window,
      to: carrier,
      at: `${day}T09:00:00+08:00`,
      by: 'client:city-platform',
    },
    `${day}T09:30:00+08:00`,
  )
const arrive = (life: Life, day: string) => {
  const at = `${day}T15:00:00+08:00`
  life.tell(
    {
      type: 'parcel.reported',
      parcelId: life.state.parcels[0]!.id,
      eventId: 'delivered',
      event: 'parcel.delivered',
      at,
      system: 'ems',
      detail: {},
    },
    new Date(at).toISOString(),
  )
}

t.test(
  'a window that does not send on what it took in raises one alarm, and the next link ends it',
  async (t) => {
    const life = byAgent()
    t.match(awaits(life), { from: 'window', since: '2026-11-23', days: 2, dueOn: '2026-11-25' })
    t.equal(rings(life), '2026-11-26')
    t.equal(ring(life, '2026-11-25').outcome, 'duplicate', 'not before its time')
    t.equal(ring(life, '2026-11-26').outcome, 'applied')
    t.match(overdue(life), [
      {
        caseId: life.state.cases[0]!.id,
        data: { material: 'deed', heldBy: 'window', dueOn: '2026-11-25', days: 2 },
      },
    ])
    const alarm = overdue(life)[0]!.id
    t.equal(awaits(life)?.alarm, alarm)
    t.equal(rings(life), null)
    t.equal(ring(life, '2026-11-30').outcome, 'duplicate', 'once')
    post(life, '2026-11-30')
    t.match(awaits(life), { from: 'carrier', since: '2026-11-30', dueOn: '2026-12-03' })
    t.equal(awaits(life)?.alarm, undefined)
    const ended = life.entries.findLast(({ type }) => type === 'material.handed-over')
    t.equal(ended?.data.alarm, alarm, 'the link says which alarm it ends')
  },
)

t.test('the carrier’s days end with the delivery, and nothing rings any more', async (t) => {
  const life = byAgent()
  post(life, '2026-11-24')
  t.equal(rings(life), '2026-11-28')
  arrive(life, '2026-11-26')
  t.equal(awaits(life), undefined)
  t.equal(rings(life), null)
})

t.test('a parcel that does not arrive is called for by its carrier’s limit', async (t) => {
  const life = byAgent()
  post(life, '2026-11-27')
  t.equal(awaits(life)?.dueOn, '2026-12-02', 'the weekend does not count')
  ring(life, '2026-12-03')
  t.match(overdue(life), [{ data: { heldBy: 'carrier' } }])
  arrive(life, '2026-12-04')
  t.equal(awaits(life), undefined)
})

t.test('an applicant whose paper is fetched at home is waited for from the order on', async (t) => {
  const life = begin(submission({ materials: [material('deed', 'paper')] }), rules)
  t.match(awaits(life), { from: 'applicant', dueOn: '2026-11-30' })
  const unposted = begin(
    submission({ materials: [material('deed', 'paper')], post: { collect: false, deliver: false } }),
    rules,
  )
  t.equal(rings(unposted), null, 'who brings it himself is not watched')
})

t.test('a result on paper must leave its department, and arrive', async (t) => {
  const life = byAgent({ materials: [], cases: [matter('licence', { paperResult: true })] })
  life.report('licence', 'case.issued')
  t.match(awaits(life), { from: 'department', dueOn: '2026-11-27' })
  ring(life, '2026-11-30')
  t.match(overdue(life), [{ data: { result: 'licence', heldBy: 'department' } }])
})

t.test('where it is asked for, a department must confirm what the carrier says it delivered', async (t) => {
  const life = byAgent({}, { receiptDays: 1 })
  post(life, '2026-11-24')
  arrive(life, '2026-11-25')
  t.match(awaits(life), { from: 'department', since: '2026-11-25', dueOn: '2026-11-26' })
  const receipt: DomainEvent = {
    type: 'material.handed-over',
    papers: [{ material: 'deed' }],
    from: carrier,
    to: { kind: 'department', system: 'licence' },
    at: '2026-11-25T16:00:00+08:00',
    by: 'system:licence',
  }
  t.equal(life.tell(receipt, '2026-11-25T16:01:00+08:00').outcome, 'applied')
  t.equal(awaits(life), undefined)
})

t.test('the earlier of the case’s limit and its papers’ is the day it rings', async (t) => {
  const limits = () => ({ acceptance: { days: 1, unit: 'G' as const }, warnShare: 1 })
  const life = begin(
    submission({ materials: [material('deed', 'paper', { takenIn: { by: window, at: NOW } })] }),
    { ...rules, limits },
  )
  life.deliver('submitCase')
  t.equal(rings(life), '2026-11-24')
  ring(life, '2026-11-25')
  t.ok(life.told().includes('deadline.passed'))
  t.equal(rings(life), '2026-11-26')
  ring(life, '2026-11-26')
  t.equal(overdue(life).length, 1)
})

t.test('nobody waits for the paper of a case that is over, but for one under way', async (t) => {
  const kept = byAgent()
  kept.tell({ type: 'case.withdrawal-asked', caseId: kept.state.cases[0]!.id, reason: '不办了' })
  t.equal(rings(kept), null)
  const sent = byAgent()
  post(sent, '2026-11-24')
  sent.tell({ type: 'case.withdrawal-asked', caseId: sent.state.cases[0]!.id, reason: '不办了' })
  t.equal(rings(sent), '2026-11-28')
})

t.test('a scan given in place of the paper ends the waiting, quietly', async (t) => {
  const life = begin(submission({ materials: [material('deed', 'paper')] }), rules)
  life.deliver('submitCase')
  life.report('licence', 'case.correction-requested', {
    detail: { materials: [{ code: 'deed', reason: '' }] },
  })
  life.tell({
    type: 'case.supplement-received',
    caseId: life.state.cases[0]!.id,
    materials: [{ code: 'deed', files: [] }],
  })
  ring(life, '2026-12-01')
  t.strictSame(overdue(life), [])
  t.equal(rings(life), null, 'it is not looked at for ever')
})

t.test('a paper that came back and is handed in once more is watched once more', async (t) => {
  const both = ['deed', 'plan'].map((code) => material(code, 'paper', { holdsCase: true }))
  const life = begin(submission({ materials: both }), rules)
  const deed = { type: 'material.handed-over', papers: [{ material: 'deed' }] } as const
  const by = 'client:city-platform'
  const track = (event: ParcelEvent, at: string) =>
    life.tell({
      ...{ type: 'parcel.reported', parcelId: life.state.parcels[0]!.id, eventId: event, event, at },
      ...{ system: 'ems', detail: {} },
    })
  const department = { kind: 'department', system: 'licence' } as const
  track('parcel.returning', after(1))
  life.tell({ ...deed, from: carrier, to: department, at: after(2), by })
  track('parcel.returned', after(3))
  t.equal(awaits(life), undefined, 'who has it back need not hurry')
  life.tell({ ...deed, from: { kind: 'applicant' }, to: window, at: after(4), by })
  t.match(life.state.cases[0]!.waits, [{ for: 'supplement' }, { for: 'paper', material: 'deed' }])
  t.match(awaits(life), { from: 'window', days: 2 })
})

t.test('without limits nothing is watched, but the chain is kept', async (t) => {
  const life = begin(
    submission({ materials: [material('deed', 'paper', { takenIn: { by: window, at: after(0) } })] }),
  )
  t.equal(rings(life), null)
  t.equal(life.state.cases[0]!.papers?.[0]?.links.length, 1)
})
