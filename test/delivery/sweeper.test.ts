// Whose fault it is that something waits: a department that is slow, or consumers that do nothing. On a clock of its own.

import t from 'tap'
import { type SweeperDeps, startSweeper } from '../../src/delivery/sweeper.ts'
import type { Due } from '../../src/ledger/changes.ts'
import type { Overdue } from '../../src/ledger/leases.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Teardown } from '../support/database.ts'
import { systemWith } from './scene.ts'

const SECOND = 1_000

/** A system with due work, seconds that pass when the test says so, and all that the sweeper did about it. */
async function watching(
  t: Teardown,
  {
    held,
    suspects = 0,
    backlog = 0,
    hangs = false,
    ...change
  }: { timeoutMs?: number; held?: number; suspects?: number; backlog?: number; hangs?: boolean } = {},
) {
  const system = systemWith({}, change)
  const adopted: number[] = []
  const woken: number[] = []
  const suspected: string[] = []
  const firsts: string[] = []
  let now = Date.parse('2026-03-02T01:00:00Z')
  let progressAt = now
  let dueSince: number | null = null
  let [away, rounds] = [false, 0]
  const [restarted, stuck] = [[], []] as [string[], string[]]
  const ledger = {
    presence: { leads: async () => true } as unknown as Ledger['presence'],
    leases: { held: async () => [], overdue, takeOver } as unknown as Ledger['leases'],
    async oldestDue() {
      rounds++
      if (away) throw new Error('the database is away')
      return new Map(dueSince === null ? [] : [['licence', now - dueSince]])
    },
  }
  let abandoned = held ?? 0
  async function takeOver(limit: number) {
    if (hangs) await new Promise(() => undefined)
    const found = Math.min(limit, abandoned)
    abandoned -= found
    const delayMs = (n: number) => (n < suspects ? 10 * SECOND : 0)
    return Array.from({ length: found }, (_, n) => ({
      id: `${n}`,
      system: 'licence',
      epoch: 1,
      delayMs: delayMs(n),
    }))
  }
  const nothing = async () => undefined
  async function overdue(
    _: number,
    limit: number,
    systems: readonly string[],
    after: ReadonlyMap<string, Overdue> = new Map(),
  ) {
    const from = Number(after.get('licence')?.id ?? -1) + 1
    const count = systems.length > 0 ? Math.min(limit, backlog - from) : 0
    return Array.from({ length: count }, (_, n) => ({
      id: `${from + n}`,
      system: 'licence',
      epoch: 0,
      since: '',
    }))
  }
  const deps: SweeperDeps = {
    ledger,
    queues: {
      async wake(due) {
        woken.push(...due.map(({ delayMs }) => delayMs))
      },
      wakeAgain: nothing,
      restart: async (id) => void restarted.push(id),
    },
    delivery: {
      adopt(due: readonly Due[]) {
        adopted.push(due.length)
        firsts.push(due[0]!.id)
      },
      holds: () => true,
      lastProgress: () => progressAt,
    },
    systems: new Map([[system.id, system]]),
    leads: held !== undefined,
    now: () => now,
    everyMs: 1,
    onStuck: (reason) => void stuck.push(reason),
    observer: {
      swept: () => undefined,
      suspected: ({ transfer }) => void suspected.push(transfer),
      restarted: () => undefined,
      fault: () => undefined,
    },
  }
  const sweeper = startSweeper(deps)
  if (!hangs) t.teardown(() => sweeper.close())
  const round = async () => {
    const before = rounds
    while (rounds < before + 2) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return {
    system,
    sweeper,
    adopted,
    woken,
    suspected,
    firsts,
    round,
    restarted,
    stuck,
    due: () => {
      dueSince = now
    },
    elsewhere: () => {
      progressAt = 0
    },
    pause: (is: boolean) => (is ? system.gate.pause('an operator said so') : system.gate.resume()),
    databaseAway: (is: boolean) => {
      away = is
    },
    /** Seconds pass, and the sweeper looks every ten of them; `each` is what happens meanwhile. */
    async pass(seconds: number, each: () => void = () => undefined) {
      for (let left = seconds; left > 0; left -= 10) {
        now += Math.min(left, 10) * SECOND
        each()
        await round()
      }
    },
    /** The machine sleeps. */
    async sleep(seconds: number) {
      now += seconds * SECOND
      await round()
    },
    ended: () => {
      progressAt = now
    },
  }
}

t.test('consumers that make no progress for a minute are made anew, once a minute', async (t) => {
  const { due, pass, restarted, sweeper } = await watching(t)
  await pass(10)
  due()
  await pass(50)
  t.strictSame(restarted, [])
  await pass(20)
  t.strictSame(restarted, ['licence'])
  t.ok(sweeper.stalledMs()! >= 60 * SECOND)
  await pass(40)
  t.strictSame(restarted, ['licence'])
})

t.test('a process that makes no progress for two minutes is to be replaced', async (t) => {
  const { due, pass, stuck } = await watching(t)
  due()
  await pass(120)
  t.strictSame(stuck, [])
  await pass(30)
  t.match(stuck[0], /^system licence made no progress for 1[234]\d s$/)
})

t.test('a slow department has old work and moves: nobody is replaced for it', async (t) => {
  const { due, pass, ended, restarted, stuck, sweeper } = await watching(t)
  due()
  await pass(600, ended)
  t.equal(sweeper.oldestDueMs(), 600 * SECOND)
  t.equal(sweeper.stalledMs(), 0)
  t.strictSame([restarted, stuck], [[], []])
})

t.test('an attempt that may take minutes may be silent for minutes', async (t) => {
  const { due, pass, restarted, system } = await watching(t, { timeoutMs: 200 * SECOND })
  const leave = await system.gate.enter(new AbortController().signal)
  due()
  await pass(250)
  t.strictSame(restarted, [])
  await pass(30)
  t.strictSame(restarted, ['licence'])
  leave()
})

t.test(
  'a pause, an outage of the database and a sleep are not held against anybody afterwards',
  async (t) => {
    const { due, pass, sleep, restarted, stuck, pause, databaseAway } = await watching(t)
    due()
    pause(true)
    await pass(300)
    pause(false)
    await pass(30)
    databaseAway(true)
    await pass(300)
    databaseAway(false)
    await pass(30)
    await sleep(600)
    await pass(40)
    t.strictSame([restarted, stuck], [[], []])
  },
)

t.test('who attempts nothing judges nothing', async (t) => {
  const { due, pass, elsewhere, restarted, stuck, sweeper } = await watching(t)
  elsewhere()
  due()
  await pass(300)
  t.strictSame([restarted, stuck], [[], []])
  t.equal(sweeper.stalledMs(), null)
  t.equal(sweeper.oldestDueMs(), 300 * SECOND)
})

t.test('however much a dead process held, it is all taken over before anything else is done', async (t) => {
  const { sweeper, adopted } = await watching(t, { held: 1_234 })
  await sweeper.begun
  t.strictSame(adopted, [500, 500, 234])
})

t.test('what seems to take its processes down waits in its queue, and holds up nobody else', async (t) => {
  const { sweeper, adopted, woken, suspected, firsts } = await watching(t, { held: 5, suspects: 2 })
  await sweeper.begun
  t.strictSame([adopted, firsts], [[3], ['2']])
  t.strictSame(woken, [10 * SECOND, 10 * SECOND])
  t.strictSame(suspected, ['0', '1'], 'somebody is told')
})

t.test('a start waits a second for that, and no longer', async (t) => {
  const began = performance.now()
  const { sweeper, adopted } = await watching(t, { held: 1, hangs: true })
  await sweeper.begun
  t.ok(performance.now() - began < 2_000)
  t.strictSame(adopted, [])
})

t.test(
  'a long backlog is gone through from one end to the other, and again, asked to slow down or not',
  async (t) => {
    const { firsts, round, system } = await watching(t, { held: 0, backlog: 1_200 })
    system.gate.hold(60 * SECOND)
    while (firsts.length < 6) await round()
    t.strictSame(firsts.slice(0, 6), ['0', '500', '1000', '0', '500', '1000'])
  },
)
