// Leases whose answer was lost: the process that has them does not know.

import t from 'tap'
import { type Client, isAway, type Pool } from '../../src/ledger/database.ts'
import { received } from '../ledger/books.ts'
import { play } from './scene.ts'

t.setTimeout(60_000)

type Query = (...args: unknown[]) => Promise<unknown>

/** Does what it is asked; then the connection breaks before the answer is there, once. */
function losesAnswerOf(statement: string, queried: { query: unknown }): void {
  const query = (queried.query as Query).bind(queried)
  const losing: Query = async (...args) => {
    const answer = await query(...args)
    if ((args[0] as { name?: string }).name?.split(' ')[0] !== statement) return answer
    queried.query = query
    throw new Error('Connection terminated unexpectedly')
  }
  queried.query = losing
}

/** The same for whichever connection is taken next and asked by its holder; `pool.query` takes others meanwhile. */
function losesNextAnswer(statement: string, pool: Pool): void {
  const connect = pool.connect.bind(pool)
  const losing = async (): Promise<Client> => {
    pool.connect = connect as Pool['connect']
    const client = await connect()
    losesAnswerOf(statement, client)
    return client
  }
  const taken = (told?: Parameters<typeof connect>[0]) => (told ? connect(told) : losing())
  pool.connect = taken as Pool['connect']
}

t.test('a commit whose answer was lost leaves no lease behind that nobody knows', async (t) => {
  const { ledger, settled, query, sent, attempted, until } = await play(t, { find: async () => null })
  const change = received()
  losesNextAnswer('write', ledger.writers)
  await t.rejects(
    ledger.record(change).catch((error) => Promise.reject(isAway(error) ? error : 'other')),
    {
      message: /Connection terminated/,
    },
  )
  t.match(await ledger.record(change), { outcome: 'replayed' }, 'it was committed')
  t.match(await query('select state, lease_owner from transfers'), [
    { state: 'leased', lease_owner: ledger.presence.owner },
  ])
  t.strictSame(sent, [])
  await settled(1)
  t.equal(sent.length, 1)
  await until('it is told', () => attempted.length > 0)
  t.match(attempted, [{ outcome: 'delivered' }])
  t.match(await query('select look from transfers'), [{ look: true }], 'it was looked for first')
})

t.test('nor does a claim', async (t) => {
  const { take, ledger, system, settled, query, until, sent } = await play(t, { find: async () => null })
  system.gate.pause('not yet')
  await take()
  losesAnswerOf('claim', ledger.writers)
  system.gate.resume()
  await until(
    'it is leased',
    async () => (await query("select 1 from transfers where state = 'leased'")).length > 0,
  )
  t.strictSame(sent, [])
  await settled(1)
  t.equal(sent.length, 1)
})

t.test('what is under way for long, or waits in memory, is no stray', async (t) => {
  const answer = Promise.withResolvers<object>()
  const { take, until, settled, query, sent } = await play(t, {
    concurrency: 1,
    timeoutMs: 30_000,
    find: () => Promise.reject(new Error('nobody has to look')),
    send: () => answer.promise,
  })
  await take(3)
  await until('one has begun', () => sent.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 7_500))
  t.match(await query('select state, epoch, look from transfers'), [
    { state: 'leased', epoch: 1, look: false },
    { state: 'leased', epoch: 1, look: false },
    { state: 'leased', epoch: 1, look: false },
  ])
  answer.resolve({})
  await settled(3)
  t.equal(sent.length, 3)
})
