// The life of one case, as departments report it.

import t from 'tap'
import type { DomainEvent } from '../../src/domain/events.ts'
import { after, begin, callingBack, matter, NOW, submission } from './life.ts'

t.test('the straight way: dispatched, accepted, approved, issued, closed', async (t) => {
  const life = begin()
  t.match(life.transfers('submitCase'), [{ state: 'due', system: 'licence' }])
  life.deliver('submitCase', { reference: 'D-1' })
  t.match(life.case('licence'), { state: 'dispatched', reference: 'D-1', waits: [] })
  for (const state of ['accepted', 'reviewing', 'approved', 'issued', 'closed'] as const) {
    t.equal(life.report('licence', `case.${state}`).outcome, 'applied')
    t.equal(life.case('licence').state, state)
  }
  t.equal(life.state.submission.state, 'completed')
})

t.test('a callback that overtakes the receipt counts, and the receipt adds only its number', async (t) => {
  const life = begin()
  t.equal(life.report('licence', 'case.accepted').outcome, 'applied')
  life.deliver('submitCase', { reference: 'D-1' })
  t.match(life.case('licence'), { state: 'accepted', reference: 'D-1' })
})

t.test('a return that overtakes the receipt is still there after the receipt', async (t) => {
  const life = begin()
  life.report('licence', 'case.pre-review-returned', {
    detail: { materials: [{ code: 'M01', reason: '看不清' }] },
  })
  life.deliver('submitCase', { reference: 'D-1' })
  t.match(life.case('licence'), {
    state: 'pre-review-returned',
    reference: 'D-1',
    asked: [{ code: 'M01' }],
  })
})

t.test('a receipt may bring the acceptance with it', async (t) => {
  const life = begin()
  life.deliver('submitCase', {
    reference: 'D-1',
    events: [
      { type: 'case.accepted', at: NOW, detail: {} },
      { type: 'parcel.lost', at: NOW, detail: {} },
    ],
  })
  t.equal(life.case('licence').state, 'accepted')
  t.strictSame(life.told(), ['submission.received', 'case.dispatched', 'case.accepted'])
})

t.test('the same report twice changes nothing', async (t) => {
  const life = begin()
  life.report('licence', 'case.accepted')
  const before = life.state
  const decision = life.report('licence', 'case.accepted')
  t.equal(decision.outcome, 'duplicate')
  t.equal(decision.aggregate, before)
  t.strictSame(decision.entries, [])
})

t.test('a late report keeps its facts and moves nothing', async (t) => {
  const life = begin()
  life.report('licence', 'case.reviewing', { at: after(30) })
  const late = life.report('licence', 'case.accepted', { at: after(10), detail: { reference: 'D-9' } })
  t.equal(late.outcome, 'noted')
  t.match(late.entries, [{ type: 'case.accepted', data: { late: true } }])
  t.match(life.case('licence'), { state: 'reviewing', reference: 'D-9' })
})

t.test('of two reports of one second, the one that asks the applicant for something wins', async (t) => {
  const asked = begin()
  asked.report('licence', 'case.accepted', { at: after(5) })
  t.equal(asked.report('licence', 'case.correction-requested', { at: after(5) }).outcome, 'applied')
  const askedFirst = begin()
  askedFirst.report('licence', 'case.correction-requested', { at: after(5) })
  t.equal(askedFirst.report('licence', 'case.accepted', { at: after(5) }).outcome, 'noted')
  t.equal(askedFirst.case('licence').state, 'correction-requested')
})

t.test('what contradicts a decision is refused with a reason in both languages', async (t) => {
  const life = begin()
  life.report('licence', 'case.denied', { detail: { reason: '不符合条件' } })
  const before = life.state
  const decision = life.report('licence', 'case.approved')
  t.match(decision, { outcome: 'refused', reason: { zh: /denied/, en: /denied/ }, entries: [] })
  t.equal(life.state, before)
  t.match(life.case('licence'), { state: 'denied', reason: '不符合条件' })
})

t.test('a reason with a favourable word makes no refusal of it, whatever is told afterwards', async (t) => {
  for (const [word, reason] of [
    ['case.approved', '准予许可'],
    ['case.issued', '准予许可，已发证'],
  ] as const) {
    const life = begin(
      submission({
        cases: [matter('licence', { paperResult: true }), matter('food', { after: ['licence'] })],
      }),
    )
    life.report('licence', word, { detail: { reason } })
    t.match(life.entries.at(-1), { type: word, data: { reason } }, 'it is told')
    life.report('licence', 'case.closed', { detail: { reason: '办结' } })
    t.equal(life.case('licence').reason, undefined, word)
    t.equal(life.parcels('deliver').length, 1, 'the result is posted')
    t.match(life.case('food'), { state: 'pending', waits: [] })
    life.report('food', 'case.closed')
    t.equal(life.state.submission.state, 'completed')
  }
})

t.test(
  'a refusal that is closed stays a refusal, for its own reason or the word it was told with',
  async (t) => {
    for (const [detail, reason] of [
      [{ reason: '不符合条件' }, '不符合条件'],
      [{}, 'denied'],
    ] as const) {
      const life = begin(submission({ cases: [matter('licence'), matter('food', { after: ['licence'] })] }))
      life.report('licence', 'case.denied', { detail })
      life.report('licence', 'case.closed', { detail: { reason: '办结' } })
      t.match(life.case('licence'), { state: 'closed', reason })
      t.equal(life.state.submission.state, 'refused')
    }
  },
)

t.test('another system cannot speak for the department', async (t) => {
  const life = begin()
  const decision = life.report('licence', 'case.approved', { system: 'health' })
  t.match(decision, { outcome: 'refused', why: 'contradicts', reason: { en: /not decided by health/ } })
})

t.test('a case that does not exist is refused', async (t) => {
  const life = begin()
  const caseId = 'case_00000000000000000000000000zz'
  const events: DomainEvent[] = [
    { type: 'case.reported', caseId, event: 'case.accepted', at: NOW, system: 'licence', detail: {} },
    { type: 'case.supplement-received', caseId, materials: [] },
    { type: 'case.withdrawal-asked', caseId, reason: '' },
    { type: 'appointment.reported', caseId, outcome: 'attended', at: NOW },
  ]
  for (const event of events)
    t.match(life.tell(event), { outcome: 'refused', why: 'unknown', reason: { zh: '没有这个办件' } })
})

t.test('a special procedure stops the case and gives it back as it was', async (t) => {
  const life = begin()
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.special-procedure-started')
  t.equal(life.case('licence').state, 'special-procedure')
  life.report('licence', 'case.special-procedure-ended')
  t.equal(life.case('licence').state, 'accepted')
})

t.test('a correction during a special procedure still gives the case back as it was', async (t) => {
  const life = begin()
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.special-procedure-started')
  life.report('licence', 'case.correction-requested')
  const { id } = life.case('licence')
  life.tell({ type: 'case.supplement-received', caseId: id, materials: [{ code: 'M01', files: [] }] })
  t.equal(life.case('licence').state, 'accepted')
})

t.test(
  'platform and department are told of each event in order, and the case knows its number',
  async (t) => {
    const life = begin(submission({ cases: [matter('licence')] }), callingBack)
    life.deliver('submitCase', { reference: 'D-1' })
    life.report('licence', 'case.accepted')
    const told = life
      .transfers('notify')
      .map(({ system, about }) => `${system} ${'event' in about ? about.event.type : ''}`)
    t.strictSame(told, [
      'platform submission.received',
      'platform case.dispatched',
      'licence case.dispatched',
      'platform case.accepted',
      'licence case.accepted',
    ])
    const last = life.transfers('notify').at(-1)!.about
    t.match(last, { event: { data: { reference: 'D-1', externalId: 'KF0001', state: 'accepted' } } })
  },
)

t.test(
  'what claims to have happened well after now is refused, and taken when its time has come',
  async (t) => {
    const life = begin()
    const early = {
      type: 'case.reported',
      caseId: life.case('licence').id,
      event: 'case.accepted',
      system: 'licence',
      detail: {},
    } as const
    const before = life.state
    for (const at of [after(11), '2026-11-23T09:10:01+08:00', '2027-01-01T00:00:00Z'])
      t.match(
        life.tell({ ...early, at }, NOW),
        { outcome: 'refused', reason: { en: /more than 10 minutes ahead/, zh: /超前 10 分钟以上/ } },
        at,
      )
    t.equal(life.state, before)
    t.equal(life.tell({ ...early, at: '2026-11-23T09:10:00+08:00' }, NOW).outcome, 'applied', 'clocks differ')
  },
)

t.test(
  'what a receipt tells from the future is kept as of now, so that what happens next still counts',
  async (t) => {
    const life = begin()
    const before = life.entries.length
    life.deliver('submitCase', {
      reference: 'H1',
      events: [{ type: 'case.accepted', at: '2030-01-01T00:00:00+08:00', detail: {} }],
    })
    t.match(life.case('licence'), { state: 'accepted', lastEventAt: after(before) })
    life.report('licence', 'case.reviewing', { at: after(before + 5) })
    t.equal(life.case('licence').state, 'reviewing')
  },
)
