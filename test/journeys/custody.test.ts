// Somebody retires far from home: a clerk of another county's hall takes the personnel file in, the post carries it, and
// every hand-over stands in its chain. Of another file nothing is heard, until an alarm asks after it.

import t from 'tap'
import { watchDeadlines } from '../../src/supervision/deadlines.ts'
import { platformAt, retirement } from '../support/platform.ts'
import { startTown } from './town.ts'

const town = await startTown(
  t,
  {},
  { edit: { 'postal/410222.yaml': (text) => text.replace('to: "2027-12-31"', 'to: "2026-01-31"') } },
)
const platform = platformAt(town.running.url)
const file = 'personnel-file'
const clerk = { hall: '410225-01', window: '01', clerk: '王晓明' }

const byAgent = async (homeDivision: string, verifiedAt: string) =>
  town.apply(
    retirement([await platform.upload(), ''], {
      mode: 'agent',
      division: '410225',
      homeDivision,
      agent: { ...clerk, verified: [{ material: file, at: verifiedAt }] },
      materials: [
        { code: 'retirement-form', source: 'upload', materialId: await platform.upload() },
        { code: file, source: 'paper' },
      ],
    }),
  )
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
  'the file of a retiree goes from the window by post to the department, each hand-over on record',
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
        reference: file,
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
    for (const said of ['职工人事档案', '收件', '交寄', '签收', paper.links[1]!.waybill!])
      t.ok(list.includes(said), said)
    await town.agree(t)
  },
)

t.test('a file that never left its window raises an alarm, until the window hands it over', async (t) => {
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
    { type: 'custody.overdue', data: { caseId: approval, material: file, heldBy: 'window', days: 2 } },
  ])

  // Without a contract of the county no parcel could be ordered: the hall sends it by a courier of its own.
  const report = (body: Record<string, unknown>) =>
    platform.post(`/v1/submissions/${retiree.id}/custody`, { body: { materials: [file], ...body } })
  const sent = await report({ from: { kind: 'window' }, to: { kind: 'carrier' }, note: '机要通道' })
  t.equal(sent.status, 202, sent.body.toString())
  const received = await report({ from: { kind: 'carrier' }, to: { kind: 'department', person: '李主任' } })
  t.equal(received.status, 202, received.body.toString())
  const paper = await custody(retiree.id)
  t.strictSame(way(paper), ['applicant → window', 'window → carrier', 'carrier → department'])
  t.equal(paper.awaits, undefined, 'nobody is waited for any more')
  t.equal(await watch.round(), 0)
  const alarms = (await retiree.events('retirement-approval')).filter((type) => type.startsWith('custody.'))
  t.strictSame(alarms, ['custody.overdue'], 'once, and no gap')
})
