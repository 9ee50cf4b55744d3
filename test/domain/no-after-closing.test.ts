// A department that closes a case and tells only later that it was refused, terminated or withdrawn: the case was taken
// for granted meanwhile.

import t from 'tap'
import type { EventDetail, ReceivedMaterial } from '../../src/domain/events.ts'
import { begin, callingBack, type Life, material, matter, rulesWith, submission } from './life.ts'

const file = { sha256: 'a'.repeat(64), size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }
const upload = (change: Partial<ReceivedMaterial> = {}) =>
  material('M1', 'upload', { files: [file], reusableDays: 10, ...change })

/** Closed without a decision; its result was to come on paper, and what it was given may be used again. */
function closed(change: Parameters<typeof submission>[0] = {}, rules = rulesWith()): Life {
  const life = begin(
    submission({
      cases: [matter('licence', { paperResult: true })],
      materials: [upload()],
      holder: 'h',
      ...change,
    }),
    rules,
  )
  life.deliver('submitCase')
  life.report('licence', 'case.closed')
  return life
}
const ends = ['case.denied', 'case.rejected', 'case.terminated', 'case.withdrawn'] as const
const no = (life: Life, event: (typeof ends)[number], detail: EventDetail = { reason: '不符合条件' }) =>
  life.report('licence', event, { detail })

t.test('the case has failed, and so has its submission', async (t) => {
  for (const event of ends) {
    const life = closed()
    t.equal(life.state.submission.state, 'completed')
    t.equal(no(life, event).outcome, 'noted')
    t.match(life.case('licence'), { state: 'closed', reason: '不符合条件' })
    t.equal(life.state.submission.state, 'refused')
  }
  const wordless = closed()
  no(wordless, 'case.denied', {})
  t.equal(wordless.case('licence').reason, 'denied', 'with or without a reason')
})

t.test('the platform is told, late', async (t) => {
  const life = closed({}, callingBack)
  no(life, 'case.denied')
  t.match(life.entries.at(-1), { type: 'case.denied', data: { reason: '不符合条件', late: true } })
  const told = life
    .transfers('notify')
    .flatMap(({ system, about }) => ('event' in about ? [{ system, about }] : []))
  t.match(
    told.filter(({ about }) => about.event.type === 'case.denied'),
    [
      {
        system: 'platform',
        about: { event: { data: { state: 'closed', reason: '不符合条件', late: true } } },
      },
      { system: 'licence' },
    ],
  )
})

t.test('the order of the post is taken back, while its carrier has nothing yet', async (t) => {
  const ordered = closed()
  t.equal(ordered.parcels('deliver').length, 1)
  no(ordered, 'case.denied')
  ordered.deliver('createOrder', { reference: 'E1' })
  ordered.deliver('cancelOrder')
  t.match(ordered.parcels('deliver'), [{ state: 'cancelled' }])

  const withoutContract = closed({}, rulesWith({ postal: () => ({ missing: 'no contract' }) }))
  no(withoutContract, 'case.denied')
  t.match(withoutContract.parcels('deliver'), [{ state: 'cancelled' }])
  t.notOk(withoutContract.open('createOrder'), 'nobody has to order it any more')

  const collected = closed()
  collected.deliver('createOrder', { reference: 'E1' })
  const [parcel] = collected.parcels('deliver')
  collected.tell({
    type: 'parcel.reported',
    parcelId: parcel!.id,
    eventId: '1',
    event: 'parcel.collected',
    at: '2026-11-23T01:00:00.000Z',
    system: 'ems',
    detail: {},
  })
  no(collected, 'case.denied')
  t.strictSame(collected.transfers('cancelOrder'), [], 'what is on its way stays on its way')
})

t.test('a refusal on paper goes by the post that was ordered', async (t) => {
  const life = closed()
  no(life, 'case.denied', { result: { type: 'paper', name: '不予许可决定书' } })
  t.strictSame(life.transfers('cancelOrder'), [])
  t.equal(life.parcels('deliver').length, 1)
})

t.test(
  'what was offered to its holder again is offered no more, unless another case was given with it',
  async (t) => {
    const life = closed()
    t.match(life.state.materials[0]?.reusable, { expiresOn: '2026-12-03' })
    no(life, 'case.denied')
    t.match(life.state.materials[0]?.reusable, { expiresOn: '2026-11-22', takenBack: true })

    const cases = [matter('licence'), matter('food')]
    const shared = { cases, materials: [upload({ matters: ['licence', 'food'] })] }
    const before = closed(shared)
    before.report('food', 'case.approved')
    no(before, 'case.denied')
    t.match(before.state.materials[0]?.reusable, { matter: 'food', takenBack: undefined })

    const afterwards = closed(shared)
    no(afterwards, 'case.denied')
    afterwards.report('food', 'case.approved')
    t.match(afterwards.state.materials[0]?.reusable, { matter: 'food', expiresOn: '2026-12-03' })
  },
)

t.test('a yes that was told before, beside or after the closing is not taken back', async (t) => {
  const result = { type: 'electronic', name: '许可证', number: '1' } as const
  const lives: Record<string, () => Life> = {
    approved: () => {
      const life = begin()
      life.deliver('submitCase')
      life.report('licence', 'case.approved')
      life.report('licence', 'case.closed')
      return life
    },
    'approved, heard of late': () => {
      const life = closed()
      life.report('licence', 'case.approved')
      return life
    },
    'closed with a result': () => {
      const life = begin()
      life.deliver('submitCase')
      life.report('licence', 'case.closed', { detail: { result } })
      return life
    },
  }
  for (const [what, live] of Object.entries(lives))
    for (const event of ends) {
      const life = live()
      t.equal(no(life, event).outcome, 'refused', `${event}, ${what}`)
      t.equal(life.case('licence').reason, undefined)
    }
})

t.test('of a case that had failed before it was closed it is only noted', async (t) => {
  const life = begin()
  life.deliver('submitCase')
  life.report('licence', 'case.denied', { detail: { reason: '不符合条件' } })
  life.report('licence', 'case.closed')
  t.equal(no(life, 'case.denied', { reason: '又说一次' }).outcome, 'noted')
  t.equal(life.case('licence').reason, '不符合条件')
})

t.test('matters that the closing set free end with it, unless they have gone out', async (t) => {
  const waiting = matter('hygiene', { after: ['licence'], mode: 'appointment', waitsForAttendance: true })
  const sent = matter('fire', { after: ['licence'] })
  const life = begin(submission({ cases: [matter('licence'), waiting, sent] }))
  life.deliver('submitCase')
  life.report('licence', 'case.closed')
  t.strictSame(
    [life.case('hygiene').waits, life.case('fire').waits],
    [[{ for: 'attendance' }], []],
    'both were set free',
  )
  no(life, 'case.denied', { reason: '不符合条件' })
  t.match(life.case('hygiene'), { state: 'terminated', reason: 'upstream-refused' })
  t.equal(life.case('fire').state, 'pending', 'its hand-over may be under way')
  t.ok(life.open('submitCase'))
})

t.test('an approval that ends in a termination has set nobody free, and offers nothing', async (t) => {
  const waiting = matter('hygiene', { after: ['licence'], mode: 'appointment', waitsForAttendance: true })
  const sent = matter('fire', { after: ['licence'] })
  const next = matter('opening', { after: ['hygiene'] })
  const cases = [matter('licence'), waiting, sent, next]
  const life = begin(submission({ cases, materials: [upload()], holder: 'h' }))
  life.deliver('submitCase')
  life.report('licence', 'case.approved')
  t.match(life.state.materials[0]?.reusable, { expiresOn: '2026-12-03' })
  life.report('licence', 'case.terminated', { detail: { reason: '申请人死亡' } })
  t.match(life.state.materials[0]?.reusable, { expiresOn: '2026-11-22', takenBack: true })
  for (const code of ['hygiene', 'opening'])
    t.match(life.case(code), { state: 'terminated', reason: 'upstream-refused' })
  t.equal(life.case('fire').state, 'pending', 'its hand-over may be under way')
  t.equal(life.state.submission.state, 'open')
})

t.test('a refusal on paper that is told once its case was closed goes by post', async (t) => {
  const detail = { reason: '不符合条件', result: { type: 'paper', name: '不予许可决定书' } } as const
  for (const [refused, again] of [
    ['case.denied', 'case.denied'],
    ['case.rejected', 'case.rejected'],
    ['case.denied', 'case.closed'],
  ] as const) {
    const life = begin()
    life.deliver('submitCase')
    life.report('licence', refused, { detail: { reason: '不符合条件' } })
    life.report('licence', 'case.closed')
    t.strictSame(life.parcels('deliver'), [], 'it may be electronic')
    for (let told = 0; told < 2; told++) life.report('licence', again, { detail })
    t.equal(life.parcels('deliver').length, 1, again)
  }
})

t.test('whichever comes first, the closing or the end before it, the case ends the same', async (t) => {
  for (const event of ends) {
    const cases = [matter('licence'), matter('hygiene', { after: ['licence'], waitsForAttendance: true })]
    const lives = [true, false].map((inOrder) => {
      const life = begin(submission({ cases, materials: [upload()], holder: 'h' }))
      life.deliver('submitCase')
      for (const word of inOrder ? ([event, 'case.closed'] as const) : (['case.closed', event] as const))
        life.report('licence', word, word === event ? { detail: { reason: '不符合条件' } } : {})
      const { state, reason } = life.case('licence')
      return [state, reason, life.case('hygiene').state, life.state.submission.state]
    })
    t.strictSame(lives[1], lives[0], event)
    t.strictSame(lives[0], ['closed', '不符合条件', 'terminated', 'refused'], event)
  }
})
