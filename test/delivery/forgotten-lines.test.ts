// The line to the queues' engine forgets every connection, as a firewall does that was restarted: nobody is told, and what
// was sent is never answered. Calls are made and heard again within seconds, on connections made anew.

import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { migrateAll } from '../../src/commands/database.ts'
import { openQueues } from '../../src/delivery/queue.ts'
import { createDatabase } from '../support/database.ts'
import { startLine } from '../support/line.ts'
import { hasRedis, startRedis } from '../support/redis.ts'

/** A call that is not answered is given up after five seconds, a consumer's waiting after fifteen. */
const [GIVEN_UP_MS, HEARD_MS] = [9_000, 25_000]

const due = (id: string) => ({ id, system: 'licence', epoch: 0, delayMs: 0 })

async function goesOn(t: Test, url: string, engine: 'postgres' | 'redis'): Promise<void> {
  const line = await startLine(Number(new URL(url).port))
  t.teardown(() => line.close())
  const through = line.through(url)
  const heard: string[] = []
  const queues = await openQueues({
    redisUrl: engine === 'redis' ? through : null,
    databaseUrl: through,
    systems: ['licence'],
    onError: () => undefined,
  })
  t.teardown(() => queues.close())
  queues.work('licence', 1, async ({ transfer }) => void heard.push(transfer))
  const untilHeard = async (id: string): Promise<void> => {
    while (!heard.includes(id)) {
      await queues.wakeAgain()
      await sleep(50)
    }
  }
  await queues.wake([due('trf_1')])
  await untilHeard('trf_1')

  line.forget()
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  await queues.wake([due('trf_2')])
  t.ok(ms() < GIVEN_UP_MS, `whoever makes a call waits no longer than ${ms()} ms`)
  await untilHeard('trf_2')
  t.ok(ms() < HEARD_MS, `it is heard after ${ms()} ms`)
  await queues.check()
}

t.jobs = 2
const together = { buffered: true, timeout: 60_000 }

t.test('to PostgreSQL', together, async (t) => {
  await goesOn(t, (await createDatabase(t, migrateAll)).url, 'postgres')
})

t.test('to Redis', { ...together, skip: hasRedis() ? false : 'no redis-server on PATH' }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  await goesOn(t, redis.url, 'redis')
})
