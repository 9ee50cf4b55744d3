import t from 'tap'
import { full, readOptions, slice } from './options.ts'
import { planDisturbances } from './plan.ts'

t.test('the same seed plans the same disturbances, another seed others', (t) => {
  t.strictSame(planDisturbances(full, 'redis'), planDisturbances(full, 'redis'))
  t.notSame(planDisturbances(full, 'redis'), planDisturbances({ ...full, seed: 2 }, 'redis'))
  t.end()
})

t.test('every kill happens while submissions are still to come, and all engines are disturbed once', (t) => {
  for (const options of [full, slice]) {
    const plan = planDisturbances(options, 'redis')
    const count = (kind: string) => plan.filter((one) => one.kind === kind).length
    t.strictSame(
      [count('kill'), count('flush-redis'), count('restart-redis'), count('restart-postgres')],
      [options.kills, 1, 1, 1],
    )
    t.ok(plan.every((one) => one.atAccepted >= 1 && one.atAccepted < options.submissions))
    t.strictSame(
      plan.map((one) => one.atAccepted),
      plan.map((one) => one.atAccepted).sort((a, b) => a - b),
    )
  }
  t.notOk(planDisturbances(full, 'postgres').some((one) => one.kind.endsWith('redis')))
  t.end()
})

t.test('an option that is unknown or no number is refused', (t) => {
  t.throws(() => readOptions(['--kils', '3']))
  t.throws(() => readOptions(['--kills', '-3']))
  t.throws(() => readOptions(['--kills=many']), /--kills must be a whole number/)
  t.throws(() => readOptions(['--city', 'calm']), /--city must be/)
  t.match(readOptions(['--slice', '--queues', 'postgres', '--kills', '5']), {
    kills: 5,
    submissions: slice.submissions,
  })
  t.end()
})
