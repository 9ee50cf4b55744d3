// The clock of a machine is set by ten minutes while the gateway runs: nothing waits until it has come so far again, and
// nothing is dated by it, for systems refuse what was signed ten minutes ago, and would be paused.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type SweeperDeps, startSweeper } from '../../src/delivery/sweeper.ts'
import { watchRoom } from '../../src/materials/free-space.ts'
import { readinessOf } from '../../src/operations/health.ts'
import { createLogger } from '../../src/operations/log.ts'
import { createMetrics } from '../../src/operations/metrics.ts'
import { observers } from '../../src/operations/observers.ts'
import { openBooks } from '../ledger/books.ts'
import { failing } from '../materials/setup.ts'

const real = Date.now
let backMs = 0
Date.now = () => real() - backMs
const setBack = (minutes: number): void => {
  backMs = minutes * 60_000
}
t.afterEach(() => setBack(0))
t.teardown(() => {
  Date.now = real
})

t.test('/readyz is not the answer of before', async (t) => {
  let away = false
  const ready = readinessOf(
    {
      database: async () => {
        if (away) throw new Error('gone')
        return true
      },
      pendingMigrations: async () => 0,
      queues: async () => undefined,
      oldestDueMs: async () => null,
    },
    () => undefined,
  )
  t.equal((await ready()).status, 'ready')
  away = true
  setBack(10)
  await sleep(1_050)
  t.equal((await ready()).status, 'not-ready')
})

t.test('leases that nobody knows of are still looked for', async (t) => {
  let looked = 0
  const held = async () => {
    looked++
    return []
  }
  const leases = { held, overdue: async () => [], takeOver: async () => [] }
  const sweeper = startSweeper({
    ledger: { leases, presence: { leads: async () => true }, oldestDue: async () => new Map() },
    queues: { wake: async () => undefined, wakeAgain: async () => undefined, restart: async () => undefined },
    delivery: { adopt: () => undefined, holds: () => true, lastProgress: () => 0 },
    systems: new Map(),
    leads: true,
    onStuck: () => undefined,
    everyMs: 20,
    observer: {
      swept: () => undefined,
      suspected: () => undefined,
      restarted: () => undefined,
      fault: (_: string, error: unknown) => t.error(error),
    },
  } as unknown as SweeperDeps)
  t.teardown(() => sweeper.close())
  while (looked === 0) await sleep(10)
  setBack(10)
  await sleep(3_300)
  t.ok(looked >= 2)
})

t.test('the disk is looked at again', async (t) => {
  let freeBytes = 900
  const room = watchRoom({ minFreeShare: 0.1, measure: async () => ({ freeBytes, totalBytes: 1_000 }) })
  t.equal((await room.space()).freeBytes, 900)
  freeBytes = 50
  setBack(10)
  await sleep(5_050)
  await t.rejects(room.enter(1), failing('storage-full'))
})

t.test('an outage is told of', async (t) => {
  const lines: string[] = []
  const log = createLogger({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) })
  const observe = observers(log, createMetrics())
  observe.queueError('ems', new Error('refused'))
  setBack(10)
  await sleep(1_050)
  observe.queueError('ems', new Error('refused'))
  t.equal(lines.length, 2)
})

t.test("the time of attempts and events is the database's from the first moment", async (t) => {
  const { ledger } = await openBooks(t)
  for (const minutes of [10, -10]) {
    setBack(minutes)
    const aside = Math.abs(ledger.now().getTime() - real())
    t.ok(aside < 1_000, `${Math.round(aside)} ms`)
    t.ok(Math.abs(ledger.presence.skewMs() - minutes * 60_000) < 1_000, 'and the skew is known')
    setBack(0)
  }
})
