// Claims on the department's rows: what a reading has left behind comes again at once and in order, whoever
// else reads, and no row is marked for what nobody recorded.

import t from 'tap'
import type { Adapter, PolledItem, PolledPage } from '../../src/adapter-kit/contract.ts'
import {
  attemptOf,
  endServers,
  onBoth,
  type Scene,
  settledAs,
  writeStep,
} from './department-exchange-db-scene.ts'

endServers(t)

/** Each system is asked by a key of its own, whichever process asks. */
const read = (adapter: Adapter, system = 'food'): Promise<PolledPage> =>
  adapter.polling!.read(undefined, attemptOf({ key: `ask:${system}` }))
const settle = (adapter: Adapter, { items }: { items: readonly PolledItem[] }) =>
  adapter.polling!.settle!(settledAs(items, 'recorded'), attemptOf())
const told = ({ items }: PolledPage) =>
  items.flatMap(({ events }) => events.map(({ caseId, type }) => `${caseId} ${type}`))

const approval = ({ run }: Scene, guid: string, number: string, second: number) =>
  run(
    `insert into up_pro_result (row_guid, project_no, result_type, cd_time) values ('${guid}', 'case_${number}', '50', '2026-11-23 10:00:${String(second).padStart(2, '0')}')`,
  )

const flagsOf = async ({ run }: Scene) =>
  (await run('select is_sync from up_pro_process order by row_guid')).map(({ is_sync }) => is_sync)

const passes = ({ settings, run }: Scene, seconds: number) =>
  run(
    `update up_pro_process set sync_time = sync_time - ${settings.dialect === 'mysql' ? `interval ${seconds} second` : `interval '${seconds} seconds'`}`,
  )

onBoth(t, 'what a failed reading left behind comes at once, before what is newer', async (t, scene) => {
  await writeStep(scene, 'a', '1', 1)
  await writeStep(scene, 'b', '2', 2)
  const failed = await read(scene.open())
  t.equal(failed.items.length, 2)
  await writeStep(scene, 'c', '1', 3, '35')
  await approval(scene, 'd', '2', 4)
  const adapter = scene.open({ pageSize: 3 })
  const next = await read(adapter)
  t.strictSame(told(next), ['case_1 case.accepted', 'case_2 case.accepted', 'case_1 case.reviewing'])
  await settle(adapter, next)
  t.strictSame(told(await read(adapter)), ['case_2 case.approved'])
  t.strictSame(await flagsOf(scene), ['1', '1', '1'])
})

onBoth(t, 'of two processes that read at once, only the last to claim a row marks it', async (t, scene) => {
  const [former, leader] = [scene.open(), scene.open()]
  await writeStep(scene, 'a', '1', 1)
  const before = await read(former)
  await scene.run(`update up_pro_process set event_name = '35', is_sync = '0'`)
  const now = await read(leader)
  t.strictSame([...told(before), ...told(now)], ['case_1 case.accepted', 'case_1 case.reviewing'])
  await settle(former, before)
  t.strictSame(await flagsOf(scene), ['2'], 'what the leader has read is not recorded yet')
  await settle(leader, now)
  t.strictSame(await flagsOf(scene), ['1'])
  await settle(former, before)
  t.strictSame((await read(former)).items, [])
})

onBoth(t, 'while another holds a row, no other row of its case is read, however old', async (t, scene) => {
  const adapter = scene.open({ pageSize: 1 })
  await writeStep(scene, 'a', '1', 1)
  const held = await read(adapter, 'another')
  await writeStep(scene, 'b', '1', 2, '35')
  await approval(scene, 'c', '1', 3)
  await writeStep(scene, 'd', '2', 4)
  const ours = await read(adapter)
  t.strictSame(told(ours), ['case_2 case.accepted'], 'other cases go on')
  await settle(adapter, ours)
  t.strictSame((await read(adapter)).items, [])
  await settle(adapter, held)
  const rest = [await read(adapter)]
  await settle(adapter, rest[0]!)
  rest.push(await read(adapter))
  t.strictSame(rest.flatMap(told), ['case_1 case.reviewing', 'case_1 case.approved'])
})

onBoth(t, 'a claim of another that nobody settled ends, and the row comes again', async (t, scene) => {
  const adapter = scene.open()
  await writeStep(scene, 'a', '1', 1)
  const first = await read(adapter, 'another')
  await passes(scene, 290)
  t.equal((await read(adapter)).items.length, 0)
  await passes(scene, 11)
  const again = await read(adapter)
  t.same(again.items[0]?.events, first.items[0]?.events)
  await settle(adapter, first)
  t.strictSame(await flagsOf(scene), ['2'], 'the old claim settles nothing')
  await settle(adapter, again)
  t.strictSame(await flagsOf(scene), ['1'])
})

onBoth(t, 'claims fit where a UUID fits, and rows without a number are no case', async (t, scene) => {
  await scene.run(
    scene.settings.dialect === 'mysql'
      ? 'alter table up_pro_process modify sync_by varchar(36), modify project_no varchar(50) null, add column no varchar(20)'
      : 'alter table up_pro_process alter column sync_by type varchar(36), alter column project_no drop not null, add column no varchar(20)',
  )
  const adapter = scene.open({ tables: { process: { columns: { department_no: 'no' } } } })
  await writeStep(scene, 'a', '1', 1)
  await read(adapter, 'another')
  await scene.run(
    `insert into up_pro_process (row_guid, no, event_name, cd_time) values ('b', 'KF-7', '30', '2026-11-23 10:00:00')`,
  )
  t.match((await read(adapter)).items, [{ events: [{ reference: 'KF-7' }] }])
})

onBoth(t, 'two systems on the same tables never take one row twice', async (t, scene) => {
  const numbers = Array.from({ length: 600 }, (_, i) => String(1000 + i))
  await scene.run(
    `insert into up_pro_process (row_guid, project_no, event_name, cd_time) values ${numbers.map((n) => `('${n}', 'case_${n}', '30', '2026-11-23 10:00:00')`).join(', ')}`,
  )
  const taken: string[] = []
  const gateway = async (adapter: Adapter, system: string) => {
    for (;;) {
      const page = await read(adapter, system)
      if (page.items.length === 0) return
      taken.push(...told(page))
      await settle(adapter, page)
    }
  }
  await Promise.all(['a', 'b', 'c'].map((system) => gateway(scene.open({ pageSize: 50 }), system)))
  await gateway(scene.open(), 'a')
  t.equal(taken.length, 600)
  t.equal(new Set(taken).size, 600)
})
