// A process that lives but lost the session that proves it: others may have its work, so it goes on with none of it.

import t from 'tap'
import type { Attempt, Receipt } from '../../src/adapter-kit/contract.ts'
import { spacing } from '../../src/delivery/suspects.ts'
import { PRESENCE_LOCK } from '../../src/ledger/presence.ts'
import { play, type Scene } from './scene.ts'

t.setTimeout(60_000)

/** Ends the presence of a process behind its back. */
const cutOff = ({ ledger, query }: Scene) =>
  query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = ${PRESENCE_LOCK}
       and objid = ${ledger.presence.owner} and database = (select oid from pg_database where datname = current_database())`,
  )

const silent = ({ signal }: Attempt): Promise<Receipt> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

t.test(
  'of two processes, the one that lost its presence sends nothing of what the other took over',
  async (t) => {
    const arrived = new Set<string>()
    const answer = Promise.withResolvers<Receipt>()
    // It cannot look, so what is under way is not given up, and the others go on waiting behind it.
    const one = await play(t, {
      sweeps: false,
      concurrency: 1,
      send: ({ key }) => {
        arrived.add(key)
        return answer.promise
      },
    })
    await one.take(3)
    await one.until('the first has begun', () => one.sent.length === 1)
    const other = await play(t, {
      databaseUrl: one.databaseUrl,
      sweeps: false,
      find: async (_, { key }) => (arrived.has(key) ? { reference: 'D-1' } : null),
    })
    await cutOff(one)
    const { leases } = other.ledger
    const taken: string[] = []
    await other.until('its leases are taken over', async () => {
      taken.push(...(await leases.takeOver(10, spacing)).map(({ id }) => id))
      return taken.length === 3
    })
    other.delivery.adopt(await leases.overdue(0, 10, ['licence']))
    await other.settled(3)
    await one.until('it is back', () => one.ledger.presence.alive())
    answer.resolve({ reference: 'D-1' })
    await one.until('nothing waits in its memory', () => one.system.gate.state().reserved === 0)
    t.equal(one.sent.length, 1)
    t.equal(other.sent.length, 2)
    t.equal(new Set([...one.sent, ...other.sent]).size, 3)
  },
)

t.test('alone, it does what it had once more, and loses nothing', async (t) => {
  let lost = false
  const scene = await play(t, {
    concurrency: 1,
    timeoutMs: 30_000,
    find: async () => null,
    send: async (attempt) => (lost ? { reference: 'D-1' } : silent(attempt)),
  })
  await scene.take(3)
  await scene.until('the first has begun', () => scene.sent.length === 1)
  lost = true
  await cutOff(scene)
  await scene.settled(3)
  t.equal(scene.sent.length, 4, 'the first twice, after a look')
  t.match(scene.attempted[0], { outcome: 'uncertain', summary: /proves this process alive/ })
  t.equal(scene.system.gate.state().failuresInRow, 0, 'the system is not to blame')
})

t.test('without its presence, a process leases nothing, and its wake-up calls wait with it', async (t) => {
  const { take, settled, ledger, queues, until, states } = await play(t, { sweeps: false })
  const { presence } = ledger
  const session = AbortSignal.abort()
  const held = presence.session
  presence.session = () => session
  await take(2)
  t.strictSame(await states(), ['due', 'due'])
  await until('both calls were taken', async () => (await queues.depth('licence')).active === 2)
  t.strictSame(await states(), ['due', 'due'])
  presence.session = held
  await settled(2)
})

t.test('what nobody could look for may end: nobody else would send it', async (t) => {
  const answer = Promise.withResolvers<Receipt>()
  const scene = await play(t, { send: () => answer.promise })
  await scene.take()
  await scene.until('it has begun', () => scene.sent.length === 1)
  const before = scene.ledger.presence.session()
  await cutOff(scene)
  await scene.until('the session is lost', () => before.aborted)
  answer.resolve({ reference: 'D-1' })
  await scene.settled(1)
  await scene.until('it is told', () => scene.attempted.length > 0)
  t.match(scene.attempted, [{ outcome: 'delivered', number: 1 }])
})
