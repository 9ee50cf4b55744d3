// Appointments by the day: reminded of once, and told where nobody says whether the applicant came.

import t from 'tap'
import type { Limits } from '../../src/domain/clock.ts'
import type { DomainEvent, ReceivedCase } from '../../src/domain/events.ts'
import { ringsOn } from '../../src/domain/ringing.ts'
import { startOfSlot } from '../../src/domain/slots.ts'
import { begin, type Life, matter, NOW, rulesWith, submission } from './life.ts'

// A Tuesday; NOW is the Monday of the week before.
const TUESDAY = '410204-01.catering.20261201T0930'
const FRIDAY = '410204-01.catering.20261204T1400'

const limits: Limits = {
  appointment: { days: 5, unit: 'G' },
  warnShare: 0.8,
  appointmentTimeout: 'terminate',
}
const booked = (slot: string, change: Partial<ReceivedCase> = {}, limited: Partial<Limits> = {}): Life =>
  begin(
    submission({
      cases: [
        matter('licence', { mode: 'appointment', waitsForAttendance: true, slot, ...change }),
        matter('food', { after: ['licence'] }),
      ],
    }),
    rulesWith({ subscribes: () => true, limits: () => ({ ...limits, ...limited }) }),
  )

const at = (day: string, time = '00:00'): string => new Date(`${day}T${time}:00+08:00`).toISOString()
type Report = DomainEvent & { type: 'appointment.reported' }
const say = (life: Life, outcome: Report['outcome'], now = NOW, slot?: string) => {
  const caseId = life.case('licence').id
  const report: Report = { type: 'appointment.reported', caseId, outcome, at: now, ...(slot ? { slot } : {}) }
  return life.tell(report, now)
}
const ring = (life: Life, day: string, time?: string) =>
  life.tell({ type: 'clock.rang', caseId: life.case('licence').id }, at(day, time))
const rings = (life: Life) => ringsOn(life.case('licence'))
/** What was told of the appointment, by its slot. */
const told = (life: Life, type: string) =>
  life.entries.filter((one) => one.type === `appointment.${type}`).map(({ data }) => data.slot)

t.test('who is booked is reminded on the day before, once', async (t) => {
  const life = booked(TUESDAY)
  t.equal(rings(life), '2026-11-30')
  t.equal(ring(life, '2026-11-29', '23:59').outcome, 'duplicate', 'not before')
  t.equal(ring(life, '2026-11-30').outcome, 'applied')
  t.equal(ring(life, '2026-11-30').outcome, 'duplicate')
  ring(life, '2026-12-01')
  t.strictSame(told(life, 'reminded'), [TUESDAY])
  const last = life.transfers('notify').at(-1)!
  t.match(last, {
    system: 'licence',
    about: {
      event: {
        type: 'appointment.reminded',
        data: { slot: TUESDAY, startsAt: '2026-12-01T09:30:00+08:00', state: 'pending' },
      },
    },
  })
  t.match(life.case('licence'), { clock: undefined, appointment: { state: 'booked' } })
})

t.test('whoever books on the day before, or on the day itself, is not reminded', async (t) => {
  for (const now of [at('2026-11-30', '08:00'), at('2026-12-01', '08:00')]) {
    const life = booked(FRIDAY)
    say(life, 'rebooked', now, TUESDAY)
    t.equal(rings(life), '2026-12-03', 'only a report is waited for')
    ring(life, '2026-12-01', '09:00')
    t.strictSame(told(life, 'reminded'), [])
  }
})

t.test('booked again is reminded again; the earlier booking is not', async (t) => {
  const life = booked(TUESDAY)
  ring(life, '2026-11-30')
  say(life, 'rebooked', at('2026-11-30', '10:00'), FRIDAY)
  t.equal(rings(life), '2026-12-03')
  ring(life, '2026-12-03')
  t.strictSame(told(life, 'reminded'), [TUESDAY, FRIDAY])
  t.strictSame(told(life, 'unreported'), [], 'nobody misses a report on what was moved')

  const early = booked(TUESDAY)
  say(early, 'rebooked', NOW, FRIDAY)
  ring(early, '2026-11-30')
  t.strictSame(told(early, 'reminded'), [])
})

t.test('cancelled, missed, attended, withdrawn or in another mode: nobody is reminded', async (t) => {
  for (const outcome of ['cancelled', 'missed', 'attended'] as const) {
    const life = booked(TUESDAY, {}, { appointment: { days: 30, unit: 'G' } })
    say(life, outcome)
    t.equal(ring(life, '2026-11-30').outcome, 'duplicate', outcome)
    ring(life, '2026-12-03')
    t.strictSame([...told(life, 'reminded'), ...told(life, 'unreported')], [], outcome)
    t.strictSame(
      life.case('licence').appointment,
      { slot: TUESDAY, startsAt: '2026-12-01T09:30:00+08:00', state: outcome },
      outcome,
    )
  }
  const withdrawn = booked(TUESDAY)
  withdrawn.tell({ type: 'case.withdrawal-asked', caseId: withdrawn.case('licence').id, reason: '' })
  const online = booked(TUESDAY)
  const caseId = online.case('licence').id
  online.tell({ type: 'case.mode-asked', caseId, mode: 'online', reason: '', waitsForAttendance: false })
  for (const life of [withdrawn, online]) t.equal(rings(life), null)
})

t.test('a slot without a time gives no reminder, unless its time was said', async (t) => {
  const silent = booked('窗口 3 号 上午')
  t.equal(rings(silent), null)
  t.strictSame(silent.case('licence').appointment, { slot: '窗口 3 号 上午', state: 'booked' })

  const life = booked('窗口 3 号 上午', { startsAt: '2026-12-01T09:30:00+08:00' })
  ring(life, '2026-11-30')
  t.strictSame(told(life, 'reminded'), ['窗口 3 号 上午'])
  say(life, 'rebooked', at('2026-11-30', '10:00'), '窗口 4 号 上午')
  t.equal(rings(life), null, 'of the other slot nobody said a time')
})

t.test('the time of a slot is what was said, or what its id says; nonsense is none', async (t) => {
  t.equal(startOfSlot(TUESDAY, undefined), '2026-12-01T09:30:00+08:00')
  t.equal(startOfSlot(TUESDAY, '2026-12-01T01:30:00Z'), '2026-12-01T01:30:00Z')
  for (const id of ['S-1', '410204-2026-12-01-0930', 'h.o.20261301T0930', 'h.o.20261201T2560', undefined])
    t.equal(startOfSlot(id, undefined), undefined, String(id))
  for (const said of ['0001-01-01T00:00:00Z', '9999-12-31T23:00:00Z', '2026-06-30T23:59:60Z'])
    t.equal(startOfSlot('S-1', said), undefined, said)
})

t.test('a bell that rings late reminds until the slot begins, and not after', async (t) => {
  const late = booked(TUESDAY)
  ring(late, '2026-12-01', '09:29')
  t.strictSame(told(late, 'reminded'), [TUESDAY])

  const over = booked(TUESDAY)
  t.equal(ring(over, '2026-12-01', '09:30').outcome, 'applied')
  t.equal(rings(over), '2026-12-03')
  const long = booked(TUESDAY)
  ring(long, '2026-12-20')
  t.strictSame([...told(over, 'reminded'), ...told(long, 'reminded')], [])
  t.strictSame(told(long, 'unreported'), [TUESDAY])
})

t.test('a case that its department has already is reminded of, and no report is missed', async (t) => {
  const life = booked(TUESDAY, { waitsForAttendance: false })
  ring(life, '2026-11-30')
  t.strictSame(told(life, 'reminded'), [TUESDAY])
  t.equal(rings(life), null)
})

t.test('nobody says whether he came: that is told once, after a working day', async (t) => {
  const life = booked(FRIDAY)
  ring(life, '2026-12-03')
  t.equal(rings(life), '2026-12-08', 'Monday has passed')
  t.equal(ring(life, '2026-12-07').outcome, 'duplicate')
  ring(life, '2026-12-08')
  t.equal(ring(life, '2026-12-08').outcome, 'duplicate')
  t.match(life.entries.at(-1), {
    type: 'appointment.unreported',
    data: {
      slot: FRIDAY,
      startsAt: '2026-12-04T14:00:00+08:00',
      reason: /是否到场/,
      reasonEn: /whether you came/,
    },
  })
  t.match(life.case('licence'), {
    state: 'pending',
    appointment: { state: 'booked', unreported: true },
    clock: { of: 'appointment', from: '2026-12-08', dueOn: '2026-12-15' },
  })
})

/** Booked for the Tuesday; nobody says anything until the limit runs. */
function forgotten(change: Partial<Limits> = {}): Life {
  const life = booked(TUESDAY, {}, change)
  ring(life, '2026-11-30')
  ring(life, '2026-12-03')
  return life
}

t.test('that he came is told days later: the case begins all the same', async (t) => {
  const life = forgotten()
  ring(life, '2026-12-09')
  t.match(life.entries.at(-1), { type: 'deadline.warned', data: { clock: 'appointment' } })
  t.equal(say(life, 'attended', at('2026-12-10', '17:00')).outcome, 'applied')
  t.ok(life.open('submitCase'))
  t.match(life.case('licence'), {
    clock: undefined,
    appointment: { state: 'attended', unreported: undefined },
  })
  t.equal(rings(life), null)
})

t.test('nobody ever says anything: the case ends as a missed one does', async (t) => {
  const life = forgotten()
  ring(life, '2026-12-09')
  ring(life, '2026-12-11')
  t.match(life.case('licence'), { state: 'terminated', reason: 'appointment-missed', clock: undefined })
  t.match(life.case('food'), { state: 'terminated', reason: 'upstream-refused' })
  t.strictSame(life.transfers('submitCase'), [], 'nobody is taken to have come')
  t.notOk(life.told().includes('appointment.missed'), 'nor to have stayed away')
  t.equal(say(life, 'attended', at('2026-12-11', '10:00')).outcome, 'refused', 'it is over')
  t.equal(rings(life), null)
})

t.test('where the settings say so, the red card alone is shown', async (t) => {
  const life = forgotten({ appointmentTimeout: 'none' })
  ring(life, '2026-12-11')
  t.match(life.case('licence'), { state: 'pending', clock: { card: 'red' } })
  t.equal(say(life, 'attended', at('2026-12-14')).outcome, 'applied')
})

t.test('that he did not come is told late: his limit begins anew', async (t) => {
  for (const outcome of ['missed', 'cancelled'] as const) {
    const life = forgotten()
    ring(life, '2026-12-09')
    say(life, outcome, at('2026-12-10', '17:00'))
    t.match(life.case('licence').clock, { from: '2026-12-10', dueOn: '2026-12-17', card: undefined }, outcome)
    t.equal(life.case('licence').appointment?.unreported, undefined)
  }
})

t.test('booked again after that, it is as if nothing had been forgotten', async (t) => {
  const life = forgotten()
  const now = at('2026-12-04', '10:00')
  say(life, 'rebooked', now, '410204-01.catering.20261211T0930')
  t.match(life.case('licence'), { clock: undefined, appointment: { unreported: undefined } })
  t.equal(rings(life), '2026-12-10')
  ring(life, '2026-12-10')
  ring(life, '2026-12-15')
  t.equal(told(life, 'reminded').length, 2)
  t.equal(told(life, 'unreported').length, 2)
})

t.test(
  'where papers are asked for as well, they come first; the limit of the appointment waits',
  async (t) => {
    const life = begin(
      submission({
        cases: [matter('licence', { mode: 'appointment', waitsForAttendance: true, slot: TUESDAY })],
        materials: [
          {
            ...{ code: 'C1', name: 'C1', source: 'certificate', matters: ['licence'], files: [] },
            ...{ certificateType: 'type-C1', registry: 'registry', holdsCase: false },
          },
        ],
      }),
      rulesWith({ limits: () => ({ ...limits, supplement: { days: 30, unit: 'G' } }) }),
    )
    const transferId = life.open('obtainCertificate')!.id
    life.tell({ type: 'transfer.refused', transferId, code: 'certificate-not-found', reason: 'none' })
    ring(life, '2026-12-03')
    t.match(life.case('licence'), { clock: { of: 'supplement' }, appointment: { unreported: true } })
    const caseId = life.case('licence').id
    life.tell(
      { type: 'case.supplement-received', caseId, materials: [{ code: 'C1', files: [] }] },
      at('2026-12-04', '10:00'),
    )
    t.match(life.case('licence').clock, { of: 'appointment', from: '2026-12-04' })
  },
)

t.test('another book names its slots as it likes: who books again there may say when', async (t) => {
  const life = booked('window-7')
  t.equal(rings(life), null)
  const caseId = life.case('licence').id
  const again = {
    type: 'appointment.reported',
    caseId,
    outcome: 'rebooked',
    at: NOW,
    slot: 'window-8',
  } as const
  life.tell({ ...again, startsAt: at('2026-12-04', '14:00') }, NOW)
  t.equal(rings(life), '2026-12-03')
  ring(life, '2026-12-03')
  t.strictSame(told(life, 'reminded'), ['window-8'])
  t.equal(rings(life), '2026-12-08', 'a working day after the slot’s day has passed')
})
