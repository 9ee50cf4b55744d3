// Times as departments write them, to ISO 8601 with their offset: what is read, and what is no time.

import t from 'tap'
import { toIso } from '../../src/adapter-kit/local-time.ts'

const told = new Date('2026-11-23T09:30:00+08:00')
const read = (given: unknown) => toIso(given, '+08:00', told)

t.test('a moment in any usual form', async (t) => {
  const moment = '2026-11-03T09:05:00+08:00'
  for (const given of [
    '2026-11-03 09:05:00',
    '2026/11/03 09:05:00.123',
    '20261103090500',
    '20261103 090500',
    '2026-11-03T09:05:00',
    '2026-11-03T09:05:00.000+0800',
    '2026-11-03T09:05:00+08:00',
    ' 2026-11-3 9:05 ',
    '2026.11.3 9:5:0',
    '2026年11月03日 09:05:00',
    '2026年11月3日9时5分',
    '2026年11月3日 9时5分0秒',
  ])
    t.equal(read(given), moment, String(given))
  t.equal(read('2026-11-03T01:05:00Z'), '2026-11-03T01:05:00Z')
})

t.test('a day without a time is its end, but never a moment to come', async (t) => {
  for (const given of ['2026-11-22', '20261122', '2026/11/22', '2026年11月22日'])
    t.equal(read(given), '2026-11-22T23:59:59+08:00', given)
  t.equal(read('2026-11-23'), '2026-11-23T09:30:00+08:00', 'today')
  t.throws(
    () => toIso('2026-11-22', '+08:00'),
    { message: /cannot be read/ },
    'where nobody knows when it was told',
  )
})

t.test('what is no time, or may be several, is refused with what is one', async (t) => {
  for (const given of [
    '',
    '昨天',
    '2026-02-30 10:00:00',
    '2026-13-01',
    '1900-01-01 00:00:00',
    '1753-01-01',
    '2026-11-03 25:00:00',
    '2026-11-03 09:60',
    '03/11/2026',
    '26-11-03',
    '1793667900000',
    1_793_667_900_000,
    '2026-11-03 09',
    null,
    {},
  ])
    t.throws(() => read(given), { kind: 'unrecognised', message: /yyyy-MM-dd HH:mm:ss/ }, String(given))
})
