// Appointments: kept, missed, moved to another slot, cancelled.

import t from 'tap'
import { begin, callingBack, type Life, matter, NOW, submission } from './life.ts'

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

t.test('cases of before slots were kept are known by what they wait for', async (t) => {
  const life = booked()
  const { appointment: _, ...old } = life.case('licence')
  const other = begin(submission({ cases: [matter('licence', { mode: 'appointment' })] }))
  t.equal(old.waits.length, 1)
  t.equal(say(other, 'attended').outcome, 'applied', 'it had started when booked; his coming is noted')
})
