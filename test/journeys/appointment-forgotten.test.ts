// Somebody comes to the hall by appointment, and the hall forgets to say so. He is not forgotten: days later
// it is said, and his case begins. Of another nobody ever says anything, and his case ends.

import t from 'tap'
import { dayAfter } from '../../src/domain/calendar.ts'
import { watchDeadlines } from '../../src/supervision/deadlines.ts'
import { platformAt, retirement } from '../support/platform.ts'
import { type Application, startTown } from './town.ts'

const town = await startTown(t)
const platform = platformAt(town.running.url)
const MATTER = 'retirement-approval'
const DAY_MS = 24 * 3_600_000

/** By the department's own book, whose slots have names; the platform says when it is. */
async function bookedIn(days: number): Promise<Application> {
  const files = [await platform.upload(), await platform.upload()] as const
  const at = `${new Date(Date.now() + 8 * 3_600_000 + days * DAY_MS).toISOString().slice(0, 10)}T09:30:00+08:00`
  return town.apply(
    retirement(files, { mode: 'appointment', appointment: { slot: '三楼 3 号窗口 上午', at } }),
  )
}

/** All that the case counts by the day is so much earlier, and the watch over limits makes its round. */
async function daysPass({ id, cases }: Application, days: number): Promise<void> {
  const one = cases[MATTER]!
  const { query, gateway } = town.running
  const [row] = await query<{ data: Record<string, unknown> }>('select data from cases where id = $1', [one])
  const { appointment, clock } = row!.data
  const aged = JSON.stringify({ ...row!.data, appointment, clock }).replace(/\d{4}-\d\d-\d\d/g, (day) =>
    dayAfter(day, -days),
  )
  await query('update cases set data = $2, rings_on = rings_on - $3::integer where id = $1', [
    one,
    aged,
    days,
  ])
  // So that no process goes by what it remembers.
  await query('update submissions set version = version + 1 where id = $1', [id])
  const faults: string[] = []
  const observer = { warned: () => undefined, fault: (message: string) => void faults.push(message) }
  const watch = watchDeadlines({ ledger: gateway.ledger, observer })
  await watch.round()
  await watch.close()
  t.strictSame(faults, [])
}

const standing = async ({ cases }: Application) => (await platform.get(`/v1/cases/${cases[MATTER]}`)).json()
/** What the platform was pushed of the case's appointment. */
async function heard({ cases }: Application): Promise<{ type: string; data: object }[]> {
  const { items } = (await platform.get('/v1/events?types=appointment.*')).json()
  return items.filter(({ subject }: { subject: string }) => subject === cases[MATTER])
}

t.test('reminded the day before, forgotten by the hall, and not by the gateway', async (t) => {
  const pensioner = await bookedIn(10)
  t.match(await standing(pensioner), {
    state: 'pending',
    appointment: { state: 'booked', startsAt: /T09:30:00\+08:00$/, next: undefined },
  })

  await daysPass(pensioner, 9)
  t.strictSame(await pensioner.events(MATTER), ['appointment.reminded'])
  await daysPass(pensioner, 1)
  t.strictSame(await pensioner.events(MATTER), ['appointment.reminded'], 'his day: he comes, nobody says so')

  await daysPass(pensioner, 12)
  t.match(await standing(pensioner), {
    state: 'pending',
    appointment: { state: 'booked', unreported: true },
    deadline: { of: 'appointment', days: 15 },
  })
  t.match(await heard(pensioner), [
    { type: 'appointment.reminded', data: { slot: /三楼/, startsAt: /T09:30/ } },
    { type: 'appointment.unreported', data: { reason: /补登/, reasonEn: /whether you came/ } },
  ])

  const came = { outcome: 'attended' }
  t.equal(
    (await platform.post(`/v1/cases/${pensioner.cases[MATTER]}/appointment`, { body: came })).status,
    202,
  )
  await town.rest()
  t.equal(await pensioner.state(), 'completed')
  t.strictSame((await pensioner.events(MATTER)).slice(0, 4), [
    'appointment.reminded',
    'appointment.unreported',
    'appointment.attended',
    'case.dispatched',
  ])
  await town.agree(t)
})

t.test('of whom nobody ever says anything is not taken to have come: his case ends', async (t) => {
  const pensioner = await bookedIn(10)
  await daysPass(pensioner, 9)
  await daysPass(pensioner, 13)
  await daysPass(pensioner, 40)
  t.match(await standing(pensioner), { state: 'terminated', reason: 'appointment-missed' })
  t.equal(await pensioner.stateOf('retiree-medical-insurance'), 'terminated')

  await town.rest()
  t.equal(await pensioner.state(), 'refused')
  t.match(await heard(pensioner), [{ type: 'appointment.reminded' }, { type: 'appointment.unreported' }])
  t.ok(town.told().cases[pensioner.cases[MATTER]!]?.types.includes('case.terminated'), 'the applicant knows')
  t.notOk((await pensioner.read('transfers')).some(({ operation }) => operation === 'submitCase'))
  const late = await platform.post(`/v1/cases/${pensioner.cases[MATTER]}/appointment`, {
    body: { outcome: 'attended' },
  })
  t.equal(late.status, 409)
  await town.agree(t)
})
