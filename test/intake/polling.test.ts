// Reading from systems that cannot push, on a real ledger, with a department that lies in memory.

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type {
  Attempt,
  ExternalEvent,
  PolledItem,
  Polling,
  SettledItem,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { type AskingDeps, startAsking, type Turn } from '../../src/intake/asking.ts'
import { pollOnce } from '../../src/intake/polling.ts'
import { readCursor } from '../../src/ledger/cursors.ts'
import { play, tools } from '../delivery/scene.ts'

const observer = { reported: () => undefined, unreadable: () => undefined }

const attempt = (timeoutMs: number): Attempt => ({
  signal: AbortSignal.timeout(timeoutMs),
  http: { request: () => Promise.reject(new Error('no network')), target: () => '' },
  key: 'ask',
  number: 1,
  now: () => new Date(),
  files: tools.files,
})

const turn = (timeoutMs = 10_000): Turn => ({
  attempt: () => attempt(timeoutMs),
  stopping: new AbortController().signal,
})

const item = (key: string, ...events: ExternalEvent[]): PolledItem => ({
  key,
  events,
  body: Buffer.from(`row ${key}`),
  mediaType: 'text/plain',
})

const clock = { ms: Date.parse('2026-11-23T09:30:00+08:00') }
function tick(): string {
  clock.ms += 60_000
  return new Date(clock.ms).toISOString()
}
const report = (id: string, caseId: string, type: ExternalEvent['type']): ExternalEvent => ({
  id,
  type,
  at: tick(),
  caseId,
  detail: {},
})

/** A department whose pages are given; it writes down what it was told. */
function department(pages: { items: PolledItem[]; cursor?: string }[]) {
  const told: SettledItem[][] = []
  const asked: (string | undefined)[] = []
  const polling: Polling = {
    async read(after) {
      asked.push(after)
      const page = pages.shift() ?? { items: [] }
      return { ...page, more: pages.length > 0 }
    },
    async settle(items) {
      told.push([...items])
    },
  }
  return { polling, told, asked }
}

async function delivered(scene: Awaited<ReturnType<typeof play>>): Promise<string> {
  await scene.take()
  await scene.settled(1)
  const [row] = await scene.query<{ id: string }>('select id from cases')
  return row!.id
}

t.test('what was read is recorded, then settled, then its cursor is kept', async (t) => {
  const scene = await play(t)
  const caseId = await delivered(scene)
  const { polling, told, asked } = department([
    { items: [item('1', report('e1', caseId, 'case.accepted'))], cursor: 'after-1' },
    { items: [item('2', report('e2', caseId, 'case.approved'))], cursor: 'after-2' },
  ])
  scene.system.adapter.polling = polling
  t.same(await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn()), {
    items: 1,
    more: true,
  })
  t.same(await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn()), {
    items: 1,
    more: false,
  })
  t.same(asked, [undefined, 'after-1'])
  t.same(told, [[{ key: '1', outcome: 'recorded' }], [{ key: '2', outcome: 'recorded' }]])
  t.equal(await readCursor(scene.ledger.readers, 'licence'), 'after-2')
  t.same(await scene.query('select state from cases'), [{ state: 'approved' }])
})

t.test('a page that comes again after a crash changes nothing and is settled again', async (t) => {
  const scene = await play(t)
  const caseId = await delivered(scene)
  const page = { items: [item('1', report('e1', caseId, 'case.accepted'))] }
  const { polling, told } = department([page, page])
  const crashing: Polling = {
    ...polling,
    settle: () => Promise.reject(new AdapterFailure('unavailable', 'gone')),
  }
  scene.system.adapter.polling = crashing
  await t.rejects(pollOnce({ ledger: scene.ledger, observer }, scene.system, turn()), { message: 'gone' })
  scene.system.adapter.polling = polling
  await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn())
  t.same(told, [[{ key: '1', outcome: 'duplicate' }]])
  const [{ count } = { count: 0 }] = await scene.query<{ count: number }>(
    "select count(*)::int as count from entries where type = 'case.accepted'",
  )
  t.equal(count, 1)
})

t.test('what cannot be read, belongs to nobody or comes too late is told apart', async (t) => {
  const scene = await play(t)
  const caseId = await delivered(scene)
  const broken: PolledItem = { ...item('broken'), failure: new AdapterFailure('unrecognised', '编码 7 未知') }
  const { polling, told } = department([
    {
      items: [
        broken,
        item('nobody', report('e9', 'case_01kb3v5m8q0123456789abcdef01', 'case.accepted')),
        item('no parcel', {
          ...report('e8', caseId, 'parcel.collected'),
          parcelId: `par_${caseId.slice(5, -2)}99`,
        }),
        item('closed', report('e1', caseId, 'case.closed')),
        item('late', report('e2', caseId, 'case.rejected')),
      ],
    },
  ])
  scene.system.adapter.polling = polling
  await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn())
  const outcomes = Object.fromEntries(told[0]!.map(({ key, outcome }) => [key, outcome]))
  t.match(outcomes, { broken: 'unreadable', nobody: 'unknown', 'no parcel': 'unknown', closed: 'recorded' })
  t.not(outcomes.late, 'unreadable')
  const kept = await scene.query<{ outcome: string }>(
    "select outcome from messages where key like 'unreadable%'",
  )
  t.same(kept.map(({ outcome }) => outcome).sort(), [
    'unreadable: 没有对应的办件或邮件 (no such case or parcel is known)',
    'unreadable: 没有对应的办件或邮件 (no such case or parcel is known)',
    'unreadable: 编码 7 未知',
  ])
})

t.test('a row that the ledger cannot keep holds up none of the others', async (t) => {
  const scene = await play(t)
  const caseId = await delivered(scene)
  const long = randomBytes(2_000).toString('hex')
  const { polling, told } = department([
    {
      items: [
        item('long id', report(long, caseId, 'case.accepted')),
        item('long number', { ...report('e1', caseId, 'case.accepted'), reference: long }),
        item('no year', { ...report('e2', caseId, 'case.accepted'), at: '0000-01-01T09:00:00+08:00' }),
        item('no day', { ...report('e4', caseId, 'case.accepted'), at: '2026-02-31T09:00:00+08:00' }),
        item('no time', { ...report('e5', caseId, 'case.accepted'), at: '1900-01-01T00:00:00+08:00' }),
        item('good', report('e3', caseId, 'case.accepted')),
      ],
      cursor: 'after',
    },
  ])
  scene.system.adapter.polling = polling
  await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn())
  t.same(
    told[0]!.map(({ outcome }) => outcome),
    ['unreadable', 'unreadable', 'unreadable', 'unreadable', 'unreadable', 'recorded'],
  )
  t.equal(await readCursor(scene.ledger.readers, 'licence'), 'after')
})

t.test('rows that share a number are told apart, and the second is for a person', async (t) => {
  const scene = await play(t)
  await scene.take(2)
  await scene.settled(2)
  const [one, other] = await scene.query<{ id: string }>('select id from cases')
  const same = (key: string, caseId: string) => item(key, report('same', caseId, 'case.accepted'))
  const { polling, told } = department([
    { items: [same('1', one!.id)] },
    { items: [same('2', other!.id), same('3', one!.id)] },
  ])
  scene.system.adapter.polling = polling
  for (let page = 0; page < 2; page++)
    await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn())
  t.match(told, [[{ outcome: 'recorded' }], [{ outcome: 'refused' }, { outcome: 'duplicate' }]])
  t.match(await scene.query("select outcome from messages where key like 'unreadable%'"), [
    { outcome: /已用于另一条消息/ },
  ])
})

const nobody = (i: number) => `case_01kb3v5m8q${i.toString(16).padStart(16, '0')}`

t.test('rows of cases that nobody knows are waited for together, and then settled', async (t) => {
  const scene = await play(t)
  const caseId = await delivered(scene)
  const foreign = (key: string, number: string) => item(key, report(key, number, 'case.accepted'))
  const { polling, told } = department([
    {
      items: [
        ...Array.from({ length: 11 }, (_, i) => foreign(`same-${i}`, nobody(0))),
        ...Array.from({ length: 700 }, (_, i) => foreign(`own-${i}`, nobody(i + 1))),
        item('ours', report('e1', caseId, 'case.accepted')),
      ],
      cursor: 'after',
    },
  ])
  scene.system.adapter.polling = polling
  const began = performance.now()
  await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn())
  t.ok(performance.now() - began < 10_000, 'within the time of one asking')
  const outcomes = Map.groupBy(told[0]!, ({ outcome }) => outcome)
  t.equal(outcomes.get('unknown')?.length, 711)
  t.match(outcomes.get('recorded'), [{ key: 'ours' }])
  t.equal(await readCursor(scene.ledger.readers, 'licence'), 'after')
  const [{ count } = { count: 0 }] = await scene.query<{ count: number }>(
    "select count(*)::int as count from messages where key like 'unreadable%'",
  )
  t.equal(count, 711)
})

t.test('a case that becomes known while its reports wait has them all, in their order', async (t) => {
  const scene = await play(t)
  await delivered(scene)
  const named = (id: string, type: ExternalEvent['type']): ExternalEvent => ({
    id,
    type,
    at: tick(),
    reference: 'R-9',
    detail: {},
  })
  const { polling, told } = department([
    { items: [item('1', named('e1', 'case.accepted')), item('2', named('e2', 'case.approved'))] },
  ])
  scene.system.adapter.polling = polling
  const polled = pollOnce({ ledger: scene.ledger, observer }, scene.system, turn())
  await sleep(200)
  await scene.ledger.writers.query("update cases set reference = 'R-9'")
  await polled
  t.same(told, [
    [
      { key: '1', outcome: 'recorded' },
      { key: '2', outcome: 'recorded' },
    ],
  ])
  t.same(await scene.query('select state from cases'), [{ state: 'approved' }])
})

t.test('rows of one case keep their order, by whichever of its numbers each names it', async (t) => {
  const scene = await play(t)
  const caseId = await delivered(scene)
  await scene.query(`update cases set reference = 'D-9'`)
  const theirs = ({ caseId: _, ...event }: ExternalEvent): ExternalEvent => ({ ...event, reference: 'D-9' })
  const { polling } = department([
    {
      items: [
        item('1', theirs(report('e1', caseId, 'case.denied'))),
        item('2', { ...report('e2', caseId, 'case.closed'), reference: 'D-9' }),
      ],
    },
  ])
  scene.system.adapter.polling = polling
  await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn())
  const told = await scene.query<{ type: string; late: boolean }>(
    `select type, data ->> 'late' is not null as late from entries where type in ('case.denied', 'case.closed') order by number`,
  )
  t.strictSame(told, [
    { type: 'case.denied', late: false },
    { type: 'case.closed', late: false },
  ])
})

t.test('a page that is long to record takes nothing of the time for settling it', async (t) => {
  const scene = await play(t)
  const { polling } = department([{ items: [item('1', report('e1', nobody(0), 'case.accepted'))] }])
  let inTime: boolean | undefined
  const settle: Polling['settle'] = async (_, { signal }) => {
    inTime = !signal.aborted
  }
  scene.system.adapter.polling = { ...polling, settle }
  await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn(500))
  t.equal(inTime, true)
})

t.test('ten thousand rows flow through pages with flat memory', async (t) => {
  const scene = await play(t)
  await scene.take(50)
  await scene.settled(50)
  const cases = await scene.query<{ id: string }>('select id from cases')
  let page = 0
  scene.system.adapter.polling = {
    async read() {
      page++
      const rows = Array.from({ length: 200 }, (_, i) =>
        item(`${page}-${i}`, report(`e${page}-${i}`, cases[i % 50]!.id, 'case.reviewing')),
      )
      return { items: rows, cursor: String(page), more: page < 50 }
    },
  }
  const before = process.memoryUsage().rss
  let [items, more] = [0, true]
  while (more) {
    const asked = await pollOnce({ ledger: scene.ledger, observer }, scene.system, turn())
    items += asked.items
    more = asked.more
  }
  t.equal(items, 10_000)
  t.equal(await readCursor(scene.ledger.readers, 'licence'), '50')
  const grownMiB = (process.memoryUsage().rss - before) / 1024 / 1024
  t.ok(grownMiB < 100, `${grownMiB.toFixed(0)} MiB more`)
})

const askingDeps = (
  scene: Awaited<ReturnType<typeof play>>,
  failures: string[],
  leads = true,
): AskingDeps => ({
  systems: new Map([[scene.system.id, scene.system]]),
  files: tools.files,
  now: () => new Date(),
  leads: async () => leads,
  pause: async (system, reason) => void failures.push(`paused ${system}: ${reason}`),
  observer: {
    asked: () => undefined,
    askingFailed: ({ failure }) => void failures.push(failure),
    fault: (message) => void failures.push(message),
  },
})

t.test('a system is asked again at once while there is more, and seldom while it is away', async (t) => {
  const scene = await play(t)
  const failures: string[] = []
  const times: number[] = []
  const asking = startAsking(
    askingDeps(scene, failures),
    () => true,
    async () => {
      times.push(performance.now())
      if (times.length === 3) throw new AdapterFailure('unavailable', 'away')
      return { items: 1, more: times.length < 3 }
    },
  )
  await scene.until('it failed', () => failures.length > 0)
  await asking.close()
  t.equal(times.length, 3)
  t.ok(times[2]! - times[0]! < 900, 'no pause while there is more')
  t.same(failures, ['unavailable'])
})

t.test('refused credentials stop the system for everybody', async (t) => {
  const scene = await play(t, { sweeps: false })
  const failures: string[] = []
  let asked = 0
  const asking = startAsking(
    askingDeps(scene, failures),
    () => true,
    async () => {
      asked++
      throw new AdapterFailure('unauthorised', 'wrong key')
    },
  )
  await scene.until('it is paused', () => failures.length > 1)
  await sleep(1_300)
  await asking.close()
  t.equal(asked, 1)
  t.same(failures, ['unauthorised', 'paused licence: wrong key'])
  t.equal(scene.system.gate.state().paused, 'wrong key')
})

t.test('only the leading process asks', async (t) => {
  const scene = await play(t)
  let asked = 0
  const asking = startAsking(
    askingDeps(scene, [], false),
    () => true,
    async () => {
      asked++
      return { items: 0, more: false }
    },
  )
  await sleep(400)
  await asking.close()
  t.equal(asked, 0)
})
