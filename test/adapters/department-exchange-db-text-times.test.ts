// Tables of a department that keeps every time as text, VARCHAR(14), and whose trigger writes keys in capitals.

import t from 'tap'
import type { ExchangeSettings } from '../../adapters/department-exchange-db/settings.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import {
  attemptOf,
  endServers,
  failureOf,
  onBoth,
  type Scene,
  settledAs,
} from './department-exchange-db-scene.ts'

endServers(t)

const content = givens['case-online']
const textTimes = 'yyyyMMddHHmmss'
const timesOf = {
  accept: ['cd_time', 'apply_date', 'accept_date', 'promise_date'],
  material: ['cd_time'],
  process: ['cd_time', 'sync_time', 'event_start_time', 'event_end_time'],
  result: ['cd_time', 'sync_time', 'result_date'],
  special_procedure: ['cd_time', 'sync_time', 'special_time', 'end_time'],
}

async function withTexts({ settings, run }: Scene, characters: number): Promise<void> {
  const changed = settings.dialect === 'mysql' ? 'modify' : 'alter column'
  const type = settings.dialect === 'mysql' ? '' : 'type'
  for (const [table, columns] of Object.entries(timesOf))
    for (const column of columns)
      await run(`alter table up_pro_${table} ${changed} ${column} ${type} varchar(${characters})`)
}

const step = ({ run }: Scene, guid: string, at: string, caseId = content.caseId) =>
  run(
    `insert into up_pro_process (row_guid, project_no, event_name, cd_time, event_end_time, is_sync) values ('${guid}', '${caseId}', '30', '${at}', '${at}', '0')`,
  )

onBoth(t, 'times that are texts are written, claimed, marked and listed as such', async (t, scene) => {
  await withTexts(scene, 14)
  t.match(await failureOf(scene.open().outgoing.submitCase!.send(content, attemptOf())), { kind: 'rejected' })

  const adapter = scene.open({
    textTimes,
    tables: { accept: { values: { address: '=$localTime(submittedAt)' } } },
  })
  t.match(await adapter.check!(attemptOf()), { ok: true })
  t.match(await adapter.outgoing.submitCase!.send(content, attemptOf()), {})
  const [row] = await scene.run('select cd_time, apply_date, promise_date, address from up_pro_accept')
  t.match(row, { cd_time: '20261123093000', apply_date: '20261123091205', address: '20261123091205' })
  t.match(await adapter.outgoing.submitCase!.send(content, attemptOf()), { duplicate: true })

  await step(scene, 'second', '20261123092001')
  await step(scene, 'first', '20261123092000')
  const { items } = await adapter.polling!.read(undefined, attemptOf())
  t.match(
    items.map(({ events }) => events[0]),
    [{ at: '2026-11-23T09:20:00+08:00' }, { at: '2026-11-23T09:20:01+08:00' }],
  )
  await adapter.polling!.settle!(settledAs(items, 'recorded'), attemptOf())
  const [marked] = await scene.run(`select is_sync, sync_time from up_pro_process where row_guid = 'first'`)
  t.match(marked, { is_sync: '1', sync_time: /^20\d{12}$/ })
  const listedOn = async (day: string) => {
    const listed: unknown[] = []
    for await (const one of adapter.listing!.list(day, attemptOf())) listed.push(one)
    return listed
  }
  const listed = await listedOn('2026-11-23')
  t.match(listed, [{ id: content.caseId, state: 'case.accepted' }])
  t.same(await listedOn('2026-11-24'), [])
})

onBoth(
  t,
  'a claim of somebody else ends, old rows are cleaned, and young ones wait, by times that are texts',
  async (t, scene) => {
    await withTexts(scene, 19)
    const change: Partial<ExchangeSettings> = { textTimes: 'yyyy-MM-dd HH:mm:ss', cleaning: { days: 1 } }
    await step(scene, 'stale', '2026-11-23 09:20:00')
    await step(scene, 'taken', '2026-11-23 09:20:01', 'case_other')
    await scene.run(
      `update up_pro_process set is_sync = '2', sync_by = 'somebody', sync_time = case row_guid when 'stale' then '2026-01-01 00:00:00' else '2999-01-01 00:00:00' end`,
    )
    const adapter = scene.open(change)
    const { items } = await adapter.polling!.read(undefined, attemptOf())
    t.equal(items.length, 1)
    t.match(items[0]?.key, /stale/)
    await scene.run(
      `update up_pro_process set is_sync = '1', sync_time = '2026-01-01 00:00:00', cd_time = '2026-01-01 00:00:00' where row_guid = 'taken'`,
    )
    await adapter.polling!.settle!(settledAs(items, 'recorded'), attemptOf())
    t.match(await scene.run('select row_guid from up_pro_process'), [{ row_guid: 'stale' }])

    const watching = scene.open({ textTimes: 'yyyy-MM-dd HH:mm:ss', watermark: {} })
    await step(scene, 'young', '2999-01-01 00:00:00')
    const page = await watching.polling!.read(undefined, attemptOf())
    t.equal(page.items.length, 1, 'without the one that is younger than the delay')
  },
)

onBoth(t, 'a number of ours that a trigger writes in capitals is ours', async (t, scene) => {
  await step(scene, 'G1', '2026-11-23 09:20:00', content.caseId.toUpperCase())
  const { items } = await scene.open().polling!.read(undefined, attemptOf())
  t.match(items[0]?.events, [{ caseId: content.caseId }])
})

onBoth(t, 'check names every column that a table lacks', async (t, scene) => {
  for (const column of ['task_code', 'contact_name', 'zip_code'])
    await scene.run(`alter table up_pro_accept drop column ${column}`)
  await scene.run('alter table up_pro_result drop column result_explain')
  const { ok, summary } = await scene.open().check!(attemptOf())
  t.notOk(ok)
  for (const column of ['task_code', 'contact_name', 'result_explain'])
    t.equal(summary.split(column).length, 2, `${column} once: ${summary}`)
  t.notMatch(summary, /zip_code/, 'which nobody fills')
})
