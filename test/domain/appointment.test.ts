// Appointments: kept, missed, moved to another slot, cancelled.

import t from 'tap'
import type { Limits } from '../../src/domain/clock.ts'
import { begin, callingBack, type Life, matter, NOW, rulesWith, submission } from './life.ts'

const booked = () =>
  begin(
    submission({
      cases: [matter('licence', { mode: 'appointment', waitsForAttendance: true, slot: 'S-1' })],
    }),
    callingBack,
  )
type Outcome = 'attended' | 'missed' | 'rebooked' | 'cancelled'
const say = (life: Life, outcome: Outcome, slot?: string, at = NOW) =>
  life.tell({
    type: 'appointment.reported',
    caseId: life.case('licence').id,
    outcome,
    at,
    ...(slot ? { slot } : {}),
  })
const standing = (life: Life) => life.case('licence').appointment

t.test('missed, rebooked and kept: each is told, and the case starts with the last', async (t) => {
  const life = booked()
  t.strictSame(standing(life), { slot: 'S-1', state: 'booked' })
  say(life, 'missed')
  t.strictSame(standing(life), { slot: 'S-1', state: 'missed' })
  say(life, 'rebooked', 'S-2')
  t.strictSame(standing(life), { slot: 'S-2', state: 'booked' })
  t.strictSame(life.transfers('submitCase'), [])
  say(life, 'attended')
  t.equal(life.transfers('submitCase').length, 1)
  const told = life.transfers('notify').filter((one) => one.system === 'platform')
  t.match(
    told.map(({ about }) => ('event' in about ? [about.event.type, about.event.data.slot] : [])),
    [
      ['submission.received', undefined],
      ['appointment.missed', 'S-1'],
      ['appointment.changed', 'S-2'],
      ['appointment.attended', 'S-2'],
    ],
  )
  t.match(life.entries[2]?.data, { before: 'S-1', slot: 'S-2' })
})

t.test('every outcome again changes nothing', async (t) => {
  for (const [outcome, slot] of [['missed'], ['rebooked', 'S-2'], ['cancelled'], ['attended']] as const) {
    const life = booked()
    t.equal(say(life, outcome, slot).outcome, 'applied', outcome)
    const before = life.state
    t.equal(say(life, outcome, slot).outcome, 'duplicate', outcome)
    t.equal(life.state, before)
  }
})

t.test('who came cannot have missed it, nor move or cancel it', async (t) => {
  const life = booked()
  say(life, 'attended')
  for (const [outcome, slot] of [['missed'], ['rebooked', 'S-2'], ['cancelled']] as const)
    t.match(say(life, outcome, slot), { outcome: 'refused', reason: { zh: /已到场/ } }, outcome)
})

t.test('a cancelled appointment has to be booked again before it is kept', async (t) => {
  const life = booked()
  say(life, 'cancelled')
  t.match(say(life, 'attended'), { outcome: 'refused', reason: { en: /book another first/ } })
  say(life, 'rebooked', 'S-3')
  t.equal(say(life, 'attended').outcome, 'applied')
})

t.test('nobody came yet who comes tomorrow', async (t) => {
  const life = booked()
  t.match(say(life, 'attended', undefined, '2026-11-24T01:00:00Z'), {
    outcome: 'refused',
    reason: { en: /ahead of the gateway/, zh: /超前/ },
  })
})

t.test('a case without appointment, or one that is settled, has none to keep', async (t) => {
  const online = begin()
  t.match(say(online, 'rebooked', 'S-2'), { outcome: 'refused', reason: { zh: /没有预约/ } })
  const life = booked()
  life.tell({ type: 'case.withdrawal-asked', caseId: life.case('licence').id, reason: '不办了' })
  t.match(say(life, 'rebooked', 'S-2'), {
    outcome: 'refused',
    reason: { en: /withdrawn has no appointment/ },
  })
})

const limits: Limits = {
  appointment: { days: 5, unit: 'G' },
  warnShare: 0.8,
  appointmentTimeout: 'terminate',
}
const watched = (change: Partial<Limits> = {}): Life =>
  begin(
    submission({
      cases: [
        matter('licence', { mode: 'appointment', waitsForAttendance: true, slot: 'S-1' }),
        matter('food', { after: ['licence'] }),
      ],
    }),
    rulesWith({ subscribes: () => true, limits: () => ({ ...limits, ...change }) }),
  )
const ring = (life: Life, day: string) =>
  life.tell({ type: 'clock.rang', caseId: life.case('licence').id }, `${day}T00:00:00.000+08:00`)

t.test(
  'who missed an appointment, or cancelled it, and books no other in time has his case ended',
  async (t) => {
    for (const outcome of ['missed', 'cancelled'] as const) {
      const life = watched()
      t.equal(life.case('licence').clock, undefined, 'what is booked runs against nothing')
      say(life, outcome)
      t.match(life.case('licence').clock, { of: 'appointment', from: '2026-11-23', dueOn: '2026-11-30' })
      ring(life, '2026-11-28')
      t.match(life.entries.at(-1), { type: 'deadline.warned', data: { clock: 'appointment' } })
      ring(life, '2026-12-01')
      t.match(life.case('licence'), { state: 'terminated', reason: 'appointment-missed', clock: undefined })
      const told = life.told()
      t.ok(told.indexOf('deadline.passed') < told.indexOf('case.terminated'))
      t.match(life.entries.find((one) => one.type === 'case.terminated')?.data, {
        reason: 'appointment-missed',
        dueOn: '2026-11-30',
      })
      t.match(life.case('food'), { state: 'terminated', reason: 'upstream-refused' })
      t.strictSame(life.transfers('withdrawCase'), [], 'the department never knew of it')
      t.equal(say(life, 'rebooked', 'S-2').outcome, 'refused')
    }
  },
)

t.test(
  'another appointment, the applicant, or another mode stops the clock; a second miss starts it anew',
  async (t) => {
    const rebooked = watched()
    say(rebooked, 'missed')
    say(rebooked, 'rebooked', 'S-2')
    t.equal(rebooked.case('licence').clock, undefined)
    t.equal(ring(rebooked, '2026-12-01').outcome, 'duplicate')
    rebooked.tell(
      {
        type: 'appointment.reported',
        caseId: rebooked.case('licence').id,
        outcome: 'missed',
        at: '2026-12-01T09:00:00+08:00',
      },
      '2026-12-01T01:30:00.000Z',
    )
    t.match(rebooked.case('licence').clock, { from: '2026-12-01' })

    const came = watched()
    say(came, 'missed')
    say(came, 'attended')
    t.equal(came.case('licence').clock, undefined)

    const online = watched()
    say(online, 'cancelled')
    const caseId = online.case('licence').id
    online.tell({ type: 'case.mode-asked', caseId, mode: 'online', reason: '', waitsForAttendance: false })
    t.equal(online.case('licence').clock, undefined)
    t.ok(online.open('submitCase'))
  },
)

t.test(
  'where the settings say so, the red card alone is shown, and the case may still be booked',
  async (t) => {
    const life = watched({ appointmentTimeout: 'none', escalation: [1] })
    say(life, 'missed')
    ring(life, '2026-12-01')
    t.match(life.case('licence'), { state: 'pending', clock: { card: 'red', escalateOn: '2026-12-02' } })
    t.equal(say(life, 'rebooked', 'S-2').outcome, 'applied')
  },
)

t.test(
  'who missed an appointment for a case that its department has already is not waited for',
  async (t) => {
    const cases = [matter('licence', { mode: 'appointment', slot: 'S-1' })]
    const life = begin(submission({ cases }), rulesWith({ limits: () => limits }))
    say(life, 'missed')
    t.equal(life.case('licence').clock, undefined)
  },
)

t.test('cases of before slots were kept are known by what they wait for', async (t) => {
  const life = booked()
  const { appointment: _, ...old } = life.case('licence')
  const other = begin(submission({ cases: [matter('licence', { mode: 'appointment' })] }))
  t.equal(old.waits.length, 1)
  t.equal(say(other, 'attended').outcome, 'applied', 'it had started when booked; his coming is noted')
})
