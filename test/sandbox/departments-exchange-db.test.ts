import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import { createDepartmentExchangeDb } from '../../adapters/department-exchange-db/adapter.ts'
import type { CaseContent, ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { givenFiles, givens } from '../../src/adapter-kit/givens.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import type { usualShares } from '../../src/sandbox/departments/course.ts'
import {
  createExchangeDbDepartment,
  exchangeSchema,
} from '../../src/sandbox/departments/exchange-db/index.ts'
import { openFaultBoard } from '../../src/sandbox/faults.ts'
import { attemptOf } from '../adapters/department-exchange-db-scene.ts'
import { createDatabase, stopSharedPostgres } from '../support/database.ts'

t.teardown(stopSharedPostgres)

const nobodyFails = { rejected: 0, corrected: 0, special: 0, denied: 0, issued: 0 }
const id = 'house-fund'
const noTables = async (): Promise<void> => undefined
/** A person whose number is right, as the department checks it. */
const content: CaseContent = {
  ...givens['case-online'],
  applicant: { type: 'person', name: '张𠮷祥', idType: '111', idNumber: '11010519491231002X' },
}
const { caseId } = content

async function openDepartment(
  t: Test,
  shares: Partial<typeof usualShares> = nobodyFails,
  board = openFaultBoard('s', 'none'),
  later: (ms: number, action: () => void) => void = (ms, action) => void setTimeout(action, ms / 100),
) {
  const { url: databaseUrl } = await createDatabase(t, noTables)
  const faults: unknown[] = []
  const context: CityContext = {
    board,
    random: () => 0.5,
    gatewayUrl: 'http://gateway.test',
    speed: 100,
    later: (ms, action) =>
      later(ms, () => void Promise.resolve(action()).catch((fault) => faults.push(fault))),
    push: () => Promise.reject(new Error('this department pushes nothing')),
  }
  const department = createExchangeDbDepartment(context, { id, seed: 's', databaseUrl, shares })
  const app = Fastify({ forceCloseConnections: true })
  await app.register(async (scope) => department.routes(scope), { prefix: `/${id}` })
  app.get('/files/:sha256', (request, reply) =>
    reply.send(givenFiles.get((request.params as { sha256: string }).sha256)),
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const { port, pathname } = new URL(databaseUrl)
  const adapter = createDepartmentExchangeDb({
    preset: 'house',
    dialect: 'postgresql',
    host: '127.0.0.1',
    port: Number(port),
    database: pathname.slice(1),
    user: 'postgres',
    password: 'none',
    schema: exchangeSchema(id),
  })
  t.teardown(async () => {
    await department.stop?.()
    await adapter.close?.()
    await app.close()
  })
  const attempt = () =>
    attemptOf({ files: { ...attemptOf().files, link: ({ sha256 }) => `${url}/files/${sha256}` } })
  const events: ExternalEvent[] = []
  /** The gateway reads and settles once. */
  const poll = async (outcome: 'recorded' | 'unknown' = 'recorded') => {
    const { items } = await adapter.polling!.read(undefined, attempt())
    events.push(...items.flatMap((item) => item.events))
    await adapter.polling!.settle!(
      items.map(({ key }) => ({ key, outcome })),
      attempt(),
    )
    return items
  }
  const until = async (done: () => boolean | Promise<boolean>) => {
    for (let i = 0; i < 300 && !(await done()); i++) await sleep(10)
  }
  const run = async (sql: string) => {
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    const { rows } = await client.query(sql)
    await client.end()
    return rows
  }
  const types = () => events.map(({ type }) => type)
  const pollUntil = (type: string) =>
    until(async () => {
      await poll()
      return types().includes(type as ExternalEvent['type'])
    })
  return {
    department,
    adapter,
    attempt,
    poll,
    pollUntil,
    until,
    run,
    types,
    events,
    faults,
    url,
    databaseUrl,
  }
}

const acknowledged = (department: ReturnType<typeof createExchangeDbDepartment>) =>
  department.books().counts.eventsAcknowledged ?? 0

t.test('its tables are there before it is asked, in a schema of its own, and again', async (t) => {
  const { adapter, attempt, url, databaseUrl, department } = await openDepartment(t)
  t.match(await adapter.check!(attempt()), { ok: true })
  t.equal((await fetch(`${url}/${id}/health`)).status, 200)
  const context = { speed: 1 } as CityContext
  const again = createExchangeDbDepartment(context, { id, seed: 's', databaseUrl })
  const app = Fastify()
  await again.routes(app)
  await again.stop?.()
  await app.close()
  t.same(department.books().effects, [])
  t.throws(() => exchangeSchema('a"; drop schema x'))
})

t.test('a case goes through the tables to its end, each step acknowledged by its mark', async (t) => {
  const { department, adapter, attempt, pollUntil, until, run, types, faults } = await openDepartment(t, {
    ...nobodyFails,
    special: 1,
    issued: 1,
  })
  await adapter.outgoing.submitCase!.send(content, attempt())
  await until(
    async () => (await run(`select * from house_fund.up_pro_accept where is_sync = '1'`)).length === 1,
  )
  await pollUntil('case.closed')
  await until(() => acknowledged(department) === 7)
  for (const type of [
    'accepted',
    'reviewing',
    'special-procedure-started',
    'special-procedure-ended',
    'approved',
    'issued',
  ])
    t.ok(types().includes(`case.${type}` as ExternalEvent['type']), type)
  const { effects, counts } = department.books()
  t.match(effects, [{ kind: 'case', key: caseId, times: 1, state: '90' }])
  t.match(counts, { received: 1, filesVerified: 1, refusals: 0, duplicates: 0 })
  t.same(await run(`select * from house_fund.up_pro_process where is_sync <> '1'`), [])
  t.same(faults, [])
})

for (const [fault, told] of [
  ['unavailable', 'locked'],
  ['lost', 'cut'],
  ['slow', 'late'],
] as const) {
  t.test(`each case is taken once and lives to its end, however often it is ${told}`, async (t) => {
    const board = openFaultBoard('s', 'none')
    board.change({ actor: id, faults: { [fault]: 1 } })
    const { department, adapter, attempt, poll, until, run, types } = await openDepartment(
      t,
      nobodyFails,
      board,
    )
    const noted = () => board.counts()[id]?.[told] ?? 0
    const failures: unknown[] = []
    const careful = (work: () => Promise<unknown>) =>
      work().then(
        () => true,
        (error: unknown) => {
          failures.push(error)
          return false
        },
      )
    await until(() => noted() > 0)
    const cases = [1, 2, 3, 4].map((n) => ({ ...content, caseId: `case_${n}`, submissionId: `sub_${n}` }))
    for (const one of cases)
      await until(() => careful(() => adapter.outgoing.submitCase!.send(one, attempt())))
    await until(async () => {
      await careful(poll)
      return types().filter((type) => type === 'case.closed').length === 4
    })
    t.match(
      department
        .books()
        .effects.filter(({ kind }) => kind === 'case')
        .map(({ key, times }) => [key, times])
        .sort(),
      cases.map(({ caseId: key }) => [key, 1]),
    )
    t.equal((await run('select * from house_fund.up_pro_accept')).length, 4)
    t.ok(noted() > 0, told)
    for (const failure of failures) t.match(failure, { name: 'AdapterFailure' })
  })
}

t.test('tables are let go of even while all connections of the department wait for them', async (t) => {
  const board = openFaultBoard('s', 'none')
  let waiting: (() => void)[] | null = []
  const { adapter, attempt, poll, until, types } = await openDepartment(
    t,
    nobodyFails,
    board,
    (_, action) => {
      if (waiting) waiting.push(action)
      else action()
    },
  )
  const ids = ['1', '2', '3', '4', '5', '6', '7', '8']
  for (const n of ids) {
    const one = { ...content, caseId: `case_${n}`, submissionId: `sub_${n}` }
    await adapter.outgoing.submitCase!.send(one, attempt())
  }
  await until(() => waiting?.length === ids.length)
  board.change({ actor: id, faults: { lost: 1 } })
  await until(() => (board.counts()[id]?.cut ?? 0) > 0)
  await sleep(100)
  board.change({ actor: id, faults: { lost: 0 } })
  const reports = waiting
  waiting = null
  for (const report of reports) report()
  await until(async () => {
    await poll().catch(() => undefined)
    return types().filter((type) => type === 'case.closed').length === ids.length
  })
  t.equal(types().filter((type) => type === 'case.closed').length, ids.length)
})

t.test(
  'a step that the gateway does not know is reported again, and nothing counts before its mark',
  async (t) => {
    const { department, adapter, attempt, poll, pollUntil, until, run, events } = await openDepartment(t)
    await adapter.outgoing.submitCase!.send(content, attempt())
    await until(async () => (await poll('unknown')).length > 0)
    const unknown = events[0]!.id
    t.equal(acknowledged(department), 0)
    await until(
      async () => (await run(`select * from house_fund.up_pro_process where is_sync = '9'`)).length === 0,
    )
    t.ok((department.books().counts.eventsRefused ?? 0) > 0)
    await pollUntil('case.closed')
    t.equal(events.filter((event) => event.id === unknown).length, 2)
    await until(() => acknowledged(department) > 0)
    t.ok(acknowledged(department) > 0)
  },
)

t.test('a correction waits for its supplement, by material', async (t) => {
  const { department, adapter, attempt, pollUntil, until, events } = await openDepartment(t, {
    ...nobodyFails,
    corrected: 1,
  })
  await adapter.outgoing.submitCase!.send(content, attempt())
  await pollUntil('case.correction-requested')
  t.match(events.find(({ type }) => type === 'case.correction-requested')?.detail, {
    limitDays: 5,
    materials: [{ code: 'M01' }],
  })
  await adapter.outgoing.supplementCase!.send(givens.supplement, attempt())
  await adapter.outgoing.supplementCase!.send(givens.supplement, attempt())
  await pollUntil('case.closed')
  await until(() => department.books().counts.filesVerified === 2)
  t.match(department.books().counts, { supplements: 1, filesVerified: 2, refusals: 0 })
})

t.test('a row that is not right is refused by name of its field, and marked', async (t) => {
  const { department, adapter, attempt, until, run } = await openDepartment(t)
  const wrong = { ...content, applicant: { ...content.applicant, idNumber: '110105194912310021' } }
  await adapter.outgoing.submitCase!.send(wrong, attempt())
  await until(() => department.books().counts.refusals === 1)
  t.match(department.books().effects, [{ kind: 'refusal', key: caseId, state: '参数错误：applicant.certNo' }])
  await until(
    async () => (await run(`select * from house_fund.up_pro_accept where is_sync = '3'`)).length === 1,
  )
  t.equal((await run(`select * from house_fund.up_pro_material where is_sync = '3'`)).length, 3)
})

t.test('a withdrawn case is withdrawn, even when it was never seen before', async (t) => {
  const { department, adapter, attempt, until } = await openDepartment(t)
  await adapter.outgoing.submitCase!.send(content, attempt())
  await adapter.outgoing.withdrawCase!.send(givens.withdrawal, attempt())
  await until(() => department.books().counts.withdrawals === 1)
  t.match(department.books().counts, { received: 1, withdrawals: 1 })
  t.match(department.books().effects, [
    { kind: 'case', state: '98' },
    { kind: 'withdrawal', key: caseId, times: 1 },
  ])
})
