// Who stopped a system, who started it again and why is known afterwards, and nobody is told that he did what
// another had done.

import t from 'tap'
import { parseJsonBodies } from '../../src/http/json-body.ts'
import { operatorRoutes } from '../../src/operations/operator-routes.ts'
import { systemWith } from '../delivery/scene.ts'
import { openBooks } from '../ledger/books.ts'
import { loggedIn, startEdge } from '../security/edge.ts'

t.test('pauses and resumptions are told of once each, and kept for good', async (t) => {
  const { ledger, query } = await openBooks(t)
  const told: unknown[] = []
  const app = await startEdge(t, {
    routes(app) {
      parseJsonBodies(app)
      const systems = new Map([['licence', systemWith({})]])
      return operatorRoutes(app, { ledger, systems, observe: { pauseChanged: (facts) => told.push(facts) } })
    },
  })
  const ask = async (account: 'operator' | 'admin', act: string, payload?: object) => {
    const headers = { cookie: await loggedIn(app, account), origin: 'http://127.0.0.1:7700' }
    const url = `/ops/v1/systems/licence/${act}`
    const method = payload ? 'POST' : 'GET'
    return (await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })).json()
  }
  const first = { system: 'licence', by: 'operator', reason: '检修' }
  t.match(await ask('operator', 'pause', { reason: '检修' }), { pause: first, changed: true })
  t.match(await ask('admin', 'pause', { reason: '另有原因' }), { pause: first, changed: false })
  t.match(await ask('admin', 'resume', { reason: '检修完毕' }), { pause: null, changed: true })
  t.match(await ask('operator', 'resume', {}), { pause: null, changed: false })
  const kept = [
    { act: 'resumed', by: 'admin', reason: '检修完毕' },
    { act: 'paused', by: 'operator', reason: '检修' },
  ]
  t.match(await ask('operator', 'pauses'), { items: kept })
  t.match(told, [kept[1], kept[0]])

  const late = async () => {
    const headers = {
      cookie: await loggedIn(app, 'admin'),
      origin: 'http://127.0.0.1:7700',
      'idempotency-key': 'lost',
    }
    return app.inject({ method: 'POST', url: '/ops/v1/systems/licence/resume', headers })
  }
  await ask('operator', 'pause', { reason: '检修' })
  t.match((await late()).json(), { changed: true })
  await ask('operator', 'pause', { reason: '又检修' })
  const again = await late()
  t.match(again.headers, { 'idempotent-replayed': 'true' })
  t.match(again.json(), { changed: true })
  t.match(
    await ask('operator', 'pause', { reason: '检修' }),
    { pause: { reason: '又检修' } },
    'lifts no later pause',
  )

  await t.rejects(query('update pause_history set by = null'), /append-only/)
  await t.rejects(query('delete from pause_history'), /append-only/)
})
