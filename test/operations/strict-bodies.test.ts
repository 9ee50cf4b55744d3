// What operators send is read as strictly as a submission: nothing gets in that the ledger cannot keep, or
// reads back otherwise.

import t from 'tap'
import { parseJsonBodies } from '../../src/http/json-body.ts'
import { catalogueVersionRoutes } from '../../src/operations/catalogue/routes.ts'
import { operatorRoutes } from '../../src/operations/operator-routes.ts'
import { configurationRoutes } from '../../src/operations/reload/routes.ts'
import { readReplayOrder } from '../../src/operations/replay-order.ts'
import { systemWith } from '../delivery/scene.ts'
import { openBooks } from '../ledger/books.ts'
import { loggedIn, startEdge } from '../security/edge.ts'

t.test('a reason is text that can be kept, said once', async (t) => {
  const books = await openBooks(t)
  const app = await startEdge(t, {
    routes(app) {
      parseJsonBodies(app)
      return operatorRoutes(app, {
        ledger: books.ledger,
        systems: new Map([['licence', systemWith({})]]),
        observe: { pauseChanged: () => undefined },
      })
    },
  })
  const cookie = await loggedIn(app, 'operator')
  const pause = (payload: string, type = 'application/json', more: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/ops/v1/systems/licence/pause',
      headers: { cookie, 'content-type': type, origin: 'http://127.0.0.1:7700', ...more },
      payload,
    })
  for (const payload of [
    '{"reason":"a\\u0000b"}',
    '{"reason":"\\ud800"}',
    '{"reason":"a","reason":"b"}',
    '{"reason":',
  ])
    t.match(
      (await pause(payload)).json(),
      { status: Number, code: /^(invalid-encoding|unsafe-json|malformed-json)$/ },
      payload,
    )
  t.equal((await pause('{"reason":"ok"}', 'application/json; charset=gbk')).statusCode, 415)
  t.equal((await pause('{"reason":"ok"}', 'text/plain')).statusCode, 415)
  t.equal(
    (await pause('{"reason":"ok"}', 'application/json', { 'content-encoding': 'gzip' })).statusCode,
    415,
  )
  t.equal((await pause('')).statusCode, 400)
  t.strictSame(await books.query('select * from pauses'), [])
  t.equal((await pause('{"reason":"检修"}')).statusCode, 200)
  const dead = (query: string) => app.inject({ url: `/ops/v1/dead-letters?${query}`, headers: { cookie } })
  t.equal((await dead('system=%00')).statusCode, 404)
  t.equal((await dead('system=a&system=b')).statusCode, 404)
  t.match((await dead('sytem=a')).json(), { code: 'invalid-request', errors: [{ pointer: '/query/sytem' }] })
})

t.test('an order is an object or nothing, never a value that says nothing', async (t) => {
  const books = await openBooks(t)
  const done: string[] = []
  const act = (what: string) => async () => {
    done.push(what)
    return { result: 'unchanged' } as never
  }
  const app = await startEdge(t, {
    async routes(app) {
      parseJsonBodies(app)
      const { ledger } = books
      const systems = new Map([['licence', systemWith({})]])
      await operatorRoutes(app, { ledger, systems, observe: { pauseChanged: () => undefined } })
      await configurationRoutes(app, {
        ledger,
        reloads: { inForce: () => ({}), reload: act('reload') } as never,
      })
      const activate = { validate: act('validate'), activate: act('activate') } as never
      await catalogueVersionRoutes(app, { ledger, catalogues: {} as never, activate })
    },
  })
  const cookie = await loggedIn(app, 'operator')
  const order = (path: string, payload: string) =>
    app.inject({
      method: 'POST',
      url: `/ops/v1/${path}`,
      headers: { cookie, 'content-type': 'application/json', origin: 'http://127.0.0.1:7700' },
      payload,
    })
  const paths = ['systems/licence/resume', 'configuration/reload', 'catalogue/validate', 'catalogue/activate']
  for (const path of paths) {
    for (const payload of ['[]', '[{}]', 'true', '1', '"replace"'])
      t.match(
        (await order(path, payload)).json(),
        { code: 'invalid-request', errors: [{ pointer: '' }] },
        `${path} ${payload}`,
      )
    t.match((await order(path, '{"dryRun":true}')).json(), { errors: [{ pointer: '/dryRun' }] }, path)
  }
  t.strictSame(done, [])
  for (const path of paths)
    for (const payload of ['', 'null', '{}']) t.equal((await order(path, payload)).statusCode, 200)
  t.equal(done.length, 9)
})

t.test('a replay begins at a time that was', async (t) => {
  for (const since of ['0000-01-01T00:00:00Z', '2026-02-31T00:00:00Z', '2026-11-23T09:00', '2026-11-23'])
    t.match(readReplayOrder({ since, reason: 'x' }, false), { errors: [{ pointer: '/since' }] }, since)
  t.match(readReplayOrder({ since: '2026-11-23T09:00:00+08:00', reason: 'x' }, false), {
    since: '2026-11-23T01:00:00.000Z',
  })
})
