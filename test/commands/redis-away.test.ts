// `tongban start` while Redis is not there, or there and silent. Nothing but wake-up calls is lost with it, so that it
// keeps no gateway from starting.

import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { migrateAll } from '../../src/commands/database.ts'
import { createDatabase, type Teardown } from '../support/database.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { freePort } from '../support/ports.ts'
import { answersOk, startProcess } from '../support/process.ts'
import { hasRedis, startRedis, startRedisServer } from '../support/redis.ts'
import { main, place, tongban } from './tongban.ts'

t.setTimeout(120_000)

/** Accepts whoever comes, and says this; nothing, when it is null. */
async function redisThatSays(t: Teardown, word: string | null): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const commands = bytes.toString('latin1').match(/^\*\d+\r$/gm) ?? []
      if (word !== null) socket.write(commands.map(() => `-${word}\r\n`).join(''))
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  server.unref()
  t.teardown(() => server.close())
  return `redis://127.0.0.1:${port}`
}

/** Started on this Redis, once it answers at all. */
async function started(t: Teardown, redisUrl: string) {
  const { url: databaseUrl } = await createDatabase(t, migrateAll)
  const where = await place(t, { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl })
  const gateway = await startProcess(process.execPath, [main, 'start'], {
    name: 'tongban start',
    env: where.env,
    ready: answersOk(`${where.url}/healthz`),
    readyWithinMs: 20_000,
  })
  t.teardown(() => gateway.kill9())
  const readyz = async () => {
    const answer = await fetch(`${where.url}/readyz`)
    return { status: answer.status, body: (await answer.json()) as { checks: { queues: object } } }
  }
  return { gateway, readyz }
}

for (const [what, word] of [
  ['says nothing', null],
  ['still reads its data', 'LOADING Redis is loading the dataset in memory'],
] as const)
  t.test(`a Redis that ${what} keeps no gateway from starting`, { timeout: 60_000 }, async (t) => {
    const { gateway, readyz } = await started(t, await redisThatSays(t, word))
    t.match(gateway.output(), `warning: Redis does not answer (${word ?? 'no answer within 3 s'})`)
    t.match(await readyz(), { status: 503, body: { checks: { queues: { ok: false } } } })
    t.match(await gateway.stop({ graceMs: 15_000 }), { code: 0, forced: false })
  })

t.test(
  'a Redis that comes later is used',
  {
    timeout: 60_000,
    skip: hasRedis() ? false : 'no redis-server on PATH',
  },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    await redis.kill()
    const { gateway, readyz } = await started(t, redis.url)
    t.match(gateway.output(), /warning: Redis does not answer \(connect ECONNREFUSED/)
    t.equal((await readyz()).status, 503)
    await redis.restart()
    while ((await readyz()).status !== 200) await sleep(200)
  },
)

t.test('a Redis that refuses our password is not waited for: whoever started is told', async (t) => {
  const redisUrl = await redisThatSays(t, 'WRONGPASS invalid username-password pair or user is disabled.')
  const { url: databaseUrl } = await createDatabase(t, migrateAll)
  const { env } = await place(t, { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl })
  t.match(await tongban(['start'], { env, withinMs: 20_000 }), {
    code: 1,
    output: /tongban: Redis refuses the user or password of REDIS_URL: WRONGPASS/,
  })
})

for (const [who, scheme, end] of [
  ['a Redis', 'redis', ''],
  ['Sentinels', 'redis-sentinel', '/0#kaifeng'],
  ['a cluster', 'redis-cluster', ''],
] as const)
  t.test(`the doctor tells of ${who} that says nothing`, async (t) => {
    const silent = await redisThatSays(t, null)
    const { url: databaseUrl } = await createDatabase(t, migrateAll)
    const REDIS_URL = `${silent.replace('redis', scheme)}${end}`
    const { env } = await place(t, { DATABASE_URL: databaseUrl, REDIS_URL })
    t.match(await tongban(['doctor'], { env, withinMs: 20_000 }), {
      code: 1,
      output:
        /BAD +Redis: (no answer within 3 s|All sentinels are unreachable.*timed out|.*slots cache. timeout)/,
    })
  })

t.test(
  'a node of a cluster that is named as one Redis is told with the name to write',
  { skip: hasRedis() ? false : 'no redis-server on PATH' },
  async (t) => {
    const [folder, port] = [temporaryFolder('node'), await freePort()]
    const node = await startRedisServer(folder, port, { settings: { 'cluster-enabled': 'yes' } })
    t.teardown(async () => {
      await node.kill9()
      removeFolder(folder)
    })
    const { url: databaseUrl } = await createDatabase(t, migrateAll)
    const REDIS_URL = `redis://127.0.0.1:${port}`
    const { env } = await place(t, { DATABASE_URL: databaseUrl, REDIS_URL })
    for (const command of ['start', 'doctor']) {
      const { code, output } = await tongban([command], { env })
      t.equal(code, 1, command)
      t.match(output, /is a node of a cluster: name it redis-cluster:\/\//, command)
    }
  },
)
