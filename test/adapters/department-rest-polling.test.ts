import { setTimeout as sleep } from 'node:timers/promises'
import v8 from 'node:v8'
import { runInNewContext } from 'node:vm'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import { answering } from '../../src/adapter-kit/conformance/server.ts'
import { cannedFiles } from '../../src/adapter-kit/conformance/stage.ts'
import type { Adapter, Attempt, ListedItem, PolledItem } from '../../src/adapter-kit/contract.ts'
import { GIVEN_KEY, givens } from '../../src/adapter-kit/givens.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import { createPollingDepartment } from '../../src/sandbox/departments/polling/index.ts'
import { startDepartment, type Tap } from './department-rest-stage.ts'

const unrecognised = { name: 'AdapterFailure', kind: 'unrecognised' }
const noFiles = { ...givens['case-online'], materials: [] }

/** The simulated department behind a real adapter. */
async function openTown(t: Test) {
  const shares = { rejected: 0, corrected: 0, special: 0, denied: 0, issued: 1 }
  const context: CityContext = {
    random: () => 0.5,
    gatewayUrl: 'http://gateway.test',
    speed: 100,
    later: (ms, action) =>
      void setTimeout(() => void Promise.resolve(action()).catch(() => undefined), ms / 100),
    push: async () => t.fail('it never calls out') as never,
  }
  const options = { id: 'housing-fund', secret: 's3cret', seed: 's', shares }
  const department = createPollingDepartment(context, options)
  const app = Fastify({ forceCloseConnections: true })
  await app.register(async (scope) => department.routes(scope), { prefix: '/housing-fund' })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const settings: DepartmentSettings = {
    preset: 'house',
    baseUrl: `${url}/housing-fund`,
    signing: { key: 'housing-fund', secret: 's3cret' },
    polling: { pageSize: 2 },
    listing: { pageSize: 1 },
  }
  const client = systemHttpClient(manifest, settings, { timeoutMs: 5000, connections: 2 })
  t.teardown(async () => {
    await department.stop?.()
    await client.close()
    await app.close()
  })
  const { signal } = new AbortController()
  const attempt = (key = GIVEN_KEY): Attempt => ({
    signal,
    http: client.forAttempt(signal),
    key,
    number: 1,
    now: () => new Date(),
    files: cannedFiles(),
  })
  return { adapter: manifest.create(settings), attempt, department, url }
}

async function pollUntil(adapter: Adapter, attempt: () => Attempt, done: (items: PolledItem[]) => boolean) {
  const items: PolledItem[] = []
  let cursor: string | undefined
  for (let i = 0; i < 300 && !done(items); i++) {
    const page = await adapter.polling?.read(cursor, attempt())
    items.push(...(page?.items ?? []))
    cursor = page?.cursor ?? cursor
    if (!page?.more) await sleep(10)
  }
  await adapter.polling?.read(cursor, attempt())
  return items
}

t.test('a department that never calls is read to the end of the case, each report once', async (t) => {
  const { adapter, attempt, department } = await openTown(t)
  const receipt = await adapter.outgoing.submitCase?.send(noFiles, attempt())
  const closed = (items: PolledItem[]) => items.some(({ events }) => events[0]?.type === 'case.closed')
  const items = await pollUntil(adapter, attempt, closed)
  const events = items.flatMap((item) => item.events)
  t.match(events[0], { type: 'case.accepted', caseId: noFiles.caseId, reference: receipt?.reference ?? '' })
  t.equal(new Set(events.map(({ id }) => id)).size, events.length)
  await sleep(50)
  const { effects, counts } = department.books()
  const acknowledged = effects.filter(({ kind }) => kind === 'event')
  t.equal(acknowledged.length, events.length, 'what was asked beyond is acknowledged')
  t.ok((counts.polls ?? 0) > 1)
})

t.test('an unsigned poll gets nothing, and a report not asked beyond stays', async (t) => {
  const { adapter, attempt, url } = await openTown(t)
  await adapter.outgoing.submitCase?.send(noFiles, attempt())
  const answer = await fetch(`${url}/housing-fund/api/v1/project/events?after=0`)
  t.equal(answer.status, 401)
  const seen = await pollUntil(adapter, attempt, (items) => items.length > 0)
  const again = await adapter.polling?.read(undefined, attempt())
  t.ok((again?.items.length ?? 0) > 0)
  t.ok(seen.length > 0)
})

t.test('a day’s cases are listed page by page, with where they stand', async (t) => {
  const { adapter, attempt } = await openTown(t)
  for (const caseId of ['case_a', 'case_b', 'case_c'])
    await adapter.outgoing.submitCase?.send({ ...noFiles, caseId }, attempt(caseId))
  const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10)
  const list = async (day: string) => {
    const items: ListedItem[] = []
    for await (const item of adapter.listing?.list(day, attempt()) ?? []) items.push(item)
    return items
  }
  t.same((await list(today)).map(({ id }) => id).sort(), ['case_a', 'case_b', 'case_c'])
  t.same(await list('2001-01-01'), [])
})

const polled: Partial<DepartmentSettings> = {
  codes: { '0': 'ok', '404': 'absent' },
  statuses: { A: 'case.accepted', '-': null },
  polling: {
    request: { method: 'POST', path: '/changes', body: { since: '=cursor', rows: '=pageSize' } },
    items: 'data.rows',
    cursor: '$items[-1].seq',
    event: { eventId: '"E" & seq', caseId: 'no', status: 'st', time: 'at' },
    pageSize: 3,
    first: '0',
  },
}
const row = (seq: number, change: Record<string, unknown> = {}) => ({
  seq,
  no: `case_${seq}`,
  st: 'A',
  at: '2026-11-23 09:00:00',
  ...change,
})
const page = (...rows: unknown[]) => ({ body: { code: 0, data: { rows } } })

const read = async (t: Tap, answer: unknown, change: Partial<DepartmentSettings> = {}, after?: string) => {
  const stage = await startDepartment(t, { ...polled, ...change }, answering([answer as never]))
  return { ...stage, page: await stage.adapter.polling?.read(after, stage.attempt()) }
}

t.test('a configured poll asks from its cursor and says where to go on', async (t) => {
  const first = await read(t, page(row(1), row(2), row(3)))
  t.same(JSON.parse(first.server.received[0]?.body.toString() ?? ''), { since: '0', rows: 3 })
  t.match(first.page, { cursor: '3', more: true, items: [{ key: 'E1' }, { key: 'E2' }, { key: 'E3' }] })
  const last = await read(t, page(row(4)), {}, '3')
  t.match(last.page, { cursor: '4', more: false })
  t.same((await read(t, page(), {}, '4')).page, { items: [], more: false })
  t.same((await read(t, { body: { code: 404 } }, {}, '4')).page, { items: [], more: false })
  const standing = await read(t, page(row(4), row(4), row(4)), {}, '4')
  t.equal(standing.page?.more, false, 'a cursor that stands still is not asked again at once')
  t.match(standing.page?.failure, unrecognised, 'and somebody hears of it, for what follows is never seen')
  t.notHas(last.page, { failure: {} })
})

t.test('one item that cannot be read holds up no other', async (t) => {
  const rows = [row(1), row(2, { st: '?' }), row(3, { at: 'soon' }), null, row(5, { st: '-' })]
  const { page: got } = await read(t, page(...rows))
  t.match(got?.items[0], { key: 'E1', events: [{ type: 'case.accepted' }] })
  t.match(got?.items[1], { key: 'E2', events: [], failure: { kind: 'unrecognised', code: '?' } })
  t.match(got?.items[2], { key: 'E3', failure: { kind: 'unrecognised' } })
  t.match(got?.items[3]?.failure, { kind: 'unrecognised' })
  t.match(got?.items[4], { key: 'E5', events: [] })
  t.equal(got?.items[4]?.failure, undefined)
  t.equal(got?.items[1]?.body.toString(), JSON.stringify(rows[1]), 'evidence')
})

t.test('an answer without a list is a failure, not silence', async (t) => {
  for (const body of [{ code: 0 }, { code: 0, data: {} }, { code: 0, data: { rows: null } }, { code: 9 }])
    await t.rejects(read(t, { body }), unrecognised, JSON.stringify(body))
})

t.test('what became of the items is told back', async (t) => {
  const settle = {
    method: 'POST' as const,
    path: '/ack',
    body: { done: "=[items[outcome != 'unreadable'].key]" },
  }
  const polling = { ...polled.polling, settle }
  const { adapter, attempt, server } = await startDepartment(t, { ...polled, polling })
  await adapter.polling?.settle?.(
    [
      { key: 'E1', outcome: 'recorded' },
      { key: 'E2', outcome: 'unreadable', reason: '无法识别' },
    ],
    attempt(),
  )
  t.same(JSON.parse(server.received[0]?.body.toString() ?? ''), { done: ['E1'] })
})

v8.setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

t.test('10,000 rows in pages keep memory flat', async (t) => {
  const ROWS = 10_000
  const PAGE = 200
  const settings = { ...polled, polling: { ...polled.polling, pageSize: PAGE } }
  const { adapter, attempt } = await startDepartment(t, settings, (response, request) => {
    const since = Number((JSON.parse(request.body.toString()) as { since: string }).since)
    const rows = Array.from({ length: Math.min(PAGE, ROWS - since) }, (_, i) =>
      row(since + i + 1, { note: 'x'.repeat(300) }),
    )
    response.end(JSON.stringify({ code: 0, data: { rows } }))
  })
  let cursor: string | undefined
  let count = 0
  let more = true
  const heaps: number[] = []
  while (more) {
    const got = await adapter.polling?.read(cursor, attempt())
    count += got?.items.length ?? 0
    cursor = got?.cursor
    more = got?.more ?? false
    collect()
    heaps.push(process.memoryUsage().heapUsed)
  }
  const early = Math.max(...heaps.slice(0, 10))
  const late = Math.max(...heaps.slice(-10))
  t.equal(count, ROWS)
  t.ok(
    late - early < 8 * 1024 * 1024,
    `${((late - early) / 1e6).toFixed(1)} MB more at the end than at the beginning`,
  )
})

t.test('a list without end is stopped, one of another day is not guessed', async (t) => {
  const listing: DepartmentSettings['listing'] = {
    request: { method: 'GET', path: '/day?d={day}&p={page}' },
    items: 'rows',
    cursor: '$string(rows[-1].seq)',
    id: 'no',
    status: 'st',
    pageSize: 1,
  }
  const all = async (answer: unknown) => {
    const { adapter, attempt } = await startDepartment(
      t,
      { ...polled, listing },
      answering([answer as never]),
    )
    const items: ListedItem[] = []
    for await (const item of adapter.listing?.list('2026-11-23', attempt()) ?? []) items.push(item)
    return items
  }
  await t.rejects(all({ body: { code: 0, rows: [row(1)] } }), unrecognised)
  await t.rejects(all({ body: { code: 0, rows: [row(1, { st: '?' })] } }), unrecognised)
  await t.rejects(all({ body: { code: 0, rows: [{ st: 'A' }] } }), unrecognised)
  await t.rejects(all({ body: { code: 0 } }), unrecognised)
  t.same(await all({ body: { code: 0, rows: [] } }), [])
})
