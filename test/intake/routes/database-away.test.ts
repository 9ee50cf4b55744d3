// PostgreSQL is away: the gateway says so to everyone, promises nothing, and goes on by itself when it is back.

import t from 'tap'
import { migrateAll } from '../../../src/commands/database.ts'
import { departmentAt, houseFormat } from '../../support/department.ts'
import { newborn, platformAt } from '../../support/platform.ts'
import { startPostgres } from '../../support/postgres.ts'
import { runGateway } from '../../support/running.ts'
import { refused } from './refused.ts'

const postgres = await startPostgres()
t.teardown(() => postgres.stop())
await postgres.administer('CREATE DATABASE away')
await migrateAll(postgres.url('away'))
const running = await runGateway(t, {
  roles: ['api'],
  databaseUrl: postgres.url('away'),
  edit: houseFormat('health'),
})
const platform = platformAt(running.url)
const health = departmentAt(running.url, 'health')

t.test(
  'while the database is away everything is 503 with a time to come back, and afterwards works',
  async (t) => {
    const body = JSON.stringify(newborn())
    const first = (await platform.submit(body, { key: 'before' })).json()
    const pdf = await platform.upload()
    const caseId = first.cases[0].caseId
    await postgres.stopServer('immediate')

    const supplement = { materials: [{ code: 'id-card', materialId: pdf }] }
    const asks = {
      'a submission': () => platform.submit(newborn()),
      'the repeat of one': () => platform.submit(body, { key: 'before' }),
      'a read': () => platform.get(`/v1/submissions?externalId=X`),
      'a case': () => platform.get(`/v1/cases/${caseId}/events`),
      'a file': () => platform.post('/v1/materials', { body: '%PDF-1.7\n%%EOF', type: 'application/pdf' }),
      'a supplement': () => platform.post(`/v1/cases/${caseId}/supplements`, { body: supplement }),
      'a withdrawal': () => platform.post(`/v1/cases/${caseId}/withdrawal`, { body: { reason: '不办了' } }),
    }
    for (const [what, ask] of Object.entries(asks)) {
      await t.test(what, async (t) => {
        const answer = await ask()
        refused(t, answer, 'unavailable')
        t.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
      })
    }
    const report = await health.report(caseId, '30', { eventId: 'while-away', time: '2026-11-20 09:00:00' })
    t.equal(report.status, 503)
    t.not(report.code, '0')
    t.equal((await platform.get('/readyz', { token: null })).status, 503)
    t.equal((await platform.get('/healthz', { token: null })).status, 200, 'the process itself is well')
    t.equal((await platform.get('/v1/themes')).status, 200, 'the catalogue needs no database')

    await postgres.startServer()
    let again = await platform.submit(body, { key: 'before' })
    for (let i = 0; i < 50 && again.status === 503; i++) {
      await new Promise((go) => setTimeout(go, 100))
      again = await platform.submit(body, { key: 'before' })
    }
    t.equal(again.status, 200)
    t.strictSame(again.json(), first, 'what was acknowledged before is still there')
    t.equal((await platform.submit(newborn())).status, 202)
    t.equal(
      (await health.report(caseId, '30', { eventId: 'while-away', time: '2026-11-20 09:00:00' })).code,
      '0',
    )
    t.equal((await platform.get(`/v1/cases/${caseId}`)).json().state, 'accepted')
    t.equal((await running.ledger()).submissions.length, 2, 'nothing of what was refused is there')
  },
)
