// The queue view while its engine is away: it says so, and that no work waits for it.

import t from 'tap'
import { refused } from '../intake/routes/refused.ts'
import { asOperator, operatorEnvironment } from '../support/operator.ts'
import { platformAt } from '../support/platform.ts'
import { hasRedis, startRedis } from '../support/redis.ts'
import { runGateway } from '../support/running.ts'

t.test(
  'whoever looks at the queues of a Redis that is away is told so, not that we made a mistake',
  { skip: hasRedis() ? false : 'no redis-server on PATH', timeout: 60_000 },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const { url } = await runGateway(t, {
      roles: ['api'],
      env: { REDIS_URL: redis.url, ...(await operatorEnvironment()) },
    })
    const operator = await asOperator(url)
    const look = () => platformAt(url).get('/ops/queues/api/queues', operator)
    t.equal((await look()).status, 200)
    redis.process().signal('SIGSTOP')
    refused(t, await look(), 'unavailable')
    redis.process().signal('SIGCONT')
    await redis.kill()
    const away = await look()
    refused(t, away, 'unavailable')
    t.match(away.headers.get('retry-after') ?? '', /^\d+$/)
    await redis.restart()
    while ((await look()).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100))
  },
)
