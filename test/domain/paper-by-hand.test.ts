// Paper that no parcel fetches: its case waits until the department has it, and whoever was to bring it is watched.

import t from 'tap'
import type { Keeper } from '../../src/domain/paper.ts'
import { ringsOn } from '../../src/domain/ringing.ts'
import { after, begin, type Life, material, matter, rulesWith, submission } from './life.ts'

const limits = {
  supplement: { days: 3, unit: 'G' },
  warnShare: 0.8,
  supplementTimeout: 'terminate',
} as const
const rules = rulesWith({ limits: () => limits, custody: { applicantDays: 5, windowDays: 2 } })
const deed = material('deed', 'paper', { holdsCase: true })
const department: Keeper = { kind: 'department', system: 'licence' }
const window: Keeper = { kind: 'window', hall: 'h', window: '1' }
const file = { sha256: 'a', size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }

const byHand = (materials = [deed], cases = [matter('licence')]): Life =>
  begin(submission({ post: { collect: false, deliver: false }, cases, materials }), rules)

const bring = (life: Life, to: Keeper, from: Keeper = { kind: 'applicant' }) =>
  life.tell({
    type: 'material.handed-over',
    papers: [{ material: 'deed' }],
    from,
    to,
    at: after(life.entries.length),
    by: 'client:city-platform',
  })
const ring = (life: Life, day: string, code = 'licence') =>
  life.tell({ type: 'clock.rang', caseId: life.case(code).id }, `${day}T00:00:00.000+08:00`)
const waits = (life: Life, code = 'licence') => life.case(code).waits

t.test('the case goes out when the department has the paper, however it came there', async (t) => {
  const brought = byHand()
  bring(brought, department)
  const overWindow = byHand()
  bring(overWindow, window)
  t.strictSame(waits(overWindow), [{ for: 'paper', material: 'deed' }], 'a window is not the department')
  bring(overWindow, department, window)
  const received = byHand()
  received.tell({
    type: 'material.received',
    caseId: received.case('licence').id,
    at: after(1),
    system: 'licence',
  })
  for (const life of [brought, overWindow, received]) {
    t.match(life.transfers('submitCase'), [{ state: 'due' }])
    t.equal(ringsOn(life.case('licence')), null)
  }
})

t.test('every case that needs it waits for it, and for each paper of its own', async (t) => {
  const shared = material('deed', 'paper', { holdsCase: true, matters: ['licence', 'water'] })
  const plan = material('plan', 'paper', { holdsCase: true })
  const photo = material('photo', 'paper')
  const life = byHand([shared, plan, photo], [matter('licence'), matter('water')])
  t.strictSame(waits(life, 'water'), [{ for: 'paper', material: 'deed' }])
  bring(life, department)
  t.match(life.transfers('submitCase'), [{ caseId: life.case('water').id }])
  t.strictSame(
    waits(life),
    [{ for: 'paper', material: 'plan' }],
    'what does not hold the case is not waited for',
  )
})

t.test('a paper that is not brought raises an alarm, is asked for, and ends its case at last', async (t) => {
  const life = byHand()
  t.equal(ringsOn(life.case('licence')), '2026-12-01')
  ring(life, '2026-12-01')
  t.match(
    life.entries.find(({ type }) => type === 'custody.overdue'),
    { data: { material: 'deed', heldBy: 'applicant', dueOn: '2026-11-30' } },
  )
  t.match(life.case('licence'), {
    state: 'pending',
    waits: [{ for: 'supplement', material: 'deed' }],
    asked: [{ code: 'deed', reason: 'paper-not-brought' }],
    clock: { of: 'supplement', dueOn: '2026-12-04' },
  })
  ring(life, '2026-12-05')
  t.match(life.case('licence'), { state: 'terminated', reason: 'supplement-timeout' })
})

t.test('once asked, the applicant brings it or uploads a scan', async (t) => {
  const late = byHand()
  ring(late, '2026-12-01')
  bring(late, department)
  t.match(late.case('licence'), { waits: [], asked: [], clock: undefined })
  t.match(late.transfers('submitCase'), [{ state: 'due' }])

  const scanned = byHand()
  ring(scanned, '2026-12-01')
  scanned.tell({
    type: 'case.supplement-received',
    caseId: scanned.case('licence').id,
    materials: [{ code: 'deed', files: [file] }],
  })
  t.match(scanned.transfers('submitCase'), [{ state: 'due' }])
})

t.test(
  'a window that keeps the paper is told of; its applicant is not asked for what he has given',
  async (t) => {
    const life = byHand()
    bring(life, window)
    ring(life, '2026-11-26')
    t.match(life.entries.at(-1), { type: 'custody.overdue', data: { heldBy: 'window' } })
    t.strictSame(life.case('licence').asked, [])
    t.strictSame(waits(life), [{ for: 'paper', material: 'deed' }])
  },
)

t.test('one case withdrawn, the other still waits for the paper, and it is still watched', async (t) => {
  const shared = material('deed', 'paper', { holdsCase: true, matters: ['licence', 'water'] })
  const both = (): Life => byHand([shared], [matter('licence'), matter('water')])
  const withdraw = (life: Life, code: string) =>
    life.tell({ type: 'case.withdrawal-asked', caseId: life.case(code).id, reason: '' })
  const one = both()
  withdraw(one, 'licence')
  ring(one, '2026-12-01')
  t.ok(one.told().includes('custody.overdue'))
  t.strictSame(waits(one, 'water'), [{ for: 'supplement', material: 'deed' }])

  const none = both()
  for (const code of ['licence', 'water']) withdraw(none, code)
  ring(none, '2026-12-01')
  t.notOk(none.told().includes('custody.overdue'), 'nobody wants it any more')
  t.equal(ringsOn(none.case('licence')), null)
})

t.test(
  'a scan handed in for another case serves this one, at the latest when the paper is due',
  async (t) => {
    const life = byHand([deed], [matter('licence'), matter('water')])
    life.report('water', 'case.correction-requested', {
      detail: { materials: [{ code: 'deed', reason: '请补充' }] },
    })
    life.tell({
      type: 'case.supplement-received',
      caseId: life.case('water').id,
      materials: [{ code: 'deed', files: [file] }],
    })
    ring(life, '2026-12-01')
    t.match(life.case('licence'), { waits: [], asked: [] })
    t.ok(life.transfers('submitCase').some(({ caseId }) => caseId === life.case('licence').id))
  },
)
