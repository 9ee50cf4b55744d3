// What is hidden in statistics cannot be reckoned from what is shown.

import t from 'tap'
import { hiddenIn } from '../../src/supervision/suppression.ts'

const hidden = (values: number[], smallest = 5) => {
  const { rows, total } = hiddenIn({ values }, smallest)
  return { rows: [...rows].sort(), total }
}

t.test('counts that tell of nobody, or of many, are shown', async (t) => {
  t.strictSame(hidden([0, 5, 100]), { rows: [], total: false })
  t.strictSame(hidden([]), { rows: [], total: false })
  t.strictSame(hidden([1, 2, 3], 1), { rows: [], total: false }, 'a threshold of one hides nothing')
})

t.test('a single small count takes the next smallest with it: the total would tell', async (t) => {
  t.strictSame(hidden([3, 40, 7, 0]), { rows: [0, 2], total: false })
})

t.test('small counts that are few together take another with them', async (t) => {
  t.strictSame(hidden([1, 2, 30, 50]), { rows: [0, 1, 2], total: false })
  t.strictSame(hidden([4, 4, 30]), { rows: [0, 1], total: false })
})

t.test('with nothing left to hide, the total is hidden', async (t) => {
  t.strictSame(hidden([3]), { rows: [0], total: true })
  t.strictSame(hidden([3, 0, 0]), { rows: [0], total: true })
  t.strictSame(hidden([1, 1]), { rows: [0, 1], total: true })
})

t.test('a part that leaves few others is hidden: 19 of 20 on time tells of the one', async (t) => {
  const whole = { values: [20, 30, 40], hidden: hiddenIn({ values: [20, 30, 40] }, 5) }
  const { rows, total } = hiddenIn({ values: [19, 20, 40], whole }, 5)
  t.ok(rows.has(0))
  t.ok(rows.size > 1, 'and cannot be found from the others')
  t.equal(total, false)
})

t.test('a part of what is hidden is hidden', async (t) => {
  const values = [3, 6, 50]
  const whole = { values, hidden: hiddenIn({ values }, 5) }
  const { rows } = hiddenIn({ values: [0, 6, 50], whole }, 5)
  t.ok(rows.has(1))
})

t.test(
  'whatever the counts, no hidden cell or group of hidden cells below the threshold can be found',
  async (t) => {
    let seed = 1
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let round = 0; round < 3_000; round++) {
      const values = Array.from({ length: 1 + next(8) }, () => (next(3) === 0 ? next(6) : next(60)))
      const { rows, total } = hiddenIn({ values }, 5)
      const secret = values.filter((_, row) => rows.has(row))
      for (const [row, value] of values.entries()) if (value > 0 && value < 5) t.ok(rows.has(row))
      const sum = secret.reduce((all, one) => all + one, 0)
      if (secret.length > 0 && !total && (secret.length === 1 || sum < 5))
        t.fail(`${values} hides ${secret} and shows the total`)
    }
    t.pass('3,000 tables')
  },
)
