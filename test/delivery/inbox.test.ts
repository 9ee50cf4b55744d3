// Systems that can only call out: what waits for them, how often it is shown, and when it counts as delivered.

import t from 'tap'
import { openInboxes } from '../../src/delivery/inbox.ts'
import { play, type Scene, tools } from './scene.ts'

const never = new AbortController().signal

async function inboxScene(t: Parameters<typeof play>[0], compose = tools.compose) {
  const scene = await play(t)
  scene.system.adapter.inbox = {
    operations: ['submitCase'],
    show: (operation, _, attempt) => ({ operation, key: attempt.key }),
  }
  scene.system.settings.delivery.timeoutMs = 1_500
  const { ledger, queues, system } = scene
  const inboxes = openInboxes({
    ledger,
    queues,
    systems: new Map([[system.id, system]]),
    tools: { ...tools, compose },
    observer: {
      attempted: (facts) => void scene.attempted.push(facts),
      paused: () => undefined,
      fault: (message) => void scene.faults.push(message),
    },
    pause: async () => undefined,
  })
  return { scene, inboxes }
}

const states = (scene: Scene) => scene.query<{ state: string }>('select state from transfers order by id')

t.test('what waits is not attempted by us, and is delivered when it is acknowledged', async (t) => {
  const { scene, inboxes } = await inboxScene(t)
  await scene.take(2)
  const items = await inboxes.fetch(scene.system, 10, 0, never)
  t.equal(items.length, 2)
  t.match(items[0], { operation: 'submitCase', fetchedBefore: 0, acknowledgeWithinSeconds: 1 })
  t.same(scene.sent, [], 'nothing was sent by us')
  t.same(await inboxes.fetch(scene.system, 10, 0, never), [], 'what is handed out is not shown again')
  t.equal(
    await inboxes.acknowledge(scene.system, items[0]!.id, { outcome: 'taken', reference: 'H-1' }),
    'recorded',
  )
  t.equal(await inboxes.acknowledge(scene.system, items[0]!.id, { outcome: 'taken' }), 'repeated')
  t.same((await states(scene)).map(({ state }) => state).sort(), ['delivered', 'leased'])
  const [row] = await scene.query<{ reference: string; state: string }>(
    'select reference, state from cases where reference is not null',
  )
  t.same(row, { reference: 'H-1', state: 'dispatched' })
})

t.test('what is not acknowledged in time is there again, and says so', async (t) => {
  const { scene, inboxes } = await inboxScene(t)
  await scene.take()
  const [first] = await inboxes.fetch(scene.system, 10, 0, never)
  const [again] = await inboxes.fetch(scene.system, 10, 8_000, never)
  t.equal(again?.id, first!.id)
  t.equal(again?.fetchedBefore, 1)
  t.equal(await inboxes.acknowledge(scene.system, again!.id, { outcome: 'taken' }), 'recorded')
})

t.test('a refusal waits for a person, with the reason', async (t) => {
  const { scene, inboxes } = await inboxScene(t)
  await scene.take()
  const [item] = await inboxes.fetch(scene.system, 10, 0, never)
  await inboxes.acknowledge(scene.system, item!.id, { outcome: 'refused', code: '7', reason: '不归我局' })
  t.same(await scene.query('select state, reason from transfers'), [{ state: 'dead', reason: '不归我局' }])
})

t.test('another system’s transfer, or none, is unknown', async (t) => {
  const { scene, inboxes } = await inboxScene(t)
  t.equal(
    await inboxes.acknowledge(scene.system, 'trf_01kb3v5m8q0123456789abcdef01', { outcome: 'taken' }),
    'unknown',
  )
  t.equal(await inboxes.acknowledge(scene.system, '../../etc', { outcome: 'taken' }), 'unknown')
})

t.test('who waits is answered when something comes', async (t) => {
  const { scene, inboxes } = await inboxScene(t)
  const waiting = inboxes.fetch(scene.system, 10, 10_000, never)
  await scene.take()
  t.equal((await waiting).length, 1)
})

t.test('what cannot be put together because the ledger is away waits, and is no dead letter', async (t) => {
  const away = [
    Object.assign(new Error('sorry, too many clients already'), { code: '53300' }),
    Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }),
  ]
  const { scene, inboxes } = await inboxScene(t, async () => {
    const error = away.shift()
    if (error) throw error
    return {}
  })
  await scene.take(2)
  t.same(await inboxes.fetch(scene.system, 10, 0, never), [])
  t.same(await states(scene), [{ state: 'due' }, { state: 'due' }])
  const again = await inboxes.fetch(scene.system, 1, 5_000, never)
  t.equal(again.length, 1, 'it is there again soon')
  t.same(scene.faults, [])
})
