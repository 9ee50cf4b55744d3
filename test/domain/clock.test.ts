// Limits: working days with their holidays, clocks that stop and go on, and the two cards.

import fc from 'fast-check'
import t from 'tap'
import { dayOf, daysBetween, lastDay, type WorkCalendar, workingDayFrom } from '../../src/domain/calendar.ts'
import type { Limits } from '../../src/domain/clock.ts'
import { cardRingsOn } from '../../src/domain/clock.ts'
import { begin, certificate, type Life, matter, rulesWith, submission } from './life.ts'

const off2026 = ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-02-23']
const worked2026 = ['2026-02-14', '2026-02-28']

/** Spring Festival of 2026, as the State Council published it. */
const calendar: WorkCalendar = {
  isWorkingDay: (day) =>
    worked2026.includes(day) ||
    (!off2026.includes(day) && ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())),
}

t.test('five working days from the day before the Spring Festival end after it', async (t) => {
  t.equal(lastDay('2026-02-13', { days: 5, unit: 'G' }, calendar), '2026-02-27')
  t.equal(lastDay('2026-02-13', { days: 5, unit: 'Z' }, calendar), '2026-02-18')
})

t.test('a day is a day in China, whatever the time zone of the moment', async (t) => {
  t.equal(dayOf('2026-11-23T16:30:00Z'), '2026-11-24')
  t.equal(dayOf('2026-11-24T00:30:00+08:00'), '2026-11-24')
})

t.test('as many days lie before the last day as the limit has', async () => {
  const days = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(
      days,
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom('G' as const, 'Z' as const),
      (at, n, unit) => {
        const from = at.toISOString().slice(0, 10)
        const last = lastDay(from, { days: n, unit }, calendar)
        return daysBetween(from, last, unit, calendar) === n
      },
    ),
  )
})

const limits: Limits = {
  acceptance: { days: 5, unit: 'G' },
  decision: { days: 10, unit: 'G' },
  supplement: { days: 15, unit: 'G' },
  warnShare: 0.8,
}
const timed = rulesWith({ ...calendar, limits: () => limits })
const clockOf = (life: Life) => life.case('licence').clock
const at = (day: string, time = '09:00:00') => `${day}T${time}+08:00`
const ring = (life: Life, now: string) =>
  life.tell({ type: 'clock.rang', caseId: life.case('licence').id }, new Date(now).toISOString())

/** Dispatched on Monday, 23 November 2026, and accepted on Tuesday. */
function accepted(running: Limits = limits): Life {
  const rules = running === limits ? timed : rulesWith({ ...calendar, limits: () => running })
  const life = begin(submission({ cases: [matter('licence')] }), rules)
  life.deliver('submitCase')
  life.report('licence', 'case.accepted', { at: at('2026-11-24') })
  return life
}

t.test('a case that was dispatched has to be accepted in time', async (t) => {
  const life = begin(submission(), timed)
  t.equal(clockOf(life), undefined)
  life.deliver('submitCase')
  t.match(clockOf(life), { of: 'acceptance', from: '2026-11-23', warnOn: '2026-11-27', dueOn: '2026-11-30' })
})

t.test('from its acceptance the decision’s limit runs, once', async (t) => {
  const life = accepted()
  t.match(clockOf(life), { of: 'decision', from: '2026-11-24', dueOn: '2026-12-08', warnOn: '2026-12-04' })
  life.report('licence', 'case.reviewing', { at: at('2026-11-26') })
  t.match(clockOf(life), { from: '2026-11-24', dueOn: '2026-12-08' })
})

t.test('a correction stops the department’s clock, and it goes on with the days it had left', async (t) => {
  const life = accepted()
  life.report('licence', 'case.correction-requested', { at: at('2026-11-26'), detail: { limitDays: 3 } })
  t.match(clockOf(life), { of: 'supplement', days: 3, dueOn: '2026-12-01' })
  t.match(life.case('licence').stopped, { of: 'decision', daysLeft: 8 })
  const supplied = new Date(at('2026-12-01')).toISOString()
  life.tell({ type: 'case.supplement-received', caseId: life.case('licence').id, materials: [] }, supplied)
  t.match(clockOf(life), { of: 'decision', from: '2026-12-01', days: 8, dueOn: '2026-12-11' })
  t.equal(life.case('licence').stopped, undefined)
})

t.test('two interruptions in a row lose no day', async (t) => {
  const life = accepted()
  life.report('licence', 'case.correction-requested', { at: at('2026-11-26') })
  life.report('licence', 'case.special-procedure-started', {
    at: at('2026-11-27'),
    detail: { limitDays: 20 },
  })
  t.match(clockOf(life), { of: 'special-procedure', days: 20 })
  t.match(life.case('licence').stopped, { of: 'decision', daysLeft: 8 })
})

t.test('a special procedure costs the applicant no day of what he was given', async (t) => {
  const sixty = { limitDays: 60, limitUnit: 'Z' } as const
  const life = accepted({ ...limits, specialProcedure, supplementTimeout: 'terminate' })
  life.report('licence', 'case.correction-requested', { at: at('2026-11-26'), detail: sixty })
  ring(life, at('2026-11-27'))
  life.report('licence', 'case.special-procedure-started', { at: at('2026-12-01') })
  t.match(clockOf(life), { of: 'special-procedure' })
  t.match(life.case('licence'), { stopped: { of: 'decision' }, setAsideLimit: { unit: 'Z', daysLeft: 55 } })
  life.report('licence', 'case.special-procedure-ended', { at: at('2026-12-21') })
  t.match(clockOf(life), { of: 'supplement', unit: 'Z', from: '2026-12-21', days: 55, dueOn: '2027-02-15' })
  t.match(life.case('licence'), { stopped: { of: 'decision', daysLeft: 8 }, setAsideLimit: undefined })
  ring(life, at('2027-02-15', '23:00:00'))
  t.equal(life.case('licence').state, 'correction-requested')
  ring(life, at('2027-02-16', '00:00:00'))
  t.equal(life.case('licence').state, 'terminated')
})

t.test(
  'a further notice during a special procedure never shortens what the applicant had left',
  async (t) => {
    for (const [limitDays, dueOn] of [
      [3, '2027-01-19'],
      [90, '2027-03-01'],
    ] as const) {
      const life = accepted({ ...limits, specialProcedure })
      const ask = (day: string, days: number) =>
        life.report('licence', 'case.correction-requested', {
          at: at(day),
          detail: { limitDays: days, limitUnit: 'Z' },
        })
      ask('2026-11-26', 50)
      life.report('licence', 'case.special-procedure-started', { at: at('2026-11-27') })
      ask('2026-12-01', limitDays)
      t.match(clockOf(life), { of: 'supplement', dueOn }, `${limitDays}`)
    }
  },
)

t.test('nothing stands still for a case that has ended in the middle of a special procedure', async (t) => {
  const life = accepted()
  life.report('licence', 'case.correction-requested', { at: at('2026-11-26') })
  life.report('licence', 'case.special-procedure-started', { at: at('2026-11-27') })
  t.match(life.case('licence'), { clock: undefined, stopped: {}, setAsideLimit: {} })
  life.tell({ type: 'case.withdrawal-asked', caseId: life.case('licence').id, reason: '不办了' })
  t.match(life.case('licence'), { state: 'withdrawn', stopped: undefined, setAsideLimit: undefined })
})

t.test(
  'a department that counts in natural days is taken at its word, and subscribers are told the unit',
  async (t) => {
    for (const [event, of, dueOn] of [
      ['case.special-procedure-started', 'special-procedure', '2026-12-12'],
      ['case.correction-requested', 'supplement', '2026-12-14'],
    ] as const) {
      const life = accepted()
      life.report('licence', event, { at: at('2026-11-27'), detail: { limitDays: 15, limitUnit: 'Z' } })
      t.match(clockOf(life), { of, days: 15, unit: 'Z', dueOn })
      t.match(life.entries.at(-1)?.data, { limitDays: 15, limitUnit: 'Z' })
    }
  },
)

t.test('what the applicant has until a day of rest he has until the next that is worked', async (t) => {
  t.equal(workingDayFrom('2026-02-16', calendar), '2026-02-24')
  t.equal(workingDayFrom('2026-02-14', calendar), '2026-02-14')
  const life = accepted({ ...limits, supplementTimeout: 'terminate' })
  const notice = { at: at('2026-11-27'), detail: { limitDays: 15, limitUnit: 'Z' } } as const
  life.report('licence', 'case.correction-requested', notice)
  t.match(clockOf(life), { of: 'supplement', days: 15, from: '2026-11-27', dueOn: '2026-12-14' })
  ring(life, at('2026-12-13'))
  ring(life, at('2026-12-14', '23:00:00'))
  t.equal(life.case('licence').state, 'correction-requested')
  ring(life, at('2026-12-15', '00:00:00'))
  t.equal(life.case('licence').state, 'terminated')
})

const issuance = { days: 10, unit: 'G' } as const
const specialProcedure = { days: 30, unit: 'Z' } as const

t.test(
  'a special procedure without a limit of its own runs against the matter’s, and turns red',
  async (t) => {
    const life = accepted({ ...limits, specialProcedure })
    life.report('licence', 'case.special-procedure-started', { at: at('2026-11-27') })
    t.match(clockOf(life), { of: 'special-procedure', days: 30, unit: 'Z', dueOn: '2026-12-27' })
    ring(life, at('2026-12-28', '00:00:00'))
    t.match(life.entries.at(-1), { type: 'deadline.passed', data: { clock: 'special-procedure' } })
    life.report('licence', 'case.special-procedure-ended', { at: at('2026-12-28') })
    t.match(clockOf(life), { of: 'decision', days: 7, card: undefined })
  },
)

t.test('an approval has to be issued in time, and is escalated when it is not', async (t) => {
  const life = accepted({ ...limits, issuance, escalation: [1] })
  life.report('licence', 'case.approved', { at: at('2026-11-27') })
  t.match(clockOf(life), { of: 'issuance', dueOn: '2026-12-11' })
  ring(life, at('2026-12-12', '00:00:00'))
  t.match(life.entries.at(-1), { type: 'deadline.passed', data: { clock: 'issuance' } })
  ring(life, at('2026-12-15', '00:00:00'))
  t.match(life.entries.at(-1), { type: 'deadline.escalated', data: { clock: 'issuance', level: 1 } })
  life.report('licence', 'case.issued', { at: at('2026-12-15') })
  t.equal(clockOf(life), undefined)
})

t.test('what is decided runs against nothing any more', async (t) => {
  for (const event of ['case.approved', 'case.denied', 'case.closed'] as const) {
    const life = accepted()
    life.report('licence', event, { at: at('2026-11-25') })
    t.equal(clockOf(life), undefined, event)
    t.equal(cardRingsOn(life.case('licence')), null, event)
  }
  const withdrawn = accepted()
  withdrawn.tell({ type: 'case.withdrawal-asked', caseId: withdrawn.case('licence').id, reason: '不办了' })
  t.equal(clockOf(withdrawn), undefined)
})

t.test('the yellow card comes at its share of the limit, the red one the day after the last', async (t) => {
  const life = accepted()
  t.equal(ring(life, at('2026-12-03', '23:59:00')).outcome, 'duplicate')
  t.equal(ring(life, at('2026-12-04', '00:00:01')).outcome, 'applied')
  t.equal(clockOf(life)?.card, 'yellow')
  t.equal(ring(life, at('2026-12-08', '23:00:00')).outcome, 'duplicate')
  t.equal(ring(life, at('2026-12-09', '00:00:01')).outcome, 'applied')
  t.equal(clockOf(life)?.card, 'red')
  t.equal(ring(life, at('2026-12-20')).outcome, 'duplicate')
  const shown = life.entries.filter(({ type }) => type.startsWith('deadline.'))
  t.match(shown, [
    { type: 'deadline.warned', data: { clock: 'decision', card: 'yellow', dueOn: '2026-12-08' } },
    { type: 'deadline.passed', data: { card: 'red' } },
  ])
})

t.test('a watch that slept through the yellow card shows the red one at once', async (t) => {
  const life = accepted()
  ring(life, at('2026-12-20'))
  t.strictSame(
    life.entries.map(({ type }) => type).filter((type) => type.startsWith('deadline.')),
    ['deadline.passed'],
  )
})

t.test(
  'a case that ends with another runs against nothing, though the gateway had asked for a document',
  async (t) => {
    const life = begin(
      submission({
        cases: [matter('food'), matter('licence', { after: ['food'] })],
        materials: [certificate('C1', { matters: ['licence'] })],
      }),
      rulesWith({ ...calendar, limits: () => ({ ...limits, supplementTimeout: 'terminate' }) }),
    )
    const { id } = life.open('obtainCertificate')!
    life.tell({ type: 'transfer.refused', transferId: id, code: 'certificate-not-found', reason: '' })
    t.match(clockOf(life), { of: 'supplement' })
    life.report('food', 'case.denied')
    t.match(life.case('licence'), { state: 'terminated', reason: 'upstream-refused' })
    t.equal(clockOf(life), undefined)
    t.equal(ring(life, at('2027-03-01')).outcome, 'duplicate')
  },
)
