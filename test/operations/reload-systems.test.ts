// A system that takes another's place: what ends when, and what outlives it.

import t from 'tap'
import { createGate } from '../../src/delivery/gate.ts'
import { inUse, type System, shortestLeaseMs, takePlace } from '../../src/delivery/systems.ts'
import { systemWith } from '../delivery/scene.ts'

const closing = (system: System, closed: string[], name: string): System => ({
  ...system,
  http: { ...system.http, close: async () => void closed.push(`${name} http`) },
  adapter: { ...system.adapter, close: async () => void closed.push(`${name} adapter`) },
})

t.test('the old one is closed after its last use, and not before', async (t) => {
  const closed: string[] = []
  const old = closing(systemWith({}), closed, 'old')
  const fresh = closing({ ...systemWith({}), gate: old.gate }, closed, 'fresh')
  const systems = new Map([[old.id, old]])
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const uses = [inUse(old, () => first.promise), inUse(old, () => second.promise)]
  const ended = takePlace(systems, fresh)
  t.equal(systems.get(old.id), fresh, 'from now on everybody gets the new one')
  first.resolve()
  await uses[0]
  t.strictSame(closed, [])
  second.resolve()
  await ended
  t.strictSame(closed, ['old http', 'old adapter'])
})

t.test('a use that fails ends as well', async (t) => {
  const closed: string[] = []
  const old = closing(systemWith({}), closed, 'old')
  const use = inUse(old, () => Promise.reject(new Error('broken')))
  const ended = takePlace(new Map([[old.id, old]]), { ...systemWith({}), gate: old.gate })
  await t.rejects(use, /broken/)
  await ended
  t.equal(closed.length, 2)
})

t.test('a lease that was taken before is never thought longer than it is', async (t) => {
  const old = systemWith({}, { timeoutMs: 1_000 })
  const slow = { ...systemWith({}, { timeoutMs: 600_000 }), gate: old.gate }
  const systems = new Map([[old.id, old]])
  await takePlace(systems, slow)
  t.equal(shortestLeaseMs(slow), old.leaseMs)
  const again = { ...systemWith({}, { timeoutMs: 600_000 }), gate: old.gate }
  await takePlace(systems, again)
  t.equal(shortestLeaseMs(again), old.leaseMs, 'also after one more change')
})

t.test('the gate keeps who is inside, who waits, and what is broken, under other limits', async (t) => {
  const gate = createGate({ concurrency: 1, waitingRoom: 1, breaker: { failures: 2, openMs: 50 } })
  const { signal } = new AbortController()
  const leave = await gate.enter(signal)
  let waited = true
  const waiting = gate.enter(signal).then((leaveToo) => {
    waited = false
    return leaveToo
  })
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(waited, true)
  gate.adjust({ concurrency: 2, waitingRoom: 2, breaker: { failures: 1, openMs: 50 } })
  const leaveToo = await waiting
  t.match(gate.state(), { inFlight: 2, breaker: 'closed' })
  gate.report(true)
  t.match(gate.state(), { breaker: 'open' })
  gate.adjust({ concurrency: 4, waitingRoom: 2, breaker: { failures: 1, openMs: 50 } })
  t.match(gate.state(), { breaker: 'open', inFlight: 2 }, 'still broken')
  leave()
  leaveToo()
  t.match(gate.state(), { inFlight: 0 })
})
