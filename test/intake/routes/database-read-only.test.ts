// PostgreSQL is there and takes no changes, as after a fail-over that left us at the stand-by, or it gives a
// statement up: the gateway says so as it does when the database is away, and goes on by itself.

import { Client } from 'pg'
import t from 'tap'
import { migrateAll } from '../../../src/commands/database.ts'
import { departmentAt, houseFormat } from '../../support/department.ts'
import { newborn, platformAt } from '../../support/platform.ts'
import { startPostgres } from '../../support/postgres.ts'
import { runGateway } from '../../support/running.ts'
import { refused } from './refused.ts'

const postgres = await startPostgres({ durable: false })
t.teardown(() => postgres.stop())
await postgres.administer('CREATE DATABASE standby')
await migrateAll(postgres.url('standby'))
const running = await runGateway(t, {
  databaseUrl: postgres.url('standby'),
  edit: houseFormat('health'),
})
const platform = platformAt(running.url)
const health = departmentAt(running.url, 'health')

/** As an administrator, whom no setting keeps from writing. */
async function administer(...statements: string[]): Promise<void> {
  const client = new Client({
    connectionString: postgres.url('standby'),
    options: '-c default_transaction_read_only=off',
  })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

/** From now on, for every session that is there. */
const readOnly = (value: 'on' | 'off') =>
  administer(`alter system set default_transaction_read_only = ${value}`, 'select pg_reload_conf()')

const aSecond = () => new Promise((go) => setTimeout(go, 1_100))
const ready = async () => {
  await aSecond()
  return platform.get('/readyz', { token: null })
}

t.test('while the database takes no changes everybody is told 503, and afterwards it goes on', async (t) => {
  const body = JSON.stringify(newborn())
  const first = (await platform.submit(body, { key: 'before' })).json()
  const { caseId } = first.cases[0]
  await readOnly('on')
  t.match((await ready()).json(), { checks: { database: { ok: false, detail: 'read-only' } } })
  const asks = {
    'a submission': () => platform.submit(newborn()),
    'a file': () => platform.post('/v1/materials', { body: '%PDF-1.7\n%%EOF', type: 'application/pdf' }),
    'a withdrawal': () => platform.post(`/v1/cases/${caseId}/withdrawal`, { body: { reason: '不办了' } }),
  }
  for (const [what, ask] of Object.entries(asks))
    await t.test(what, async (t) => {
      const answer = await ask()
      refused(t, answer, 'unavailable')
      t.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
    })
  const report = { eventId: 'while-read-only', time: '2026-11-20 09:00:00' }
  t.equal((await health.report(caseId, '30', report)).status, 503)
  t.equal((await platform.get(`/v1/cases/${caseId}`)).status, 200, 'what is known can be read')

  await readOnly('off')
  t.equal((await ready()).status, 200)
  t.equal((await platform.submit(newborn())).status, 202)
  t.equal((await health.report(caseId, '30', report)).code, '0')
})

t.test('who asks for what somebody keeps locked is told 503 when the statement is given up', async (t) => {
  const blocker = new Client({ connectionString: postgres.url('standby') })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('lock table submissions in access exclusive mode')
  const asked = platform.get('/v1/submissions?externalId=X')
  const cancelled = async (): Promise<boolean> => {
    const { rowCount } = await blocker.query(
      "select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'tongban-reader' and wait_event_type = 'Lock'",
    )
    return rowCount! > 0
  }
  while (!(await cancelled())) await new Promise((go) => setTimeout(go, 20))
  refused(t, await asked, 'unavailable')
  await blocker.query('commit')
  await blocker.end()
  t.equal((await platform.get('/v1/submissions?externalId=X')).status, 200)
})
