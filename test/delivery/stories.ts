// What delivery promises, on whichever engine its queues are: from memory first, through the queue when it must
// wait, never lost, and by whoever is left when a process dies. Told once for both engines.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Queues } from '../../src/delivery/queue.ts'
import { removePause, writePause } from '../../src/ledger/pauses.ts'
import type { Teardown } from '../support/database.ts'
import type { Scene, SceneOptions } from './scene.ts'

interface Stage {
  /** A scene on this engine; on the same database, a second process beside it. */
  scene(t: Teardown, options?: SceneOptions): Promise<Scene>
  /** Empties the queues of one ledger behind everybody's back. */
  lose(queues: Queues, databaseUrl: string): Promise<unknown>
}

/** They wait more than they work, so several run at a time. */
const together = () => ({ buffered: true, timeout: 60_000 })

/** Adds one test for each promise. */
export function tellStories(t: Pick<Test, 'test' | 'jobs'>, { scene, lose }: Stage): void {
  t.jobs = 4
  t.test('the first attempt goes from memory, without a wake-up call', together(), async (t) => {
    const { take, settled, until, sent, woken, attempted } = await scene(t, {
      send: async () => ({ reference: 'D-1' }),
    })
    await take(10)
    await settled(10)
    await until('the last attempt is told', () => attempted.length === 10)
    t.equal(new Set(sent).size, 10)
    t.equal(sent.length, 10)
    t.strictSame(woken, [])
    t.match(attempted[0], { outcome: 'delivered', number: 1, system: 'licence', operation: 'submitCase' })
  })

  t.test('what finds no room goes through the queue, once each', together(), async (t) => {
    const { take, settled, sent, woken } = await scene(t, {
      concurrency: 1,
      waitingRoom: 0,
      send: async () => {
        await sleep(5)
        return {}
      },
    })
    await take(12)
    await settled(12)
    t.ok(woken.length >= 11)
    t.equal(sent.length, 12)
  })

  t.test('a failure is tried again after its back-off, and looked up first', together(), async (t) => {
    let looked = 0
    let tries = 0
    const { take, settled, until, attempted, woken } = await scene(t, {
      send: async () => {
        if (tries++ < 2) throw new AdapterFailure('unavailable', 'maintenance')
        return { reference: 'D-1' }
      },
      find: async () => {
        looked++
        return null
      },
    })
    await take()
    await settled(1)
    await until('the last attempt is told', () => attempted.length === 3)
    t.equal(looked, 2)
    t.equal(woken.length, 2)
    t.ok(woken.every((one) => one.delayMs >= 25))
    t.match(
      attempted.map(({ number, outcome }) => [number, outcome]),
      [
        [1, 'unavailable'],
        [2, 'unavailable'],
        [3, 'delivered'],
      ],
    )
  })

  t.test('a refusal is a dead letter, and nothing is tried again', together(), async (t) => {
    const { take, until, states, sent } = await scene(t, {
      send: async () => {
        throw new AdapterFailure('rejected', '事项编码不存在', { code: '4007' })
      },
    })
    await take()
    await until('dead', async () => (await states()).join() === 'dead')
    await sleep(150)
    t.equal(sent.length, 1)
  })

  t.test("an error that is nobody else's is our bug: a dead letter and a fault", async (t) => {
    const { take, until, states, faults } = await scene(t, {
      send: async () => {
        throw new TypeError('undefined is not a function')
      },
    })
    await take()
    await until('dead', async () => (await states()).join() === 'dead')
    t.match(faults, [/undefined is not a function/])
  })

  t.test('what takes its worker down again and again is not tried for ever', together(), async (t) => {
    const { take, until, states, sent, ledger, system } = await scene(t, { sweeps: false })
    system.gate.pause('not yet')
    await take()
    await ledger.writers.query('update transfers set claims = 16')
    system.gate.resume()
    await until('dead', async () => (await states()).join() === 'dead')
    t.strictSame(sent, [])
  })

  t.test('lost wake-up calls are made again by the sweeper', together(), async (t) => {
    let tries = 0
    const { take, settled, queues, databaseUrl, until, woken, sent } = await scene(t, {
      retry: { baseMs: 1_600, maxMs: 1_600, forMs: 3_600_000 },
      send: async () => {
        if (tries++ < 3) throw new AdapterFailure('unavailable', 'away', { sent: false })
        return {}
      },
    })
    await take(3)
    await until('three calls wait', () => woken.length === 3)
    await lose(queues, databaseUrl)
    await settled(3)
    t.equal(sent.length, 6)
  })

  t.test(
    'calls that are lost while a system is unwell do not leave it alone for ever',
    together(),
    async (t) => {
      let well = false
      const { take, settled, queues, databaseUrl, until, system, states } = await scene(t, {
        breaker: { failures: 3, openMs: 400 },
        send: async () => {
          if (!well) throw new AdapterFailure('unavailable', 'away', { sent: false })
          return {}
        },
      })
      await take(4)
      await until('the breaker opens', () => system.gate.state().breaker === 'open')
      await until('all wait', async () => (await states()).join() === 'due,due,due,due')
      await lose(queues, databaseUrl)
      well = true
      await settled(4)
    },
  )

  t.test('a paused system gets nothing until it is resumed', together(), async (t) => {
    const { take, settled, sent, ledger, until, system, queues } = await scene(t)
    await writePause(ledger.writers, 'licence', 'maintenance', 'operator')
    await until('the gate is shut', () => system.gate.state().paused === 'maintenance')
    await take(3)
    await sleep(200)
    t.strictSame(sent, [])
    t.ok(await queues.list()[0]!.isPaused())
    await removePause(ledger.writers, 'licence', 'operator')
    await settled(3)
  })

  t.test('refused credentials pause the system for everybody, and lose nothing', together(), async (t) => {
    let known = false
    const { take, settled, sent, ledger, until, paused, query, queues } = await scene(t, {
      concurrency: 1,
      send: async () => {
        if (!known) throw new AdapterFailure('unauthorised', 'HTTP 401')
        return {}
      },
    })
    await take()
    await until('it is paused', () => paused.length > 0)
    t.match(await query('select system, reason, by from pauses'), [
      { system: 'licence', reason: 'HTTP 401', by: 'gateway' },
    ])
    await take(2)
    await until('the queue is paused too', () => queues.list()[0]!.isPaused())
    await sleep(100)
    t.ok(sent.length <= 2, 'it is not tried over and over')
    known = true
    await removePause(ledger.writers, 'licence', 'operator')
    await settled(3)
  })

  t.test('a system that fails is left alone for a while, and then gets one probe', together(), async (t) => {
    let well = false
    const { take, settled, sent, until, system } = await scene(t, {
      breaker: { failures: 3, openMs: 600 },
      send: async () => {
        if (!well) throw new AdapterFailure('unavailable', 'away', { sent: false })
        return {}
      },
    })
    await take(6)
    await until('the breaker opens', () => system.gate.state().breaker === 'open')
    const tried = sent.length
    await sleep(300)
    t.ok(sent.length <= tried + 2, `${sent.length} tries`)
    well = true
    await settled(6)
    t.equal(system.gate.state().breaker, 'closed')
  })

  t.test('a process that stops ends what has begun and hands the rest back', together(), async (t) => {
    const { take, until, sent, delivery, query, queues } = await scene(t, {
      concurrency: 1,
      sweeps: false,
      send: async () => {
        await sleep(150)
        return { reference: 'D-1' }
      },
    })
    await take(4)
    await until('one has begun', () => sent.length === 1)
    await delivery.close()
    t.equal(sent.length, 1)
    t.match(await query('select state, attempts, look from transfers order by state'), [
      { state: 'delivered', attempts: 1 },
      { state: 'due', attempts: 0, look: false },
      { state: 'due', attempts: 0, look: false },
      { state: 'due', attempts: 0, look: false },
    ])
    const { waiting = 0, active = 0 } = await queues.depth('licence')
    t.equal(waiting + active, 3, 'their wake-up calls wait for another process')
  })

  t.test('the work of a dead process is taken over, looked up, and not sent twice', together(), async (t) => {
    const arrived = new Set<string>()
    const hang = Promise.withResolvers<never>()
    const dying = await scene(t, {
      sweeps: false,
      send: async ({ key }) => {
        arrived.add(key)
        return hang.promise
      },
    })
    await dying.take(2)
    await dying.until('both have begun', () => arrived.size === 2)
    const heir = await scene(t, {
      databaseUrl: dying.databaseUrl,
      find: async (_, { key }) => (arrived.has(key) ? { reference: 'D-1' } : null),
    })
    await heir.ledger.presence.leads()
    await dying.ledger.presence.close()
    await heir.settled(2)
    t.strictSame(heir.sent, [], 'they had arrived')
    await heir.until('the last attempt is told', () => heir.attempted.length === 2)
    t.match(heir.attempted, [{ duplicate: true }, { duplicate: true }])
    hang.reject(new AdapterFailure('rejected', 'too late'))
    await sleep(50)
    t.strictSame(await heir.states(), ['delivered', 'delivered'], 'a late word changes nothing')
  })
}
