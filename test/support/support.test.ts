import { createServer } from 'node:http'
import { Client } from 'pg'
import t from 'tap'
import { createDatabase } from './database.ts'
import { freePort } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { answersOk, startProcess } from './process.ts'
import { hasRedis, startRedis } from './redis.ts'

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

t.test('every database is a clone of the prepared one and knows nothing of the others', async (t) => {
  let prepared = 0
  const prepare = async (url: string) => {
    prepared++
    await query(url, 'CREATE TABLE facts (n integer)')
  }
  const [one, other] = await Promise.all([createDatabase(t, prepare), createDatabase(t, prepare)])
  await query(one.url, 'INSERT INTO facts VALUES (1)')
  t.equal(prepared, 1)
  t.strictSame(await query(one.url, 'SELECT n FROM facts'), [{ n: 1 }])
  t.strictSame(await query(other.url, 'SELECT n FROM facts'), [])
})

t.test('a database is at the version of the ledger when nothing else is said', async (t) => {
  const { url } = await createDatabase(t)
  t.strictSame(await query(url, 'SELECT id FROM submissions'), [])
})

t.test('what PostgreSQL committed is there after a crash and a restart', async (t) => {
  const postgres = await startPostgres()
  t.teardown(postgres.stop)
  await query(postgres.url(), 'CREATE TABLE facts AS SELECT 7 AS n')
  const before = postgres.process().pid
  await postgres.restart('immediate')
  t.not(postgres.process().pid, before)
  t.strictSame(await query(postgres.url(), 'SELECT n FROM facts'), [{ n: 7 }])
})

t.test(
  'Redis can be emptied and restarted',
  { skip: hasRedis() ? false : 'no redis-server on PATH' },
  async (t) => {
    const redis = await startRedis()
    t.teardown(redis.stop)
    const before = redis.process().pid
    await redis.flushAll()
    await redis.restart('killed')
    t.not(redis.process().pid, before)
  },
)

const answering = (port: string) => `
  require('node:http').createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1')
  console.log('listening')
  const until = Date.now() + 100
  while (Date.now() < until);
`

t.test('a process is ready when its probe answers, and its CPU and memory can be read', async (t) => {
  const port = await freePort()
  const ready = answersOk(`http://127.0.0.1:${port}/`)
  const child = await startProcess(process.execPath, ['-e', answering(String(port))], {
    name: 'child',
    ready,
  })
  t.match(child.output(), 'listening')
  if (process.platform === 'linux') {
    t.ok(child.cpuMs()! > 0)
    t.ok(child.peakMemoryBytes()! > 1e6)
  }
  t.strictSame(await child.kill9(), { code: null, signal: 'SIGKILL' })
  t.equal(child.running(), false)
})

t.test('a process that ends before it is ready is an error that shows its output', async (t) => {
  const server = createServer()
  const script = 'console.error("no such setting"); process.exit(3)'
  await t.rejects(
    startProcess(process.execPath, ['-e', script], { name: 'child', ready: async () => false }),
    /no such setting/,
  )
  server.close()
})

t.test('a process that ignores SIGTERM is killed after the grace, and that is told', async (t) => {
  const script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'
  const child = await startProcess(process.execPath, ['-e', script], { name: 'child' })
  while (!child.output().includes('up')) await new Promise((resolve) => setTimeout(resolve, 10))
  t.match(await child.stop({ graceMs: 100 }), { signal: 'SIGKILL', forced: true })
})
