// Wake-up calls over a Redis that fails over: behind Sentinels, and in a cluster.

import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import t, { type Test } from 'tap'
import { openQueues, type Queues } from '../../src/delivery/queue.ts'
import { askRedis } from '../../src/delivery/redis-facts.ts'
import { openOffice, skip as withoutTls } from '../adapters/tls-office.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { hasRedis } from '../support/redis.ts'
import { startCluster, startSentinels } from '../support/redis-many.ts'
import { until } from '../support/until.ts'

// When everything is closed what still lingers is a library's, as in `tongban start`: of a node that was killed it is some
// seconds.
t.teardown(() => void setTimeout(() => process.exit(), 500).unref())

const skip = hasRedis() ? false : 'no redis-server on PATH'
const systems = ['licence', 'housing', 'water']
const call = (id: string, system = 'licence', delayMs = 0) => ({ id, system, epoch: 0, delayMs })

/** Consumers of every system, and what they were called for. */
async function consumed(t: Test, redisUrl: string): Promise<{ queues: Queues; answered: string[] }> {
  const queues = await openQueues({ redisUrl, databaseUrl: '', systems, onError: () => undefined })
  t.teardown(() => queues.close())
  const answered: string[] = []
  for (const system of systems) queues.work(system, 2, async ({ transfer }) => void answered.push(transfer))
  return { queues, answered }
}

/** A certificate of a CA that this process trusts from now on, as it would by NODE_EXTRA_CA_CERTS. */
function trusted(t: Test) {
  const folder = temporaryFolder('tls')
  t.teardown(() => removeFolder(folder))
  const office = openOffice(folder, 'redis')
  setDefaultCACertificates([...getCACertificates(), office.ca.cert])
  return { ...office.issue('redis'), ca: office.ca.cert }
}

/** Made again as the sweeper makes them, each second, until they are answered. */
async function answersSoon(
  { queues, answered }: Awaited<ReturnType<typeof consumed>>,
  id: string,
  system?: string,
) {
  let tried = 0
  await until(`${id} is answered`, async () => {
    await queues.wakeAgain()
    await queues.wake([call(`${id}_${++tried}`, system)])
    return answered.some((one) => one.startsWith(id))
  })
}

for (const [what, how, overTls] of [
  ['when the old one is killed', 'killMaster', false],
  ['when it changes places with the old one', 'failOver', false],
  ['over TLS', 'failOver', true],
] as const)
  t.test(
    `behind Sentinels they go on at the new master ${what}`,
    { skip: skip || (overTls && withoutTls) },
    async (t) => {
      const redis = await startSentinels(overTls ? trusted(t) : undefined)
      t.teardown(redis.stop)
      t.strictSame(await askRedis(redis.url), {
        evictionPolicy: 'noeviction',
        appendOnly: true,
        isNode: false,
      })
      const all = await consumed(t, redis.url)
      await all.queues.wake([call('trf_a'), call('trf_b', 'housing', 200)])
      await until('both are answered', () => all.answered.length === 2)
      const before = await redis.masterPort()
      await redis[how]()
      t.not(await redis.masterPort(), before)
      await answersSoon(all, 'trf_c')
      await answersSoon(all, 'trf_d', 'housing')
      await all.queues.check()
    },
  )

t.test(
  'in a cluster each system has its own slot, and pauses, delays and depth are as ever',
  { skip },
  async (t) => {
    const redis = await startCluster()
    t.teardown(redis.stop)
    t.strictSame(await askRedis(redis.url), { evictionPolicy: 'noeviction', appendOnly: true, isNode: false })
    const all = await consumed(t, redis.url)
    await all.queues.check()
    await all.queues.pause('housing')
    await all.queues.wake([call('trf_a'), call('trf_b', 'housing'), call('trf_c', 'water', 60_000)])
    await until('one is answered', () => all.answered.length === 1)
    t.match(await all.queues.depth('water'), { delayed: 1 })
    t.strictSame(all.answered, ['trf_a'])
    await all.queues.resume('housing')
    await until('the other is answered', () => all.answered.includes('trf_b'))
    const homes = (await redis.keys()).map(
      (keys) => new Set(keys.map((key) => /\{tongban:(\w+)\}/.exec(key)?.[1])),
    )
    for (const system of systems) t.equal(homes.filter((home) => home.has(system)).length, 1, system)
  },
)

t.test(
  'a node of a cluster that is away holds up its own systems only, and they go on when it is back',
  { skip },
  async (t) => {
    const redis = await startCluster()
    t.teardown(redis.stop)
    const all = await consumed(t, redis.url)
    await answersSoon(all, 'trf_a')
    const homes = await Promise.all(systems.map((system) => redis.nodeOf(`{tongban:${system}}`)))
    const node = homes[0]!
    const elsewhere = systems.filter((_, i) => homes[i] !== node)
    t.ok(elsewhere.length > 0)
    await redis.kill(node)
    await all.queues.wake([call('trf_lost')])
    for (const system of elsewhere) await answersSoon(all, `trf_meanwhile_${system}`, system)
    await redis.restart(node)
    for (const system of systems) await answersSoon(all, `trf_after_${system}`, system)
  },
)
