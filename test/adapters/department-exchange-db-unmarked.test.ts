// Rows that the department's own rule lets nobody mark: all others go on at full pace, and somebody hears of it.

import t from 'tap'
import type { Adapter, SettledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW } from '../../src/adapter-kit/givens.ts'
import { attemptOf, endServers, onBoth, type Scene, writeStep } from './department-exchange-db-scene.ts'

endServers(t)

const columns = { sync_time: null, sync_by: null }
const withoutClaims = { process: { columns }, special: { columns }, result: { columns } }

const rule = ({ run }: Scene) =>
  run(`alter table up_pro_process add constraint marks check (is_sync in ('0', '1', '2'))`)

const at = (seconds: number) => attemptOf({ now: () => new Date(GIVEN_NOW.getTime() + seconds * 1000) })

/** One poll, as the gateway makes it: nobody knows the cases whose number begins with x. */
async function poll(adapter: Adapter, seconds = 0): Promise<{ told: string[]; failures: number }> {
  const { items } = await adapter.polling!.read(undefined, at(seconds))
  const told = items.flatMap(({ events }) => events.map(({ caseId }) => caseId ?? ''))
  const settled = items.map(
    ({ key, events }): SettledItem =>
      events[0]?.caseId?.startsWith('case_x')
        ? { key, outcome: 'unknown', reason: '没有对应的办件' }
        : { key, outcome: 'recorded' },
  )
  try {
    await adapter.polling!.settle!(settled, at(seconds))
    return { told, failures: 0 }
  } catch (error) {
    if (error instanceof AdapterFailure && error.kind === 'rejected') return { told, failures: 1 }
    throw error
  }
}

const flagsOf = async ({ run }: Scene) =>
  (await run('select is_sync from up_pro_process order by row_guid')).map(({ is_sync }) => is_sync)

const passes = ({ settings, run }: Scene, seconds: number) =>
  run(
    `update up_pro_process set sync_time = sync_time - ${settings.dialect === 'mysql' ? `interval ${seconds} second` : `interval '${seconds} seconds'`}`,
  )

for (const [how, tables] of [
  ['with claims', {}],
  ['without columns for claims', withoutClaims],
] as const)
  onBoth(t, `rows that take no mark stand in nobody's way, ${how}`, async (t, scene) => {
    await rule(scene)
    const adapter = scene.open({ pageSize: 2, tables })
    for (const [i, number] of ['x1', 'x2', 'x3', 'x4', '5', '6', '7'].entries())
      await writeStep(scene, `g${i}`, number, i)
    const polls = []
    for (let i = 0; i < 5; i++) polls.push(await poll(adapter))
    t.strictSame(
      polls.map(({ told }) => told),
      [['case_x1', 'case_x2'], ['case_x3', 'case_x4'], ['case_5', 'case_6'], ['case_7'], []],
    )
    t.strictSame(
      polls.map(({ failures }) => failures),
      [1, 0, 0, 0, 0],
      'it is said once',
    )
    const waiting = how === 'with claims' ? '2' : '0'
    t.strictSame(await flagsOf(scene), [waiting, waiting, waiting, waiting, '1', '1', '1'])

    await passes(scene, 290)
    t.strictSame(await poll(adapter, 290), { told: [], failures: 0 })
    await passes(scene, 11)
    t.strictSame(await poll(adapter, 301), { told: ['case_x1', 'case_x2'], failures: 1 }, 'and again later')
    await scene.run('alter table up_pro_process drop constraint marks')
    t.strictSame(await poll(adapter, 301), { told: ['case_x3', 'case_x4'], failures: 0 })
    await passes(scene, 302)
    t.strictSame(await poll(adapter, 603), { told: ['case_x1', 'case_x2'], failures: 0 })
    t.strictSame(await flagsOf(scene), ['9', '9', '9', '9', '1', '1', '1'])
  })

onBoth(t, 'what is newer of the same case does not wait for a row that took no mark', async (t, scene) => {
  await rule(scene)
  const adapter = scene.open()
  await writeStep(scene, 'a', 'x1', 1)
  await poll(adapter)
  await writeStep(scene, 'b', 'x1', 2)
  t.strictSame((await poll(adapter)).told, ['case_x1'])
})
