import t from 'tap'

import { slice } from './options.ts'
import { broken, runFaults } from './run.ts'

t.setTimeout(300_000)

t.test('nothing is lost, double or stuck when the gateway is killed, queues on PostgreSQL', async (t) => {
  const report = await runFaults(slice, 'postgres')
  t.strictSame(broken(report), [])
  t.equal(report.books.submissions, slice.submissions)
  t.equal(report.kills, slice.kills)
})
