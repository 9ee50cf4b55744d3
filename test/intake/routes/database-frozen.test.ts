// PostgreSQL is there and does not answer: frozen, or behind a line that drops everything. Nobody waits for
// ever, who comes later is told at once, and what was on its way counts once, whether it was carried out or
// not.

import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { migrateAll } from '../../../src/commands/database.ts'
import { newborn, platformAt } from '../../support/platform.ts'
import { startPostgres } from '../../support/postgres.ts'
import { runGateway } from '../../support/running.ts'
import { refused } from './refused.ts'

const postgres = await startPostgres()
t.teardown(() => postgres.stop())
await postgres.administer('CREATE DATABASE frozen')
await migrateAll(postgres.url('frozen'))
const running = await runGateway(t, { roles: ['api'], databaseUrl: postgres.url('frozen') })
const platform = platformAt(running.url)

function everyone(): number[] {
  const { pid } = postgres.process()
  const backends = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return [pid, ...backends.trim().split(/\s+/).map(Number)]
}
const send = (signal: 'SIGSTOP' | 'SIGCONT', pids: number[]) => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      // A backend that has ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

async function timed(path: string) {
  const began = performance.now()
  const answer = await platform.get(path)
  return { answer, ms: Math.round(performance.now() - began) }
}

t.test(
  'a frozen database is 503 soon, at once when it is known, and nothing is doubled after it',
  {
    timeout: 120_000,
  },
  async (t) => {
    const before = await platform.submit(newborn(), { key: 'before' })
    t.equal(before.status, 202)
    const id: string = before.json().submissionId
    const frozen = everyone()
    t.teardown(() => send('SIGCONT', frozen))
    send('SIGSTOP', frozen)

    const bodies = Array.from({ length: 30 }, () => JSON.stringify(newborn()))
    const began = performance.now()
    const first = bodies.map(async (body, i) => {
      await sleep(i * 20)
      const answer = await platform.submit(body, { key: `frozen-${i}` })
      return { answer, ms: performance.now() - began }
    })
    const reads = ['/v1/submissions?externalId=X', '/v1/events', `/v1/submissions/${id}`].map(timed)
    await sleep(8_000)
    for (const { answer, ms } of await Promise.all(reads)) {
      refused(t, answer, 'unavailable')
      t.ok(ms < 7_500, `a read is told after ${ms} ms`)
    }
    const next = await timed('/v1/submissions?externalId=X')
    refused(t, next.answer, 'unavailable')
    t.ok(next.ms < 500, `the next after ${next.ms} ms`)
    const asked = performance.now()
    const late = await platform.submit(newborn(), { key: 'late' })
    t.ok(performance.now() - asked < 1_500, `told after ${Math.round(performance.now() - asked)} ms`)
    refused(t, late, 'unavailable')
    t.match(late.headers.get('retry-after') ?? '', /^\d+$/)
    const ready = await platform.get('/readyz', { token: null })
    t.equal(ready.status, 503)
    t.match(ready.headers.get('retry-after') ?? '', /^\d+$/)
    t.equal((await platform.get('/healthz', { token: null })).status, 200)

    for (const { answer, ms } of await Promise.all(first)) {
      refused(t, answer, 'unavailable')
      t.ok(ms < 25_000, `${Math.round(ms)} ms`)
    }

    send('SIGCONT', frozen)
    for (const [i, body] of bodies.entries()) {
      let again = await platform.submit(body, { key: `frozen-${i}` })
      for (let n = 0; n < 100 && again.status === 503; n++) {
        await sleep(200)
        again = await platform.submit(body, { key: `frozen-${i}` })
      }
      t.ok([200, 202].includes(again.status), `${again.status}`)
    }
    t.equal((await running.ledger()).submissions.length, 1 + bodies.length, 'each once')
    t.equal((await platform.get(`/v1/submissions/${id}`)).status, 200, 'reads go on')
  },
)
