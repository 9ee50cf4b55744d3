// Several matters of one submission: side by side, one after the other, and what the end of one means for the rest.

import t from 'tap'
import { begin, certificate, matter, submission } from './life.ts'

const serial = () =>
  begin(
    submission({
      cases: [
        matter('licence'),
        matter('food', { after: ['licence'] }),
        matter('signboard', { after: ['food'] }),
        matter('water'),
      ],
    }),
  )

t.test('matters that depend on nothing go out together', async (t) => {
  const life = begin(submission({ cases: [matter('licence'), matter('water')] }))
  t.match(life.transfers('submitCase'), [
    { system: 'licence', state: 'due' },
    { system: 'water', state: 'due' },
  ])
})

t.test('a matter goes out when the one before it is approved, and not twice when it is issued', async (t) => {
  const life = serial()
  const sent = () => life.transfers('submitCase').map((one) => one.system)
  t.strictSame(sent(), ['licence', 'water'])
  life.report('licence', 'case.approved')
  t.strictSame(sent(), ['licence', 'water', 'food'])
  life.report('licence', 'case.issued')
  life.report('licence', 'case.closed')
  t.strictSame(sent(), ['licence', 'water', 'food'])
})

t.test('a matter that depends on a refused one in two ways is ended once', async (t) => {
  const life = begin(
    submission({
      cases: [
        matter('licence'),
        matter('food', { after: ['licence'] }),
        matter('signboard', { after: ['licence', 'food'] }),
      ],
    }),
  )
  life.report('licence', 'case.denied')
  const ended = life.entries.filter((one) => one.type === 'case.terminated').map((one) => one.caseId)
  t.strictSame(ended, [life.case('food').id, life.case('signboard').id])
})

t.test('a matter that is closed without a refusal frees what waited for it', async (t) => {
  const life = serial()
  life.report('licence', 'case.closed')
  t.equal(life.transfers('submitCase').at(-1)?.system, 'food')
})

for (const [event, outcome] of [
  ['case.denied', 'denied'],
  ['case.rejected', 'rejected'],
  ['case.withdrawn', 'withdrawn'],
  ['case.terminated', 'terminated'],
] as const)
  t.test(`when a matter is ${outcome}, all that depended on it ends, and nothing else`, async (t) => {
    const life = serial()
    life.report('licence', event, { detail: { reason: '不予许可' } })
    t.equal(life.case('licence').state, outcome)
    for (const code of ['food', 'signboard'])
      t.match(life.case(code), { state: 'terminated', reason: 'upstream-refused', waits: [] })
    t.equal(life.case('water').state, 'pending')
    t.equal(life.state.submission.state, 'open')
    t.strictSame(
      life.entries.filter((one) => one.data.reason === 'upstream-refused').map((one) => one.type),
      ['case.terminated', 'case.terminated'],
    )
  })

t.test('a matter that ends with another asks its applicant for nothing any more', async (t) => {
  const cases = [matter('licence'), matter('food', { after: ['licence'] })]
  const life = begin(submission({ cases, materials: [certificate('C1', { matters: ['food'] })] }))
  const { id } = life.open('obtainCertificate')!
  life.tell({ type: 'transfer.refused', transferId: id, code: 'certificate-not-found', reason: 'none' })
  t.match(life.case('food').asked, [{ code: 'C1' }])
  life.report('licence', 'case.denied')
  t.match(life.case('food'), { state: 'terminated', asked: [] })
})

t.test('the submission is what its cases have become together', async (t) => {
  const both = () => begin(submission({ cases: [matter('licence'), matter('water')] }))
  const completed = both()
  completed.report('licence', 'case.issued')
  t.equal(completed.state.submission.state, 'open')
  completed.report('water', 'case.closed')
  t.equal(completed.state.submission.state, 'completed')

  const partly = both()
  partly.report('licence', 'case.denied')
  partly.report('water', 'case.issued')
  t.equal(partly.state.submission.state, 'partly-completed')

  const refused = both()
  refused.report('licence', 'case.denied')
  refused.report('water', 'case.rejected')
  t.equal(refused.state.submission.state, 'refused')
  refused.report('licence', 'case.closed')
  t.equal(refused.state.submission.state, 'refused', 'closing a refused case does not make it a success')
})

t.test('a submission succeeds without an optional matter, but not with nothing at all', async (t) => {
  const restaurant = () =>
    begin(submission({ cases: [matter('licence'), matter('signboard', { optional: true })] }))
  const without = restaurant()
  without.report('licence', 'case.issued')
  t.equal(without.state.submission.state, 'open', 'it is waited for all the same')
  without.report('signboard', 'case.denied')
  t.equal(without.state.submission.state, 'completed')

  const closed = restaurant()
  closed.report('signboard', 'case.denied')
  closed.report('signboard', 'case.closed')
  closed.report('licence', 'case.issued')
  t.equal(closed.state.submission.state, 'completed')

  const only = restaurant()
  only.report('licence', 'case.denied')
  only.report('signboard', 'case.issued')
  t.equal(only.state.submission.state, 'partly-completed')

  const nothing = restaurant()
  nothing.report('licence', 'case.denied')
  nothing.report('signboard', 'case.denied')
  t.equal(nothing.state.submission.state, 'refused')
})

t.test('whether a matter is optional is kept with its case, and only where it is', async (t) => {
  const life = begin(submission({ cases: [matter('licence'), matter('signboard', { optional: true })] }))
  t.equal(life.case('signboard').optional, true)
  t.notOk('optional' in life.case('licence'))
})

t.test('results of what came before are kept for those that come after', async (t) => {
  const life = serial()
  const result = { type: 'electronic', name: '营业执照', number: 'L-1' } as const
  life.report('licence', 'case.approved', { detail: { result } })
  t.match(life.case('licence'), { result })
})
