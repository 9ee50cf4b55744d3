// Ids of slots that departments' own systems keep: there and back, and nothing else is taken for one.

import t from 'tap'
import { departmentSlot, readDepartmentSlot, servedBy } from '../../src/domain/department-slots.ts'
import { startOfSlot } from '../../src/domain/slots.ts'

const about = { system: 'marriage-booking', division: '410204', from: '2026-12-01T01:30:00Z', own: 'A-17' }

t.test("an id says whose the slot is, where and when, by China's clock", async (t) => {
  const slot = departmentSlot(about)
  t.equal(slot.id, 'marriage-booking:410204:20261201T0930:A-17')
  t.equal(slot.from, '2026-12-01T09:30:00+08:00')
  t.strictSame(readDepartmentSlot(slot.id), slot)
  t.equal(startOfSlot(slot.id, undefined), slot.from, 'so that its applicant can be reminded')
  const odd = departmentSlot({ ...about, from: '2026-12-01T09:30:05+08:00' })
  t.equal(odd.id, 'marriage-booking:410204:20261201T093005:A-17')
  t.strictSame(readDepartmentSlot(odd.id), odd)
})

t.test('two books never share an id', async (t) => {
  t.not(departmentSlot(about).id, departmentSlot({ ...about, system: 'marriage' }).id)
  t.not(departmentSlot(about).id, departmentSlot({ ...about, division: '410205' }).id)
})

t.test('anything else is no such id', async (t) => {
  for (const id of [
    '410204-01.general.20261201T0930',
    'apt_01kaqf3m2d0000000000000001',
    '窗口 3 号 2026-12-01 上午',
    'marriage-booking:410204:20260231T0930:A-17',
    'marriage-booking:410204:20261201T2430:A-17',
    'marriage-booking:410204:20261201T0930:',
    'marriage-booking:410204:20261201T0930:A 17',
    `marriage-booking:410204:20261201T0930:${'A'.repeat(41)}`,
    'Marriage:410204:20261201T0930:A-17',
  ])
    t.equal(readDepartmentSlot(id), undefined, id)
})

t.test('a matter is served where a row has both it and its division', async (t) => {
  const rows = [
    { matters: ['marriage'], divisions: ['410204'], holdMinutes: 10 },
    { matters: ['divorce'], divisions: ['*'], holdMinutes: 5 },
  ]
  t.equal(servedBy(rows, 'marriage', '410204'), rows[0])
  t.equal(servedBy(rows, 'marriage', '410205'), undefined)
  t.equal(servedBy(rows, 'divorce', '410205'), rows[1])
  t.equal(servedBy(rows, 'birth', '410204'), undefined)
})
