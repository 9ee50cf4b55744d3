import t from 'tap'
import { hasRedis } from '../support/redis.ts'
import { slice } from './options.ts'
import { broken, runFaults } from './run.ts'

const withoutRedis = hasRedis() ? false : 'no redis-server on PATH'

t.test(
  'nothing is lost, double or stuck when the gateway is killed, queues on PostgreSQL',
  { timeout: 120_000 },
  async (t) => {
    const report = await runFaults(slice, 'postgres')
    t.strictSame(broken(report), [])
    t.equal(report.books.submissions, slice.submissions)
    t.equal(report.kills, slice.kills)
  },
)

t.test(
  'nothing is lost, double or stuck when the gateway is killed and Redis emptied',
  { skip: withoutRedis, timeout: 120_000 },
  async (t) => {
    const report = await runFaults(slice, 'redis')
    t.strictSame(broken(report), [])
    t.equal(report.books.submissions, slice.submissions)
    t.equal(report.kills, slice.kills)
  },
)
