// Somebody retires early, far from home: a clerk of another county's hall takes the original proof of
// hazardous work in, the post carries it, and every hand-over stands in its chain. Of another's nothing is
// heard, until an alarm asks after it.

import t from 'tap'
import { watchDeadlines } from '../../src/supervision/deadlines.ts'
import { departmentAt } from '../support/department.ts'
import { platformAt, retirement } from '../support/platform.ts'
import { startTown } from './town.ts'

const town = await startTown(
  t,
  {},
  {
    edit: {
      // The department's own code for papers that have come in.
      'systems/human-resources.yaml': (text) =>
        text.replace('preset: house', 'preset: house\n  statuses: { "25": material.received }'),
      'postal/410222.yaml': (text) => text.replace('to: "2027-12-31"', 'to: "2026-01-31"'),
    },
  },
)
const platform = platformAt(town.running.url)
const department = departmentAt(town.running.url, 'human-resources')
const proof = 'special-work-proof'
const clerk = { hall: '410225-01', window: '01', clerk: '王晓明' }

async function byAgent(homeDivision: string, verifiedAt: string) {
  const scans = [await platform.upload(), await platform.upload()] as const
  const right = retirement(scans)
  return town.apply({
    ...right,
    mode: 'agent',
    division: '410225',
    homeDivision,
    situations: { retirementKind: 'special-work', wantsElderlyCard: false },
    agent: { ...clerk, verified: [{ material: proof, at: verifiedAt }] },
    materials: [...(right.materials as object[]), { code: proof, source: 'paper' }],
  })
}
interface Shown {
  material: string
  keeper: { kind: string }
  links: {
    kind: string
    from: { kind: string }
    to: { kind: string; system?: string }
    at: string
    waybill?: string
    by: string
  }[]
  awaits?: { overdue: boolean }
}
const custody = async (id: string): Promise<Shown> =>
  (await platform.get(`/v1/submissions/${id}/custody`)).json().items[0]
const way = ({ links }: Shown) => links.map(({ from, to }) => `${from.kind} → ${to.kind}`)

t.test(
  'the original of a retiree goes from the window by post to the department, each hand-over on record',
  async (t) => {
    const retiree = await byAgent('410221', new Date().toISOString())

    await town.rest()
    t.equal(await retiree.state(), 'completed')
    const books = () => town.told().effects.filter(({ kind }) => kind === 'hand-over')
    await town.until('the window has reported it', () => books().length > 0)
    const paper = await custody(retiree.id)
    t.strictSame(way(paper), ['applicant → window', 'window → carrier', 'carrier → department'])
    t.match(paper.links, [
      {
        kind: 'taken-in',
        to: { hall: '410225-01', window: '01', person: '王晓明' },
        by: 'client:kaifeng-platform',
      },
      { kind: 'sent', to: { system: 'ems' }, waybill: /^\d{13}$/, confirmed: {} },
      { kind: 'received', to: { kind: 'department', system: 'human-resources' }, by: 'system:ems' },
    ])
    t.strictSame(books(), [
      {
        kind: 'hand-over',
        key: retiree.cases['retirement-approval'],
        reference: proof,
        times: 1,
        state: 'sent',
      },
    ])
    const events = await retiree.events('retirement-approval')
    t.equal(events.filter((type) => type === 'material.handed-over').length, 3)
    t.notOk(
      events.some((type) => type.startsWith('custody.')),
      'no alarm',
    )
    const list = (await platform.get(`/v1/submissions/${retiree.id}/custody.html`)).body.toString('utf8')
    for (const said of ['特殊工种岗位证明', '收件', '交寄', '签收', paper.links[1]!.waybill!])
      t.ok(list.includes(said), said)
    await town.agree(t)
  },
)

t.test(
  'an original that never left its window raises an alarm, until the window hands it over',
  async (t) => {
    const retiree = await byAgent('410222', '2026-06-01T09:00:00+08:00')
    const approval = retiree.cases['retirement-approval']!
    const watch = watchDeadlines({
      ledger: town.running.gateway.ledger,
      observer: { warned: () => undefined, fault: (message) => t.fail(message) },
    })
    t.teardown(() => watch.close())
    await watch.round()
    await town.until('the alarm is raised', async () =>
      (await retiree.events('retirement-approval')).includes('custody.overdue'),
    )
    t.match(await custody(retiree.id), { keeper: { kind: 'window' }, awaits: { overdue: true } })
    const told = (await platform.get('/v1/events?types=custody.*')).json().items
    t.match(told, [
      { type: 'custody.overdue', data: { caseId: approval, material: proof, heldBy: 'window', days: 2 } },
    ])

    // Without a contract of the county no parcel could be ordered: the hall sends it by a courier of its own.
    const report = (body: Record<string, unknown>) =>
      platform.post(`/v1/submissions/${retiree.id}/custody`, { body: { materials: [proof], ...body } })
    const sent = await report({ from: { kind: 'window' }, to: { kind: 'carrier' }, note: '机要通道' })
    t.equal(sent.status, 202, sent.body.toString())
    t.equal(
      (await department.report(approval, '25', { reason: '' })).code,
      '0',
      'the department says that it came',
    )
    const paper = await custody(retiree.id)
    t.strictSame(way(paper), ['applicant → window', 'window → carrier', 'carrier → department'])
    t.equal(paper.awaits, undefined, 'nobody is waited for any more')
    t.match(await watch.round(), { cards: 0 })
    const alarms = (await retiree.events('retirement-approval')).filter((type) => type.startsWith('custody.'))
    t.strictSame(alarms, ['custody.overdue'], 'once, and no gap')
  },
)
