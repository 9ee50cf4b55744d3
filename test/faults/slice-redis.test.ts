import t from 'tap'
import { hasRedis } from '../support/redis.ts'
import { slice } from './options.ts'
import { broken, runFaults } from './run.ts'

t.setTimeout(300_000)

t.test(
  'nothing is lost, double or stuck when the gateway is killed and Redis emptied',
  { skip: hasRedis() ? false : 'no redis-server on PATH' },
  async (t) => {
    const report = await runFaults(slice, 'redis')
    t.strictSame(broken(report), [])
    t.equal(report.books.submissions, slice.submissions)
    t.equal(report.kills, slice.kills)
  },
)
