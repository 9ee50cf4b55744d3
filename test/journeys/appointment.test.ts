// Somebody retires: comes to the hall by appointment, and the case starts when he is there. Another changes his mind.

import t from 'tap'
import { platformAt, retirement } from '../support/platform.ts'
import { startTown } from './town.ts'

const town = await startTown(t)
const platform = platformAt(town.running.url)
const booked = async () => {
  const files = [await platform.upload(), await platform.upload()] as const
  return town.apply(
    retirement(files, { mode: 'appointment', appointment: { slot: '410204-2026-12-01-0930' } }),
  )
}
const say = (caseId: string | undefined, what: string, body: unknown, key?: string) =>
  platform.post(`/v1/cases/${caseId}/${what}`, { body, ...(key ? { key } : {}) })

t.test('a case by appointment starts when the applicant is there', async (t) => {
  const pensioner = await booked()
  const approval = pensioner.cases['retirement-approval']
  t.equal((await say(approval, 'appointment', { outcome: 'missed' })).status, 202)
  t.equal(await pensioner.stateOf('retirement-approval'), 'pending', 'missed: he may come another day')

  const came = { outcome: 'attended', at: '2026-11-23T09:35:00+08:00' }
  t.equal((await say(approval, 'appointment', came, 'came')).status, 202)
  const again = await say(approval, 'appointment', came, 'came')
  t.equal(again.status, 200)
  t.equal(again.headers.get('idempotent-replayed'), 'true')

  await town.rest()
  t.equal(await pensioner.state(), 'completed')
  t.strictSame((await pensioner.events('retirement-approval')).slice(0, 4), [
    'appointment.missed',
    'appointment.attended',
    'case.dispatched',
    'case.accepted',
  ])
  t.ok((await pensioner.events('retiree-medical-insurance')).includes('case.closed'))
  await town.agree(t)
})

t.test('an appointment missed is booked again, and the platform hears of each step', async (t) => {
  const pensioner = await booked()
  const approval = pensioner.cases['retirement-approval']
  await say(approval, 'appointment', { outcome: 'missed' })
  const other = { outcome: 'rebooked', slot: '410204-2026-12-08-1400', reason: '临时有事' }
  t.equal((await say(approval, 'appointment', other)).status, 202)
  t.match((await platform.get(`/v1/cases/${approval}`)).json(), {
    state: 'pending',
    appointment: { slot: other.slot, state: 'booked' },
  })
  t.equal((await say(approval, 'appointment', { outcome: 'attended' })).status, 202)

  await town.rest()
  t.equal(await pensioner.state(), 'completed')
  const steps = ['missed', 'changed', 'attended'].map((step) => `appointment.${step}`)
  t.strictSame((await pensioner.events('retirement-approval')).slice(0, 3), steps)
  const { items } = (await platform.get('/v1/events?types=appointment.*')).json()
  const told = items.filter((one: { subject: string }) => one.subject === approval)
  t.strictSame(
    told.map((one: { type: string }) => one.type),
    steps,
  )
  t.match(told[1].data, { slot: other.slot, before: '410204-2026-12-01-0930', reason: '临时有事' })
  await town.agree(t)
})

t.test(
  'who withdraws before the appointment is nobody’s case, and what depended on it ends with it',
  async (t) => {
    const pensioner = await booked()
    const answer = await say(pensioner.cases['retirement-approval'], 'withdrawal', { reason: '本人改变主意' })
    t.match(answer.json(), { state: 'withdrawn' })

    await town.rest()
    t.equal(await pensioner.state(), 'refused')
    t.equal(await pensioner.stateOf('retiree-medical-insurance'), 'terminated')
    const late = await say(pensioner.cases['retirement-approval'], 'appointment', { outcome: 'attended' })
    t.not(late.status, 202, 'nothing starts any more')
    t.notOk((await pensioner.read('transfers')).some(({ operation }) => operation === 'submitCase'))
    await town.agree(t)
  },
)
