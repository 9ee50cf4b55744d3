// The applicant goes on in another mode, without submitting again.

import t from 'tap'
import type { ModeAsked } from '../../src/domain/events.ts'
import { begin, callingBack, type Life, matter, rulesWith, submission } from './life.ts'

const ask = (life: Life, mode: ModeAsked['mode'], change: Partial<ModeAsked> = {}, code = 'licence') =>
  life.tell({
    type: 'case.mode-asked',
    caseId: life.case(code).id,
    mode,
    reason: '改变主意',
    waitsForAttendance: true,
    ...change,
  })
const pending = () =>
  begin(submission({ cases: [matter('licence'), matter('food', { after: ['licence'] })] }))
const byAppointment = () =>
  begin(
    submission({
      cases: [matter('licence', { mode: 'appointment', waitsForAttendance: true, slot: 'S-1' })],
    }),
  )

t.test('what waits here starts by the rule of its new mode', async (t) => {
  const life = pending()
  t.equal(ask(life, 'appointment', { slot: 'S-1' }, 'food').outcome, 'applied')
  t.match(life.case('food'), { mode: 'appointment', appointment: { slot: 'S-1', state: 'booked' } })
  life.report('licence', 'case.approved')
  t.match(life.case('food').waits, [{ for: 'attendance' }])
  const { id: caseId } = life.case('food')
  life.tell({ type: 'appointment.reported', caseId, outcome: 'attended', at: '2026-11-23T01:00:00Z' })
  t.equal(life.transfers('submitCase').length, 2)
})

t.test('a matter that starts when booked does not wait for the applicant', async (t) => {
  const life = pending()
  ask(life, 'appointment', { slot: 'S-1', waitsForAttendance: false }, 'food')
  t.match(life.case('food').waits, [{ for: 'case' }])
})

t.test('from an appointment to online: it goes out at once, and the slot is let go', async (t) => {
  const life = byAppointment()
  t.strictSame(life.transfers('submitCase'), [])
  ask(life, 'online')
  t.match(life.transfers('submitCase'), [{ state: 'due' }])
  t.match(life.case('licence'), { mode: 'online', waits: [] })
  t.equal(life.case('licence').appointment, undefined)
  t.match(life.entries.at(-1), {
    type: 'case.mode-changed',
    data: { from: 'appointment', mode: 'online', reason: '改变主意', released: 'S-1' },
  })
})

t.test('to a window: the clerk is kept with the case alone', async (t) => {
  const life = pending()
  const agent = { hall: 'H', window: '01', clerk: '赵' }
  ask(life, 'agent', { agent }, 'food')
  t.match(life.case('food'), { mode: 'agent', agent })
  t.equal(life.case('licence').mode, 'online')
  ask(life, 'online', {}, 'food')
  t.equal(life.case('food').agent, undefined)
})

t.test('a case that its department has stays there, and the department is told in order', async (t) => {
  const life = begin(submission(), callingBack)
  ask(life, 'appointment', { slot: 'S-1' })
  t.match(life.case('licence'), { state: 'pending', waits: [] }, 'it is on its way already')
  const [sent] = life.transfers('submitCase')
  const told = life.transfers('notify').find((one) => one.system === 'licence')
  t.match(told, { lane: sent!.lane, state: 'held', about: { event: { type: 'case.mode-changed' } } })
  life.deliver('submitCase')
  life.report('licence', 'case.accepted')
  t.equal(ask(life, 'online').outcome, 'applied')
  t.match(life.case('licence'), { state: 'accepted', mode: 'online' })
})

t.test('the same again changes nothing; another slot is no change of mode', async (t) => {
  const life = byAppointment()
  const before = life.state
  t.equal(ask(life, 'appointment', { slot: 'S-1' }).outcome, 'duplicate')
  t.match(ask(life, 'appointment', { slot: 'S-2' }), { outcome: 'refused', reason: { zh: /改期/ } })
  t.equal(life.state, before)
})

t.test('what is settled keeps its mode', async (t) => {
  const life = begin(submission(), rulesWith())
  life.report('licence', 'case.denied')
  t.match(ask(life, 'appointment', { slot: 'S-1' }), {
    outcome: 'refused',
    reason: { en: /denied can no longer/, zh: /不能再变更办理方式/ },
  })
})
