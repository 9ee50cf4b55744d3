// One system's gate: who goes when, and when nobody does.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createGate, type GateOptions } from '../../src/delivery/gate.ts'

const live = new AbortController().signal
const turn = () => new Promise((resolve) => setImmediate(resolve))

function gateWith(change: Partial<GateOptions> = {}) {
  let now = 0
  const gate = createGate({
    concurrency: 2,
    waitingRoom: 2,
    breaker: { failures: 3, openMs: 30 },
    now: () => now,
    ...change,
  })
  const went: number[] = []
  const leaves = new Map<number, () => void>()
  return {
    gate,
    went,
    pass: (ms: number) => {
      now += ms
    },
    enter: (n: number, { signal = live, dueForMs }: { signal?: AbortSignal; dueForMs?: number } = {}) =>
      gate.enter(signal, dueForMs).then((leave) => {
        went.push(n)
        leaves.set(n, leave)
      }),
    leave: (n: number) => leaves.get(n)!(),
  }
}

t.test('no more go at once than the system takes, and in the order they came', async (t) => {
  const { gate, went, enter, leave } = gateWith()
  for (const n of [1, 2, 3, 4]) void enter(n)
  await turn()
  t.strictSame(went, [1, 2])
  t.match(gate.state(), { inFlight: 2, waiting: 2 })
  leave(2)
  await turn()
  t.strictSame(went, [1, 2, 3])
  leave(2)
  await turn()
  t.strictSame(went, [1, 2, 3], 'leaving twice frees one place')
  leave(1)
  leave(3)
  await turn()
  t.strictSame(went, [1, 2, 3, 4])
})

t.test('whoever has been due longest goes first, wherever it waited', async (t) => {
  const { went, pass, enter, leave } = gateWith({ concurrency: 1 })
  for (const n of [1, 2]) void enter(n)
  pass(100)
  for (const n of [3, 4]) void enter(n)
  void enter(5, { dueForMs: 50 })
  void enter(6, { dueForMs: 5_000 })
  void enter(7, { dueForMs: Number.POSITIVE_INFINITY })
  for (const _ of [1, 2, 3, 4, 5, 6, 7]) {
    await turn()
    leave(went.at(-1)!)
  }
  t.strictSame(went, [1, 7, 6, 2, 5, 3, 4])
})

t.test('there is more room for what a dead process held', async (t) => {
  const { gate } = gateWith()
  for (let places = 4; places > 0; places--) gate.reserve()
  t.equal(gate.reserve(), false)
  t.equal(gate.reserve(2), true)
  gate.hold(1_000)
  t.equal(gate.reserve(2), false, 'but none while nothing may go')
})

t.test('the waiting room is bounded', async (t) => {
  const { gate } = gateWith()
  t.strictSame(
    [1, 2, 3, 4, 5].map(() => gate.reserve()),
    [true, true, true, true, false],
  )
  gate.release()
  t.equal(gate.reserve(), true)
})

t.test('whoever gives up leaves the line, and nobody behind waits for them', async (t) => {
  const { went, enter, leave } = gateWith({ concurrency: 1 })
  const stop = new AbortController()
  await enter(1)
  const second = enter(2, { signal: stop.signal })
  void enter(3)
  stop.abort(new Error('shutting down'))
  await t.rejects(second, /shutting down/)
  await t.rejects(enter(4, { signal: stop.signal }), /shutting down/)
  leave(1)
  await turn()
  t.strictSame(went, [1, 3])
})

t.test('failures in a row open it; one probe goes after a while, and one success closes it', async (t) => {
  const { gate, went, pass, enter, leave } = gateWith()
  for (let i = 0; i < 2; i++) gate.report(true)
  gate.report(false)
  for (let i = 0; i < 2; i++) gate.report(true)
  t.equal(gate.state().breaker, 'closed', 'a success in between starts the count anew')
  gate.report(true)
  t.match(gate.state(), { breaker: 'open', failuresInRow: 3, heldMs: 30 })
  t.equal(gate.reserve(), false)
  for (const n of [1, 2, 3]) void enter(n)
  await turn()
  t.strictSame(went, [])
  pass(31)
  await sleep(60)
  t.strictSame(went, [1], 'one probe')
  t.equal(gate.state().breaker, 'half-open')
  gate.report(true)
  leave(1)
  t.equal(gate.state().breaker, 'open', 'it failed: shut again')
  pass(31)
  await sleep(60)
  t.strictSame(went, [1, 2])
  gate.report(false)
  leave(2)
  t.match(gate.state(), { breaker: 'closed', failuresInRow: 0 })
  await turn()
  t.strictSame(went, [1, 2, 3])
})

t.test('attempts that were under way when it opened do not keep it open for longer', async (t) => {
  const { gate, pass, enter, leave } = gateWith({ concurrency: 5 })
  await Promise.all([1, 2, 3, 4, 5].map((n) => enter(n)))
  for (const n of [1, 2, 3]) {
    gate.report(true)
    leave(n)
  }
  pass(20)
  gate.report(true)
  leave(4)
  t.equal(gate.state().heldMs, 10)
})

t.test('a hold lets nobody in until it is over, and the longest hold counts', async (t) => {
  const { gate, went, pass, enter } = gateWith()
  gate.hold(40)
  gate.hold(20)
  t.equal(gate.reserve(), false)
  void enter(1)
  pass(21)
  await sleep(60)
  t.strictSame(went, [])
  pass(20)
  await sleep(60)
  t.strictSame(went, [1])
})

t.test('a hold of months does not spin', async (t) => {
  const { gate, enter } = gateWith()
  gate.hold(90 * 24 * 3_600_000)
  const before = process.cpuUsage()
  const stop = new AbortController()
  const waiting = enter(1, { signal: stop.signal })
  await sleep(50)
  t.ok(process.cpuUsage(before).user < 40_000)
  stop.abort(new Error('enough'))
  await t.rejects(waiting)
})

t.test('a pause lets nobody in until it is lifted', async (t) => {
  const { gate, went, enter } = gateWith()
  gate.pause('401')
  t.equal(gate.reserve(), false)
  void enter(1)
  await turn()
  t.strictSame(went, [])
  t.match(gate.state(), { paused: '401', waiting: 1 })
  gate.resume()
  await turn()
  t.strictSame(went, [1])
  t.equal(gate.state().paused, null)
})
