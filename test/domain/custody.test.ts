// Custody: who holds a paper, told by windows, platforms and parcels; gaps, repeats and what cannot have been.

import t from 'tap'
import { handOverFaults } from '../../src/domain/custody.ts'
import { decide, type Rules } from '../../src/domain/decide.ts'
import type { DomainEvent, ParcelEvent, SubmissionReceived } from '../../src/domain/events.ts'
import { keeperOf, kindOf, standing } from '../../src/domain/paper.ts'
import { after, begin, callingBack, type Life, material, matter, submission } from './life.ts'

const window = { kind: 'window', hall: '410204-01', window: '01', person: '王晓明' } as const
const carrier = { kind: 'carrier', system: 'ems' } as const
const department = { kind: 'department', system: 'licence' } as const
const applicant = { kind: 'applicant' } as const
type HandOver = DomainEvent & { type: 'material.handed-over' }

/** A paper taken in by a window with the submission, to be posted to the department. */
const byAgent = (change: Partial<SubmissionReceived> = {}, rules: Rules = callingBack): Life =>
  begin(
    submission({
      mode: 'agent',
      materials: [material('deed', 'paper', { holdsCase: true, takenIn: { by: window, at: after(-10) } })],
      ...change,
    }),
    rules,
  )

const paperOf = (life: Life) => life.state.cases[0]!.papers!.find((one) => one.material === 'deed')!
const resultOf = (life: Life) => life.state.cases[0]!.papers!.find((one) => one.material === undefined)!
const chain = (life: Life) =>
  paperOf(life)
    .links.filter(standing)
    .map(({ from, to }) => `${from.kind} → ${to.kind}`)
const alarms = (life: Life) => life.told().filter((type) => type.startsWith('custody.'))

const give = (life: Life, change: Partial<HandOver> = {}, now?: string) =>
  life.tell(
    {
      type: 'material.handed-over',
      papers: [{ material: 'deed' }],
      from: window,
      to: carrier,
      at: after(5),
      by: 'client:city-platform',
      ...change,
    },
    now ?? after(60),
  )

const track = (life: Life, event: ParcelEvent, minutes: number, reverses?: string, nth = 0, more = {}) =>
  life.tell(
    {
      type: 'parcel.reported',
      parcelId: life.state.parcels[nth]!.id,
      eventId: `${event} ${minutes}`,
      event,
      at: after(minutes),
      system: 'ems',
      detail: { reference: 'EMS-1', ...(reverses ? { reverses } : {}), ...more },
    },
    after(Math.max(minutes, life.entries.length)),
  )

t.test('what a window took in with the submission is the first link', async (t) => {
  const life = byAgent()
  t.strictSame(chain(life), ['applicant → window'])
  t.match(paperOf(life).links, [{ to: window, at: after(-10), by: 'client:city-platform' }])
  const told = life.entries.find(({ type }) => type === 'material.handed-over')
  t.match(told?.data, { material: 'deed', kind: 'taken-in', to: { kind: 'window', hall: '410204-01' } })
  t.notMatch(JSON.stringify(life.state.transfers), '王晓明', 'no name of a person is published')
})

t.test('a parcel carries its papers along: collected, then delivered to the department', async (t) => {
  const life = byAgent()
  life.deliver('createOrder', { reference: 'EMS-1' })
  track(life, 'parcel.collected', 10)
  track(life, 'parcel.in-transit', 20)
  track(life, 'parcel.delivered', 30)
  t.strictSame(chain(life), ['applicant → window', 'window → carrier', 'carrier → department'])
  const [, sent, received] = paperOf(life).links
  t.match(sent, { at: after(10), waybill: 'EMS-1', parcel: life.state.parcels[0]!.id, by: 'system:ems' })
  t.match(received, { at: after(30), to: department })
  t.strictSame(paperOf(life).links.map(kindOf), ['taken-in', 'sent', 'received'])
  t.strictSame(alarms(life), [])
})

t.test('a pick-up at home begins with the applicant, and nobody needs to report anything', async (t) => {
  const life = begin(submission({ materials: [material('deed', 'paper')] }), callingBack)
  track(life, 'parcel.collected', 10)
  t.strictSame(chain(life), ['applicant → carrier'])
})

t.test(
  'a delivery that is heard of before the collection makes both links, in their own times',
  async (t) => {
    const life = byAgent()
    track(life, 'parcel.delivered', 30)
    t.strictSame(chain(life), ['applicant → window', 'window → carrier', 'carrier → department'])
    track(life, 'parcel.collected', 10)
    t.strictSame(chain(life), ['applicant → window', 'window → carrier', 'carrier → department'])
    t.equal(paperOf(life).links[1]!.at, after(10))
    t.strictSame(alarms(life), [])
  },
)

t.test('window and carrier tell of one hand-over, in either order: one link that both confirm', async (t) => {
  const clerkFirst = byAgent()
  t.equal(give(clerkFirst).outcome, 'applied')
  track(clerkFirst, 'parcel.collected', 10)
  const postFirst = byAgent()
  track(postFirst, 'parcel.collected', 10)
  t.equal(give(postFirst).outcome, 'applied')
  for (const life of [clerkFirst, postFirst]) {
    t.strictSame(chain(life), ['applicant → window', 'window → carrier'])
    t.match(paperOf(life).links[1], { parcel: life.state.parcels[0]!.id, confirmed: {} })
    t.ok(life.told().includes('material.hand-over-confirmed'))
    t.strictSame(alarms(life), [])
  }
})

t.test('papers that are signed for on the way back are with the sender again', async (t) => {
  const life = byAgent()
  life.deliver('createOrder', { reference: 'SF-1' })
  const told = (event: ParcelEvent, minutes: number) =>
    track(life, event, minutes, undefined, 0, { eitherWay: true })
  told('parcel.collected', 10)
  track(life, 'parcel.returning', 20)
  told('parcel.delivered', 30)
  t.strictSame(chain(life), ['applicant → window', 'window → carrier', 'carrier → window'])
  t.equal(paperOf(life).links[2]!.at, after(30))
})

t.test('a report that is repeated changes nothing', async (t) => {
  const life = byAgent()
  give(life)
  t.equal(give(life).outcome, 'duplicate')
  t.equal(give(life, { at: after(6) }).outcome, 'duplicate', 'nor with another time: it left once')
  track(life, 'parcel.delivered', 30)
  t.equal(give(life).outcome, 'duplicate', 'nor when the paper is further')
})

t.test('a hand-over that does not begin where the last one ended counts, and raises an alarm', async (t) => {
  const life = byAgent()
  t.equal(give(life, { from: carrier, to: department }).outcome, 'applied')
  t.match(paperOf(life).links.at(-1), { gap: true })
  const alarm = life.entries.find(({ type }) => type === 'custody.gap')
  t.match(alarm?.data, { material: 'deed', expected: { kind: 'window' }, from: { kind: 'carrier' } })
  t.notOk(JSON.stringify(alarm?.data).includes('王晓明'))
  const told = life.state.transfers.filter(
    ({ about }) => 'event' in about && about.event.type === 'custody.gap',
  )
  t.strictSame(told.map(({ system }) => system).sort(), ['licence', 'platform'])
})

t.test('what the department told first, the post confirms without a gap of its own', async (t) => {
  const life = byAgent()
  give(life)
  give(life, { from: carrier, to: department, at: after(20), by: 'system:licence' })
  track(life, 'parcel.collected', 10)
  track(life, 'parcel.delivered', 25)
  t.strictSame(chain(life), ['applicant → window', 'window → carrier', 'carrier → department'])
  t.match(paperOf(life).links.at(-1), { by: 'system:licence', confirmed: { by: 'system:ems' } })
  t.strictSame(alarms(life), [])
})

t.test('a delivery that the carrier takes back is kept, and counts no more', async (t) => {
  const life = byAgent()
  track(life, 'parcel.collected', 10)
  track(life, 'parcel.delivered', 20)
  track(life, 'parcel.in-transit', 30, 'parcel.delivered')
  t.strictSame(chain(life), ['applicant → window', 'window → carrier'])
  t.equal(paperOf(life).links.length, 3)
  t.equal(keeperOf(paperOf(life), 'licence').kind, 'carrier')
  track(life, 'parcel.delivered', 40)
  t.strictSame(chain(life).at(-1), 'carrier → department')
  t.equal(paperOf(life).links.length, 4)
})

t.test('what comes back undelivered is with its sender again, and can be sent once more', async (t) => {
  const life = byAgent()
  track(life, 'parcel.collected', 10)
  track(life, 'parcel.returned', 20)
  t.strictSame(chain(life).at(-1), 'carrier → window')
  t.equal(give(life, { at: after(25), waybill: 'SF-2' }).outcome, 'applied')
  t.strictSame(chain(life).at(-1), 'window → carrier')
  t.strictSame(alarms(life), [])
})

t.test('a result on paper goes from the department to the applicant', async (t) => {
  const life = byAgent({ cases: [matter('licence', { paperResult: true })] })
  life.report('licence', 'case.issued')
  life.deliver('createOrder', { reference: 'EMS-0' })
  track(life, 'parcel.collected', 50, undefined, 1)
  track(life, 'parcel.delivered', 60, undefined, 1)
  t.strictSame(
    resultOf(life).links.map(({ from, to }) => `${from.kind} → ${to.kind}`),
    ['department → carrier', 'carrier → applicant'],
  )
})

t.test('a result that is fetched at the hall is told by its window', async (t) => {
  const life = begin(
    submission({
      cases: [matter('licence', { paperResult: true })],
      post: { collect: true, deliver: false },
    }),
  )
  life.report('licence', 'case.issued')
  const result = { papers: [{ result: 'licence' }] }
  t.equal(give(life, { ...result, from: department, to: window }).outcome, 'applied')
  t.equal(give(life, { ...result, from: window, to: applicant, at: after(9) }).outcome, 'applied')
  t.strictSame(resultOf(life).links.map(kindOf), ['passed-on', 'given-back'])
  t.strictSame(alarms(life), [])
})

t.test(
  'what cannot have been is refused with every reason in both languages, and nothing changes',
  async (t) => {
    const life = byAgent({
      materials: [
        material('deed', 'paper', { takenIn: { by: window, at: after(0) } }),
        material('scan', 'upload'),
      ],
    })
    const before = life.state
    const event = {
      papers: [
        { material: 'deed' },
        { material: 'scan' },
        { material: 'none' },
        { result: 'licence' },
        { result: 'x' },
      ],
      from: { kind: 'department', system: 'tax' },
      to: { kind: 'department' },
      at: after(-5),
    } as const
    const decision = give(life, event)
    t.match(decision, {
      outcome: 'refused',
      reason: { en: /scan is not on paper; there is no material none/, zh: /没有材料 none/ },
    })
    t.equal(life.state, before)
    const full = { type: 'material.handed-over', by: 'x', ...event } as HandOver
    t.strictSame(
      handOverFaults(life.state, full, after(60)).map(({ pointer, code }) => `${pointer} ${code}`),
      [
        '/to same-keeper',
        '/from/system unknown-department',
        '/materials/0 before-last-hand-over',
        '/materials/1 not-paper',
        '/materials/2 unknown-material',
        '/results/0 not-paper',
        '/results/1 unknown-matter',
      ],
    )
    t.match(give(life, { at: after(63) }), {
      outcome: 'refused',
      reason: { en: /not happened yet/, zh: /晚于当前时间/ },
    })
    t.equal(give(life, { at: after(61) }).outcome, 'applied', 'a clock may be a little ahead')
  },
)

t.test('a submission stored before custody was kept gets its chain from its next report', async (t) => {
  const life = byAgent()
  const { papers: _, ...older } = life.state.cases[0]!
  const state = { ...life.state, cases: [older] }
  const event = {
    type: 'parcel.reported',
    parcelId: state.parcels[0]!.id,
    eventId: '1',
    event: 'parcel.delivered',
    at: after(9),
    system: 'ems',
    detail: {},
  } as const
  const { aggregate } = decide(state, event, after(10), callingBack)
  t.match(aggregate.cases[0]!.papers, [{ links: [{ from: applicant, to: carrier }, { to: department }] }])
})

t.test(
  'a department says that it has the papers: from whoever held them, confirmed by the post',
  async (t) => {
    const life = byAgent()
    const receipt = (change: Partial<DomainEvent & { type: 'material.received' }> = {}) =>
      life.tell(
        {
          type: 'material.received',
          caseId: life.state.cases[0]!.id,
          at: after(30),
          system: 'licence',
          ...change,
        },
        after(30),
      )
    t.match(receipt({ system: 'tax' }), { outcome: 'refused', reason: { zh: /不由 tax 办理/ } })
    t.match(receipt({ caseId: 'case_x' }), { outcome: 'refused' })
    t.match(receipt({ materials: ['none'] }), { outcome: 'refused', reason: { en: /no such paper: none/ } })
    track(life, 'parcel.collected', 10)
    t.equal(receipt({ person: '李主任', place: '档案室' }).outcome, 'applied')
    t.strictSame(chain(life), ['applicant → window', 'window → carrier', 'carrier → department'])
    t.equal(receipt().outcome, 'duplicate')
    track(life, 'parcel.delivered', 29)
    t.match(paperOf(life).links.at(-1), {
      by: 'system:licence',
      confirmed: { by: 'system:ems' },
      place: '档案室',
    })
    t.strictSame(alarms(life), [])
  },
)

t.test('the post tells late of a parcel whose paper the department has already', async (t) => {
  const life = byAgent()
  const caseId = life.state.cases[0]!.id
  life.tell({ type: 'material.received', caseId, at: after(30), system: 'licence' }, after(30))
  track(life, 'parcel.collected', 10)
  t.strictSame(chain(life), ['applicant → window', 'window → department'])
  track(life, 'parcel.delivered', 25)
  t.strictSame(chain(life), ['applicant → window', 'window → department'])
  t.match(paperOf(life).links.at(-1), { parcel: life.state.parcels[0]!.id, confirmed: {} })
})
