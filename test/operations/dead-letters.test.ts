// What waits for a person is listed in pages: nothing is cut off, whatever comes or is sent again meanwhile.

import t from 'tap'
import { operatorRoutes } from '../../src/operations/operator-routes.ts'
import { retryAllRoutes } from '../../src/operations/retry-all.ts'
import { openBooks, transfersOf } from '../ledger/books.ts'
import { loggedIn, startEdge } from '../security/edge.ts'

interface Answer {
  items: { id: string; system: string }[]
  next: string | null
  more: boolean
}

t.test('dead letters are read in pages, by system', async (t) => {
  const books = await openBooks(t)
  const { submissionId } = await books.take()
  await books.query(
    `insert into transfers (id, submission_id, system, operation, lane, sequence, state, reason, about)
     select 'trf_' || lpad(n::text, 6, '0'), $1, case when n % 3 = 0 then 'tax' else 'health' end, 'submitCase', 'lane' || n, 1, 'dead', 'why', '{}'
     from generate_series(1, 1200) n`,
    [submissionId],
  )
  const app = await startEdge(t, {
    routes: (app) =>
      operatorRoutes(app, {
        ledger: books.ledger,
        systems: new Map(),
        observe: { pauseChanged: () => undefined },
      }),
  })
  const cookie = await loggedIn(app, 'viewer')
  const ask = (query: string) => app.inject({ url: `/ops/v1/dead-letters?${query}`, headers: { cookie } })
  const readAll = async (query: string, meanwhile?: () => Promise<unknown>) => {
    const all: Answer['items'] = []
    for (let after = ''; ; ) {
      const page: Answer = (await ask(`${query}${after}`)).json()
      all.push(...page.items)
      t.ok(page.items.length <= 500)
      if (!page.more) {
        t.equal(page.next, null)
        return all
      }
      await meanwhile?.()
      after = `&after=${page.next}`
    }
  }
  const all = await readAll('')
  t.equal(new Set(all.map((one) => one.id)).size, 1_200)
  const places = all.map(({ system, id }) => `${system} ${id}`)
  t.strictSame(places, [...places].sort())

  const tax = await readAll('system=tax&limit=70', () =>
    books.query("update transfers set state = 'due' where id = 'trf_000003' and state = 'dead'"),
  )
  t.equal(tax.length, 400, 'one that is sent again meanwhile moves none of the others')
  t.ok(tax.every((one) => one.system === 'tax'))

  const ofTheFeed = Buffer.from('1795909535000000 trf_000003').toString('base64url')
  for (const query of [
    'after=x',
    `after=${Buffer.from('health').toString('base64url')}`,
    `after=${ofTheFeed}`,
    'limit=501',
    'limit=-1',
  ]) {
    const refused = await ask(query)
    t.equal(refused.statusCode, 400)
    t.match(refused.json(), { code: 'invalid-request', errors: [{ messageZh: /须为/ }] })
  }
})

t.test('what an outage has buried is sent again at once, as far as it matches', async (t) => {
  const books = await openBooks(t)
  const bury = async (reason: string) => {
    const { submissionId } = await books.take()
    const [transfer] = await transfersOf(books, submissionId)
    await books.tell(submissionId, { type: 'transfer.buried', transferId: transfer!.id, reason })
    return transfer!.id
  }
  const page = [await bury('answered HTML or other markup'), await bury('answered HTML or other markup')]
  const other = await bury('unknown code 9')
  const app = await startEdge(t, {
    routes: (app) => retryAllRoutes(app, { ledger: books.ledger, systems: new Map([['licence', {}]]) }),
  })
  const cookie = await loggedIn(app, 'operator')
  const origin = 'http://127.0.0.1:7700'
  const ask = (query: string, body: object, more = {}) =>
    app.inject({
      method: 'POST',
      url: `/ops/v1/systems/licence/dead-letters/retry${query}`,
      headers: { cookie, origin, ...more },
      payload: body,
    })
  const dead = async () =>
    (await books.query<{ id: string }>(`select id from transfers where state = 'dead' order by id`)).map(
      ({ id }) => id,
    )
  const matching = { reason: '维护结束', containing: 'HTML' }
  t.match((await ask('?dryRun=true', matching)).json(), { found: 2, retried: 0, dryRun: true })
  t.equal((await dead()).length, 3, 'only counted')
  t.equal((await ask('', { containing: 'HTML' })).statusCode, 400, 'without a reason')
  t.equal((await ask('', { ...matching, containing: 5 })).statusCode, 400)
  t.match(
    (await ask('', { reason: '维护结束', conaining: 'HTML' })).json(),
    { errors: [{ pointer: '/conaining', code: 'unknown-field' }] },
    'what is misspelt does not send all of them',
  )
  const key = { 'idempotency-key': 'after-the-outage' }
  const done = await ask('', matching, key)
  t.match([done.statusCode, done.json()], [202, { found: 2, retried: 2 }])
  t.strictSame(await dead(), [other])
  t.match((await ask('', matching, key)).json(), { found: 2, retried: 2 }, 'a repeat gets the first answer')
  const entries = await books.query(`select data from entries where type = 'transfer.revived'`)
  t.equal(entries.length, 2)
  t.match(entries[0], { data: { reason: '维护结束' } })
  t.equal(page.length, 2)
})

t.test(
  'a retry whose process died before it answered is carried out once, and answered as done',
  async (t) => {
    const books = await openBooks(t)
    const { submissionId } = await books.take()
    const [transfer] = await transfersOf(books, submissionId)
    const id = transfer!.id
    const bury = () => books.tell(submissionId, { type: 'transfer.buried', transferId: id, reason: 'down' })
    const deps = { ledger: books.ledger, systems: new Map<string, never>([['licence', {} as never]]) }
    const app = await startEdge(t, {
      routes: async (app) => {
        await operatorRoutes(app, { ...deps, observe: { pauseChanged: () => undefined } })
        await retryAllRoutes(app, deps)
      },
    })
    const cookie = await loggedIn(app, 'operator')
    const order = async (path: string, key: string) => {
      const headers = { cookie, origin: 'http://127.0.0.1:7700', 'idempotency-key': key }
      const answer = await app.inject({
        method: 'POST',
        url: `/ops/v1/${path}`,
        headers,
        payload: { reason: '恢复' },
      })
      return [answer.statusCode, answer.json()]
    }
    const diedBeforeAnswering = () =>
      books.query("update messages set answer = null where outcome = 'ordered'")
    const revived = async () =>
      (await books.query("select from entries where type = 'transfer.revived'")).length
    const one = `transfers/${id}/retry`
    const all = 'systems/licence/dead-letters/retry'

    t.match(await order(one, 'early'), [409, { code: 'conflict-state' }], 'it is no dead letter')
    await bury()
    t.match(await order(one, 'early'), [202, { state: 'due' }], 'refused, the key was free again')
    await diedBeforeAnswering()
    t.match(await order(one, 'early'), [202, { state: 'due' }], 'the crash between commit and answer')
    t.equal(await revived(), 1)

    await bury()
    t.match(await order(all, 'all'), [202, { found: 1, retried: 1 }])
    await diedBeforeAnswering()
    await bury()
    t.match(await order(all, 'all'), [202, { found: 1, retried: 0 }], 'what died anew stays')
    t.equal(await revived(), 2)
    t.match(await order(all, 'another'), [202, { found: 1, retried: 1 }])
  },
)
