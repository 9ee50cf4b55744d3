// 好差评: each service is told once, what applicants say is kept as they said it, and nobody says it for them.

import t from 'tap'
import type { DomainEvent } from '../../src/domain/events.ts'
import type { Evaluation } from '../../src/domain/submission.ts'
import { after, begin, matter, NOW, rulesWith, submission } from './life.ts'

const ends = ['case.denied', 'case.rejected', 'case.withdrawn', 'case.terminated', 'case.closed']
const rated = (events = ends) =>
  rulesWith({
    subscribes: () => true,
    rating: (type, division) => (events.includes(type) && division === '410221' ? 'rating' : undefined),
  })

type Rated = DomainEvent & { type: 'case.rated' }
const said = (caseId: string, evaluation: Partial<Evaluation> = {}, change: Partial<Rated> = {}): Rated => ({
  type: 'case.rated',
  caseId,
  system: 'rating',
  service: 1,
  evaluation: { satisfaction: 4, at: NOW, ...evaluation },
  ...change,
})

/** A case that its department has closed. */
function closed(rules = rated()) {
  const life = begin(submission(), rules)
  life.deliver('submitCase', { reference: 'H1' })
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.approved')
  life.report('licence', 'case.closed')
  return life
}

t.test(
  'an evaluation from the future is refused, and one from a clock that runs a little fast is kept',
  async (t) => {
    const life = closed()
    const { id } = life.case('licence')
    const before = life.state
    const now = after(60)
    t.match(life.tell(said(id, { at: after(90) }), now), { outcome: 'refused', reason: { en: /ahead of/ } })
    t.equal(life.state, before)
    t.equal(life.tell(said(id, { at: after(65) }), now).outcome, 'applied')
  },
)

t.test('a case that ends is recorded with the rating system, once', async (t) => {
  const life = closed()
  t.match(life.transfers('recordService'), [
    { system: 'rating', caseId: life.case('licence').id, state: 'due', about: { service: 1 } },
  ])
  t.match(life.case('licence').services, [{ number: 1, event: 'case.closed', system: 'rating' }])
  t.equal(life.report('licence', 'case.closed').outcome, 'duplicate')
  t.equal(life.transfers('recordService').length, 1)
})

t.test('a service is told as it was known when it ended, whatever is learnt later', async (t) => {
  const life = begin(submission(), rated())
  life.deliver('submitCase', { reference: 'H1' })
  life.report('licence', 'case.reviewing', { at: after(10) })
  life.report('licence', 'case.approved', { at: after(20) })
  life.report('licence', 'case.closed', { at: after(30) })
  t.equal(life.report('licence', 'case.accepted', { at: after(5) }).outcome, 'noted')
  t.equal(life.case('licence').acceptedAt, after(5))
  t.notOk('acceptedAt' in life.case('licence').services![0]!, 'what goes out once more says nothing else')
  t.equal(closed().case('licence').services![0]!.acceptedAt, closed().case('licence').acceptedAt)
})

t.test('a refusal is an end, and closing it afterwards is the same end', async (t) => {
  const life = begin(submission(), rated())
  life.deliver('submitCase')
  life.report('licence', 'case.denied', { detail: { reason: 'no' } })
  life.report('licence', 'case.closed')
  t.match(life.case('licence').services, [{ event: 'case.denied' }])
  t.equal(life.case('licence').services!.length, 1)
})

t.test('withdrawn and ended by a refusal upstream are ends as well', async (t) => {
  const cases = [matter('licence'), matter('permit', { after: ['licence'] }), matter('other')]
  const life = begin(submission({ cases }), rated())
  life.deliver('submitCase')
  life.tell({ type: 'case.withdrawal-asked', caseId: life.case('other').id, reason: 'changed my mind' })
  life.report('licence', 'case.rejected', { detail: { reason: 'no' } })
  const events = (code: string) => life.case(code).services?.map(({ event }) => event)
  t.strictSame(
    [events('licence'), events('permit'), events('other')],
    [['case.rejected'], ['case.terminated'], ['case.withdrawn']],
  )
})

t.test('where acceptance is a service too, the end is the second', async (t) => {
  const life = closed(rated(['case.accepted', ...ends]))
  t.match(life.case('licence').services, [
    { number: 1, event: 'case.accepted' },
    { number: 2, event: 'case.closed' },
  ])
  const [first, second] = life.transfers('recordService')
  t.match([first, second], [{ state: 'due' }, { state: 'held' }], 'in order')
})

t.test('without a rating system, or in a division that it does not serve, nothing is recorded', async (t) => {
  t.equal(closed(rulesWith()).case('licence').services, undefined)
  const elsewhere = begin(submission({ homeDivision: '410202' }), rated())
  elsewhere.deliver('submitCase')
  elsewhere.report('licence', 'case.closed')
  t.equal(elsewhere.case('licence').services, undefined)
  t.strictSame(elsewhere.transfers('recordService'), [])
})

t.test('what a late report says of an earlier state is no service', async (t) => {
  const life = begin(submission(), rated(['case.accepted']))
  life.deliver('submitCase')
  life.report('licence', 'case.approved')
  life.report('licence', 'case.accepted')
  t.equal(life.case('licence').services, undefined)
})

t.test('an evaluation is kept as it was given, told to subscribers, and moves nothing', async (t) => {
  const life = closed()
  const { id } = life.case('licence')
  const evaluation = { satisfaction: 2, details: ['510'], text: '等候较长', channel: '2' } as const
  t.equal(life.tell(said(id, evaluation)).outcome, 'applied')
  t.strictSame(life.case('licence').services![0]!.evaluation, { at: NOW, ...evaluation })
  t.equal(life.case('licence').state, 'closed')
  t.match(life.entries.at(-1), { type: 'case.rated', caseId: id, data: { service: 1, ...evaluation } })
  const told = life.transfers('notify').map(({ about }) => ('event' in about ? about.event.type : ''))
  t.equal(told.filter((type) => type === 'case.rated').length, 2, 'the platform and the department')
})

t.test('the same again is a duplicate, another one is an addition', async (t) => {
  const life = closed()
  const { id } = life.case('licence')
  life.tell(said(id))
  t.equal(life.tell(said(id)).outcome, 'duplicate')
  t.equal(life.tell(said(id, { satisfaction: 1, text: '后来才知道' })).outcome, 'applied')
  t.equal(life.tell(said(id, { satisfaction: 1, text: '后来才知道' })).outcome, 'duplicate')
  t.match(life.case('licence').services, [
    { evaluation: { satisfaction: 4 }, additions: [{ satisfaction: 1 }] },
  ])
  t.match(life.entries.at(-1)!.data, { addition: true })
})

t.test('only the system that was told of a service may say how it was', async (t) => {
  const life = closed()
  const { id } = life.case('licence')
  const before = life.state
  for (const wrong of [
    said(id, {}, { service: 2 }),
    said(id, {}, { system: 'licence' }),
    said('case_nobody'),
  ])
    t.equal(life.tell(wrong).outcome, 'refused')
  t.equal(life.state, before)
})

t.test('nobody is ever said to be satisfied who did not say so', async (t) => {
  const life = closed()
  life.deliver('recordService', { duplicate: true })
  const whole = JSON.stringify([life.state, life.entries])
  t.notMatch(whole, /satisf|evaluation|case\.rated/)
  t.equal(life.case('licence').services![0]!.evaluation, undefined)
})
