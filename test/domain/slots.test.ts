import t from 'tap'
import { type Asked, isOpen, type OfferingHall, slotNamed, slotsOf } from '../../src/domain/slots.ts'

/** Monday to Friday, but for the first of January. */
const calendar = {
  isWorkingDay: (day: string) =>
    ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()) && !day.endsWith('-01-01'),
}
const offer = {
  code: 'catering',
  matters: ['food-licence'],
  hours: ['09:00-10:00', '14:00-14:40'],
  minutes: 30,
  capacity: 2,
  aheadDays: 7,
  holdMinutes: 10,
}
const hall: OfferingHall = { code: '410204-01', division: '410204', appointments: [offer] }
const halls = new Map([[hall.code, hall]])
// Friday, 08:59 in China.
const NOW = '2026-11-27T00:59:00Z'

const ask = (change: Partial<Asked> = {}, now = NOW): string[] =>
  slotsOf(
    halls.values(),
    { matter: 'food-licence', from: '2026-11-27', to: '2026-12-10', ...change },
    now,
    calendar,
  ).map(({ id }) => id)

t.test('slots fill the hours of working days, as far ahead as may be booked', async (t) => {
  t.strictSame(ask({ to: '2026-11-30' }), [
    '410204-01.catering.20261127T0900',
    '410204-01.catering.20261127T0930',
    '410204-01.catering.20261127T1400',
    '410204-01.catering.20261130T0900',
    '410204-01.catering.20261130T0930',
    '410204-01.catering.20261130T1400',
  ])
  t.equal(ask().at(-1), '410204-01.catering.20261204T1400', 'seven days ahead')
})

t.test('a slot that has begun is over', async (t) => {
  const day = { to: '2026-11-27' }
  t.equal(ask(day, '2026-11-27T01:00:00Z')[0], '410204-01.catering.20261127T0930')
  t.strictSame(ask(day, '2026-11-27T06:00:00Z'), [])
})

t.test('only slots for the matter asked for', async (t) => {
  t.strictSame(ask({ matter: 'signboard' }), [])
  const all = { ...hall, appointments: [{ ...offer, matters: ['*'] }] }
  const asked = { matter: 'signboard', from: '2026-11-27', to: '2026-11-27' }
  t.equal(slotsOf([all], asked, NOW, calendar).length, 3)
})

t.test('an id stands for one slot, with its times in China', async (t) => {
  t.match(slotNamed('410204-01.catering.20261130T1400', halls), {
    hall: '410204-01',
    division: '410204',
    from: '2026-11-30T14:00:00+08:00',
    to: '2026-11-30T14:30:00+08:00',
  })
  for (const nothing of [
    '410204-01.catering.20261130T1415',
    '410204-01.catering.20261131T1400',
    '410204-01.tax.20261130T1400',
    '410204-02.catering.20261130T1400',
    '410204-01.catering.20261130T14',
    '',
  ])
    t.equal(slotNamed(nothing, halls), undefined, nothing)
})

t.test('days off, days too far and days gone by cannot be booked', async (t) => {
  const open = (id: string) => isOpen(slotNamed(id, halls)!, NOW, calendar)
  t.equal(open('410204-01.catering.20261127T0900'), true)
  t.equal(open('410204-01.catering.20261128T0900'), false, 'a Saturday')
  t.equal(open('410204-01.catering.20261207T0900'), false, 'ten days ahead')
  t.equal(open('410204-01.catering.20261126T0900'), false, 'yesterday')
})
