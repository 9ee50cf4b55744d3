// Wake-up calls in the order they are answered: as they were made, but for what was on its way or called for already.

import t, { type Test } from 'tap'
import { migrateAll } from '../../src/commands/database.ts'
import { openQueues } from '../../src/delivery/queue.ts'
import { createDatabase } from '../support/database.ts'
import { hasRedis, startRedis } from '../support/redis.ts'

const call = (id: string) => ({ id, system: 'licence', epoch: 0, delayMs: 0 })

async function answeredIn(t: Test, redisUrl: string | null): Promise<string[]> {
  const { url } = await createDatabase(t, migrateAll)
  // The database goes with the test, and ends what is still connected.
  let isOver = false
  const onError = (_: string, error: Error) => isOver || t.fail(error.message)
  const queues = await openQueues({ redisUrl, databaseUrl: url, systems: ['licence'], onError })
  t.teardown(() => queues.close())
  await queues.wake(['trf_a', 'trf_b'].map(call))
  await queues.wake([{ ...call('trf_c'), first: true }])
  await queues.wake([{ ...call('trf_d'), delayMs: -5_000 }])
  const answered: string[] = []
  await new Promise<void>((resolve) => {
    queues.work('licence', 1, async ({ transfer }) => {
      answered.push(transfer)
      if (answered.length === 4) resolve()
    })
  })
  isOver = true
  return answered
}

t.test('queues on PostgreSQL: what a dead process held, or a lost call was for, goes first', async (t) => {
  t.strictSame(await answeredIn(t, null), ['trf_d', 'trf_c', 'trf_a', 'trf_b'])
})

t.test(
  'queues on Redis: what a dead process held, or a lost call was for, goes first',
  { skip: hasRedis() ? false : 'no redis-server on PATH' },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    t.strictSame(await answeredIn(t, redis.url), ['trf_d', 'trf_c', 'trf_a', 'trf_b'])
  },
)
