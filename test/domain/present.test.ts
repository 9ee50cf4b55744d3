import { test } from 'tap'
import { dayInChina, momentOf } from '../../src/domain/present.ts'

test('the present as text is of the moment asked for, in whatever order moments come', async (t) => {
  for (const at of ['2026-12-31T15:59:59.999Z', '2026-12-31T16:00:00.000Z', '2026-12-31T15:59:59.998Z'])
    t.equal(momentOf(new Date(at)), at)
  t.equal(dayInChina(new Date('2026-12-31T15:59:59.999Z')), '2026-12-31')
  t.equal(dayInChina(new Date('2026-12-31T16:00:00.000Z')), '2027-01-01', 'China is eight hours ahead')
  t.equal(dayInChina(new Date('2026-12-31T15:59:00.000Z')), '2026-12-31', 'a clock set back')
})
