// The pretended department and the real adapter, over one folder.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-file-drop/manifest.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { ExternalEvent, SettledItem } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import type { Shares } from '../../src/sandbox/departments/course.ts'
import { createFileDropDepartment } from '../../src/sandbox/departments/file-drop/index.ts'
import { openFaultBoard } from '../../src/sandbox/faults.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'

const straight = { rejected: 0, corrected: 0, special: 0, denied: 0, issued: 0 }
const SPEED = 50

function town(
  t: Test,
  format: 'json' | 'xml',
  shares: Partial<Shares> = straight,
  seed = 's',
  board = openFaultBoard('s', 'none'),
) {
  const folder = temporaryFolder('department')
  for (const name of ['out', 'in', 'ack', 'reject', 'done']) mkdirSync(join(folder, name))
  const context: CityContext = {
    board,
    random: () => 0.5,
    gatewayUrl: 'http://gateway.test',
    speed: SPEED,
    later: (ms, action) =>
      void setTimeout(() => void Promise.resolve(action()).catch(() => undefined), ms / SPEED),
    push: async () => ({ status: 500, body: '' }),
  }
  const department = createFileDropDepartment(context, {
    id: 'natural-resources',
    seed,
    folder,
    shares,
    format,
  })
  const settings = {
    transport: { folder: { path: folder } },
    region: '410221',
    format,
    charset: format === 'xml' ? 'gb18030' : 'utf-8',
  }
  const stage = setStage(manifest, settings, 'http://127.0.0.1:9')
  t.teardown(async () => {
    await department.stop?.()
    await stage.close()
    removeFolder(folder)
  })
  const known = new Map<string, ExternalEvent>()
  /** What the gateway does with a page: records, recognises by id, settles. */
  const poll = async (
    judge: (event: ExternalEvent) => SettledItem['outcome'] | undefined = () => undefined,
  ) => {
    const { items } = await stage.adapter.polling!.read(undefined, stage.attempt())
    const settled = items.map(({ key, events, failure }): SettledItem => {
      if (failure) return { key, outcome: 'unreadable', reason: failure.message }
      const [event] = events
      const judged = event && judge(event)
      if (judged) return { key, outcome: judged, reason: '太早 (too early)' }
      const repeated = event !== undefined && known.has(event.id)
      if (event) known.set(event.id, event)
      return { key, outcome: repeated ? 'duplicate' : 'recorded' }
    })
    if (settled.length > 0) await stage.adapter.polling!.settle!(settled, stage.attempt())
    return settled
  }
  const until = async (done: () => boolean | Promise<boolean>) => {
    for (let tries = 0; tries < 200; tries++) {
      if (await done()) return
      await poll()
      await sleep(20)
    }
    t.fail('it never happened')
  }
  /** In the order in which they happened: a file that was dropped half-written is overtaken by the next. */
  const types = () =>
    [...known.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).map(({ type }) => type)
  const states = (kind: string) => department.books().effects.filter((one) => one.kind === kind)
  return { folder, department, stage, poll, until, types, states, ...stage }
}

/** The department checks the digits of identity numbers. */
const content = {
  ...givens['case-online'],
  applicant: { ...givens['case-online'].applicant, idNumber: '410204198503071521' },
}

for (const format of ['json', 'xml'] as const) {
  t.test(`a case lives to its end through a folder of ${format} files`, async (t) => {
    const { adapter, attempt, until, types, states, folder, department } = town(t, format)
    await adapter.outgoing.submitCase!.send(content, attempt())
    await until(() => states('case')[0]?.state === '90' && states('event').length === 4)
    t.same(types(), ['case.accepted', 'case.reviewing', 'case.approved', 'case.closed'])
    t.match(department.books().counts, { received: 1, refusals: 0, filesVerified: 1 })
    t.same(readdirSync(join(folder, 'out')), [])
    const found = await adapter.outgoing.submitCase!.find!(content, attempt())
    t.equal(
      found?.reference,
      states('case')[0]?.reference,
      'the acknowledgement names the department’s number',
    )
    t.match(await adapter.outgoing.submitCase!.send(content, attempt()), { duplicate: true })
    t.equal(department.books().counts.received, 1)
  })
}

t.test('a folder that is away now and then loses and doubles nothing', async (t) => {
  const board = openFaultBoard('s', 'none')
  board.change({ actor: 'natural-resources', faults: { unavailable: 0.6, slow: 0.4 } })
  const { adapter, attempt, until, states, department } = town(t, 'json', straight, 's', board)
  const failures: unknown[] = []
  const missing = () => board.counts()['natural-resources']?.missing ?? 0
  await until(() => missing() > 0)
  const cases = [1, 2, 3, 4, 5, 6].map((n) => ({ ...content, caseId: `case_${n}`, submissionId: `sub_${n}` }))
  for (const one of cases)
    await until(() =>
      adapter.outgoing.submitCase!.send(one, attempt()).then(
        () => true,
        (error: unknown) => failures.push(error) === 0,
      ),
    )
  await until(() => states('case').filter(({ state }) => state === '90').length === 6)
  t.same(
    states('case').map(({ times }) => times),
    [1, 1, 1, 1, 1, 1],
  )
  t.match(department.books().counts, { received: 6, refusals: 0 })
  for (const failure of failures) t.match(failure, { name: 'AdapterFailure' })
})

t.test('a correction waits for its supplement, and a withdrawal ends the case', async (t) => {
  const { adapter, attempt, until, types, states } = town(t, 'json', { ...straight, corrected: 1 })
  await adapter.outgoing.submitCase!.send(content, attempt())
  await until(() => types().includes('case.correction-requested'))
  const { reference: _, ...supplement } = givens.supplement
  await adapter.outgoing.supplementCase!.send(supplement, attempt())
  await until(() => states('supplement').length === 1)
  await until(() => types().filter((one) => one === 'case.accepted').length === 2)
  await adapter.outgoing.withdrawCase!.send({ caseId: content.caseId, reason: '申请人撤回' }, attempt())
  await until(() => ['98', '90'].includes(states('case')[0]?.state ?? ''))
})

t.test('a report that the gateway refuses is dropped again', async (t) => {
  const { adapter, attempt, until, poll, states, department, folder } = town(t, 'json')
  await adapter.outgoing.submitCase!.send(content, attempt())
  let refused = 0
  for (let tries = 0; tries < 200 && refused === 0; tries++) {
    await sleep(20)
    refused = (await poll(() => 'refused')).filter(({ outcome }) => outcome === 'refused').length
  }
  t.ok(readdirSync(join(folder, 'reject')).some((name) => name.endsWith('.reason.txt')))
  await until(() => states('event').length === 4)
  t.ok(department.books().counts.eventsRefused! >= 1)
})

t.test('clumsy reports are neither lost nor taken twice', async (t) => {
  const { adapter, attempt, until, states, types, department } = town(
    t,
    'json',
    straight,
    'seed of clumsiness',
  )
  for (let n = 0; n < 12; n++)
    await adapter.outgoing.submitCase!.send(
      { ...content, caseId: `case_${n}`, submissionId: `sub_${n}` },
      attempt(),
    )
  await until(() => states('event').length === 48 && (department.books().counts.reportsTwice ?? 0) > 0)
  t.equal(types().length, 48)
  t.ok(department.books().counts.reportsHalfWritten! > 0)
})

t.test('what does not agree with its manifest is refused, and the gateway hears of it', async (t) => {
  const { folder, department, adapter, attempt, poll } = town(t, 'json')
  const name = `410221_SB_20261123_${content.caseId}.json`
  writeFileSync(join(folder, `out/${name}`), '{}')
  writeFileSync(join(folder, `out/${name}.mf`), `${'0'.repeat(64)}  2  ${name}\n`)
  while (!readdirSync(join(folder, 'ack')).includes(`${name}.ack`)) await sleep(20)
  t.equal(department.books().counts.refusals, 1)
  t.match(JSON.parse(readFileSync(join(folder, `ack/${name}.ack`), 'utf8')), { code: '2001' })
  const [told] = await poll()
  t.match(told, { outcome: 'unreadable', reason: /refused.*2001/ })
  t.same(await poll(), [], 'told once')
  t.equal(await adapter.outgoing.submitCase!.find!(content, attempt()), null, 'and it may be dropped anew')
})
