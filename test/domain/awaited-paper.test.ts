// A case waits for paper until its department has it. A parcel that will not come lets nobody wait for ever.

import t from 'tap'
import type { DomainEvent, ParcelEvent } from '../../src/domain/events.ts'
import type { Keeper } from '../../src/domain/paper.ts'
import { after, begin, type Life, material, matter, rulesWith, submission } from './life.ts'

const supplement = { days: 3, unit: 'G' } as const
const limits = { supplement, warnShare: 0.8, supplementTimeout: 'terminate' } as const
const file = { sha256: 'a', size: 1, mediaType: 'application/pdf', fileName: 'a.pdf' }
const deed = material('deed', 'paper', { holdsCase: true })

const waitingForPaper = (materials = [deed]): Life =>
  begin(submission({ materials }), rulesWith({ limits: () => limits }))

let scans = 0
const track = (life: Life, event: ParcelEvent, reverses?: string) =>
  life.tell({
    type: 'parcel.reported',
    parcelId: life.state.parcels[0]!.id,
    eventId: `scan-${++scans}`,
    event,
    at: after(life.entries.length),
    system: 'ems',
    detail: reverses ? { reverses } : {},
  })

const upload = (life: Life, ...codes: string[]) =>
  life.tell({
    type: 'case.supplement-received',
    caseId: life.case('licence').id,
    materials: codes.map((code) => ({ code, files: [file] })),
  })

const bring = (life: Life, to: Keeper): DomainEvent => ({
  type: 'material.handed-over',
  papers: [{ material: 'deed' }],
  from: { kind: 'applicant' },
  to,
  at: after(life.entries.length),
  by: 'client:city-platform',
})

const questions = {
  'parcel.lost': 'paper-lost',
  'parcel.returned': 'paper-returned',
  'parcel.cancelled': 'paper-not-collected',
} as const

for (const [event, code] of Object.entries(questions) as [ParcelEvent, string][])
  t.test(`${event}: the applicant is asked (${code}), and an upload frees the case`, async (t) => {
    const life = waitingForPaper()
    track(life, event)
    t.match(life.case('licence'), {
      state: 'pending',
      waits: [{ for: 'supplement', material: 'deed' }],
      asked: [{ code: 'deed', reason: code, message: /upload it$/, messageZh: /上传扫描件$/ }],
      clock: { of: 'supplement', days: 3 },
      round: 1,
    })
    t.match(life.entries.find(({ type }) => type === 'case.correction-requested')?.data, {
      by: 'gateway',
      code,
    })
    t.equal(upload(life, 'deed').outcome, 'applied')
    t.match(life.transfers('submitCase'), [{ state: 'due' }])
    t.match(life.state.materials, [{ code: 'deed', source: 'upload' }])
    t.equal(life.case('licence').clock, undefined)
  })

const orderRefused = (life: Life) =>
  life.tell({
    type: 'transfer.refused',
    transferId: life.transfers('createOrder')[0]!.id,
    code: 'B00001',
    reason: 'B00001: 超出揽收范围',
  })

t.test('an order that its carrier refuses: the applicant is asked, an upload ends the order', async (t) => {
  const life = waitingForPaper()
  orderRefused(life)
  t.match(life.transfers('createOrder'), [{ state: 'dead', reason: /超出揽收范围/ }])
  t.match(life.case('licence'), {
    waits: [{ for: 'supplement', material: 'deed' }],
    asked: [{ code: 'deed', reason: 'paper-order-refused', messageZh: /上传扫描件$/ }],
    clock: { of: 'supplement', days: 3 },
  })
  t.equal(orderRefused(life).outcome, 'duplicate')
  upload(life, 'deed')
  t.match(life.transfers('createOrder'), [], 'nobody needs the order any more')
  t.match(life.transfers('submitCase'), [{ state: 'due' }])
})

t.test('an order that is taken after all: what it brings ends the question', async (t) => {
  const life = waitingForPaper()
  orderRefused(life)
  const transferId = life.transfers('createOrder')[0]!.id
  life.tell({ type: 'transfer.revived', transferId, by: 'operator', reason: '地址已更正' })
  life.deliver('createOrder', { reference: 'EMS-1' })
  t.match(life.case('licence'), { waits: [{ for: 'supplement' }] })
  track(life, 'parcel.delivered')
  t.match(life.case('licence'), { waits: [], asked: [] })
  t.match(life.transfers('submitCase'), [{ state: 'due' }])
})

t.test(
  'everything that was in the parcel is asked for at once, of every case that waits for it',
  async (t) => {
    const shared = { matters: ['licence', 'water'], holdsCase: true }
    const life = begin(
      submission({
        cases: [matter('licence'), matter('water'), matter('food')],
        materials: [material('deed', 'paper', shared), material('plan', 'paper')],
      }),
    )
    track(life, 'parcel.lost')
    const wanted = (code: string) => life.case(code).waits.map((wait) => 'material' in wait && wait.material)
    t.strictSame(wanted('licence'), ['deed', 'plan'])
    t.strictSame(wanted('water'), ['deed'])
    t.equal(life.told().filter((type) => type === 'case.correction-requested').length, 2)
    upload(life, 'deed')
    t.strictSame(wanted('water'), [], 'what one case is given serves the other')
    t.equal(life.transfers('submitCase').length, 2)
    upload(life, 'plan')
    t.equal(life.transfers('submitCase').length, 3)
  },
)

t.test('nothing is asked twice, whatever the carrier says next', async (t) => {
  const life = waitingForPaper()
  for (const event of ['parcel.lost', 'parcel.returned', 'parcel.lost'] as const) track(life, event)
  t.equal(life.case('licence').asked.length, 1)
  t.equal(life.case('licence').round, 1)
})

t.test('paper that was lost and comes all the same ends the question', async (t) => {
  const life = waitingForPaper()
  track(life, 'parcel.lost')
  track(life, 'parcel.in-transit', 'parcel.lost')
  t.equal(life.transfers('submitCase').length, 0)
  track(life, 'parcel.delivered')
  t.match(life.transfers('submitCase'), [{ state: 'due' }])
  t.strictSame([life.case('licence').asked, life.case('licence').clock], [[], undefined])
  t.ok(life.told().includes('case.supplemented'))
  t.equal(upload(life, 'deed').outcome, 'refused')
})

t.test(
  'paper that came back may be brought: to the department, or to a window that hands it on',
  async (t) => {
    const department: Keeper = { kind: 'department', system: 'licence' }
    const window: Keeper = { kind: 'window', hall: 'h', window: '1' }
    const life = waitingForPaper()
    for (const event of ['parcel.collected', 'parcel.returned'] as const) track(life, event)
    life.tell(bring(life, window))
    t.equal(life.transfers('submitCase').length, 0, 'it is not there yet')
    life.tell({
      ...(bring(life, department) as DomainEvent & { type: 'material.handed-over' }),
      from: window,
    })
    t.match(life.transfers('submitCase'), [{ state: 'due' }])
    t.notOk(life.told().includes('custody.gap'))
  },
)

t.test(
  'a department that says it has the paper frees the case, before or after its carrier tells',
  async (t) => {
    const received = (life: Life) =>
      life.tell({
        type: 'material.received',
        caseId: life.case('licence').id,
        at: after(life.entries.length),
        system: 'licence',
      })
    const quick = waitingForPaper()
    track(quick, 'parcel.collected')
    received(quick)
    t.match(quick.transfers('submitCase'), [{ state: 'due' }])
    track(quick, 'parcel.lost')
    t.notOk(quick.told().includes('case.correction-requested'), 'it is there, whatever the carrier says')

    const late = waitingForPaper()
    track(late, 'parcel.lost')
    received(late)
    t.match(late.transfers('submitCase'), [{ state: 'due' }])
  },
)

t.test('a receipt from the future is refused', async (t) => {
  const life = waitingForPaper()
  const caseId = life.case('licence').id
  t.match(life.tell({ type: 'material.received', caseId, at: after(600), system: 'licence' }, after(10)), {
    outcome: 'refused',
    reason: { en: /ahead of the gateway/, zh: /超前/ },
  })
})

t.test('who answers not at all is not waited for longer than the limit', async (t) => {
  const life = waitingForPaper()
  track(life, 'parcel.lost')
  life.tell({ type: 'clock.rang', caseId: life.case('licence').id }, after(20 * 24 * 60))
  t.match(life.case('licence'), { state: 'terminated', reason: 'supplement-timeout' })
})

t.test('paper that no case waits for, and a result on its way back, ask nobody', async (t) => {
  const beside = waitingForPaper([material('deed', 'paper')])
  track(beside, 'parcel.lost')
  const home = begin()
  home.report('licence', 'case.issued', { detail: { result: { type: 'paper', name: '证' } } })
  track(home, 'parcel.lost')
  for (const life of [beside, home]) t.notOk(life.told().includes('case.correction-requested'))
})
