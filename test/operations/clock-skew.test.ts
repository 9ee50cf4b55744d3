import { Registry } from 'prom-client'
import t from 'tap'
import { skewWarning, watchSkew } from '../../src/operations/clock-skew.ts'

t.test('a clock that is off is warned of in both languages, once a minute', async (t) => {
  let now = 0
  const warnings: string[] = []
  const measured = skewWarning(
    (sentence) => warnings.push(sentence),
    () => now,
  )
  for (const ms of [0, 1_999, -2_000]) measured(ms)
  t.strictSame(warnings, [])
  measured(-2_600.4)
  now = 59_000
  measured(-2_700)
  t.match(warnings, [/-2600 ms off the database's.*NTP.*本机时钟与数据库相差 -2600 毫秒/])
  t.equal(warnings.length, 1)
  now = 60_000
  measured(3_000)
  t.equal(warnings.length, 2)
})

t.test('the skew is a figure for Prometheus', async (t) => {
  const registry = new Registry()
  let skew = -1_500
  watchSkew(registry, () => skew)
  t.match(await registry.metrics(), /^tongban_clock_skew_seconds -1\.5$/m)
  skew = 250
  t.match(await registry.metrics(), /^tongban_clock_skew_seconds 0\.25$/m)
})
