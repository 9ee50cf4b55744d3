// Reading what the department wrote: each row once, in order, marked when it is safe, whatever breaks in between.

import t from 'tap'
import type { Adapter, PolledItem, PolledPage } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import {
  attemptOf,
  endServers,
  failureOf,
  onBoth,
  read,
  type Scene,
  settledAs,
  wireTo,
} from './department-exchange-db-scene.ts'

endServers(t)

const { caseId } = givens['case-online']
const settle = (adapter: Adapter, items: readonly PolledItem[]) =>
  adapter.polling!.settle!(settledAs(items, 'recorded'), attemptOf())
const codes = ({ items }: PolledPage) => items.flatMap(({ events }) => events.map(({ type }) => type))

const step = (guid: string, code: string, at: string, more = ''): string =>
  `insert into up_pro_process (row_guid, project_no, event_name, event_end_time, cd_time${more ? ', handle_explain' : ''}) values ('${guid}', '${caseId}', '${code}', '${at}', '${at}'${more ? `, '${more}'` : ''})`

const flagsOf = async ({ run }: Scene, table = 'up_pro_process') =>
  (await run(`select is_sync from ${table} order by row_guid`)).map(({ is_sync }) => is_sync)

const manySteps = (kind: string, rows: number): string =>
  kind === 'mysql'
    ? `insert into up_pro_process (row_guid, project_no, event_name, event_end_time, cd_time) select concat('g', lpad(seq, 6, '0')), concat('case_', lpad(seq, 26, '0')), '30', '2026-11-23 10:00:00', date_add('2026-11-23 10:00:00', interval seq second) from seq_1_to_${rows}`
    : `insert into up_pro_process (row_guid, project_no, event_name, event_end_time, cd_time) select 'g' || lpad(n::text, 6, '0'), 'case_' || lpad(n::text, 26, '0'), '30', '2026-11-23 10:00:00', timestamp '2026-11-23 10:00:00' + n * interval '1 second' from generate_series(1, ${rows}) n`

onBoth(t, 'what the department wrote comes oldest first over all tables, as events', async (t, scene) => {
  const { run } = scene
  await run(step('a', '30', '2026-11-23 10:00:00'))
  await run(
    `insert into up_pro_result (row_guid, project_no, result_type, result_date, cd_time, result_cetr_name, result_cetr_no, is_delivery_results) values ('d', '${caseId}', '50', '2026-11-26 08:00:00', '2026-11-26 08:00:01', '食品经营许可证', 'JY14102', '1')`,
  )
  await run(
    `insert into up_pro_special_procedure (row_guid, project_no, special_type, special_reason, special_time, end_time, cd_time, limit_days, result) values ('c', '${caseId}', '36', '现场核查', '2026-11-24 09:00:00', '2026-11-25 09:00:00', '2026-11-25 09:00:01', 10, '合格')`,
  )
  await run(
    `insert into up_pro_process (row_guid, project_no, event_name, event_start_time, cd_time, handle_explain, handle_user_name, limit_days, correction_materials) values ('b', '${caseId}', '28', '2026-11-23 11:00:00', '2026-11-23 11:00:01', '图纸不清', '李四', 5, '[{"code":"M01","reason":"不清晰"}]')`,
  )
  const { items, more, cursor } = await read(scene.open())
  t.equal(more, false)
  t.equal(cursor, undefined)
  t.match(
    items.flatMap(({ events }) => events),
    [
      { id: 'up_pro_process:a:30', type: 'case.accepted', at: '2026-11-23T10:00:00+08:00', caseId },
      {
        type: 'case.correction-requested',
        at: '2026-11-23T11:00:00+08:00',
        detail: {
          reason: '图纸不清',
          limitDays: 5,
          materials: [{ code: 'M01', reason: '不清晰' }],
          handledBy: '李四',
        },
      },
      {
        id: 'up_pro_special_procedure:c:36',
        type: 'case.special-procedure-started',
        detail: { limitDays: 10 },
      },
      {
        id: 'up_pro_special_procedure:c:36:end',
        type: 'case.special-procedure-ended',
        at: '2026-11-25T09:00:00+08:00',
      },
      {
        type: 'case.approved',
        at: '2026-11-26T08:00:00+08:00',
        detail: { result: { type: 'paper', name: '食品经营许可证', number: 'JY14102' } },
      },
    ],
  )
  t.match(JSON.parse(items[0]!.body.toString()), { table: 'up_pro_process', row: { event_name: '30' } })
})

onBoth(t, 'a limit of no days is how tables write that there is none', async (t, { run, open }) => {
  await run(
    `insert into up_pro_process (row_guid, project_no, event_name, event_start_time, cd_time, limit_days) values ('b', '${caseId}', '28', '2026-11-23 11:00:00', '2026-11-23 11:00:01', 0)`,
  )
  const [item] = (await read(open())).items
  t.equal(item?.failure, undefined)
  t.match(item?.events, [{ type: 'case.correction-requested', detail: { limitDays: undefined } }])
})

onBoth(t, 'rows are marked by what became of them, with the reason', async (t, scene) => {
  const adapter = scene.open()
  for (const guid of ['a', 'b', 'c', 'd', 'e']) await scene.run(step(guid, '30', '2026-11-23 10:00:00'))
  const { items } = await read(adapter)
  t.strictSame(await flagsOf(scene), ['2', '2', '2', '2', '2'])
  const outcomes = ['recorded', 'duplicate', 'unknown', 'refused', 'unreadable'] as const
  const settled = items.map(({ key }, i) => ({
    key,
    outcome: outcomes[i]!,
    reason: `原因 ${i} ${'长'.repeat(900)}`,
  }))
  await adapter.polling!.settle!(settled, attemptOf())
  t.strictSame(await flagsOf(scene), ['1', '1', '9', '3', '3'])
  const [row] = await scene.run(`select sync_error from up_pro_process where row_guid = 'd'`)
  t.match(row, { sync_error: /^原因 3/ })
  t.strictSame((await read(adapter)).items, [])
})

onBoth(t, 'told twice that rows are settled, nothing changes', async (t, scene) => {
  const adapter = scene.open()
  await scene.run(step('a', '30', '2026-11-23 10:00:00'))
  const { items } = await read(adapter)
  await settle(adapter, items)
  await adapter.polling!.settle!(settledAs(items, 'unreadable', 'late'), attemptOf())
  t.strictSame(await flagsOf(scene), ['1'])
})

onBoth(
  t,
  'rows marked done go after so many days where that is asked, and nothing else',
  async (t, scene) => {
    const aged = (table: string, guid: string, flag: string, at: string, more = '') =>
      scene.run(
        `insert into ${table} (row_guid, project_no, is_sync, cd_time, sync_time${more && ', end_time'}) values ('${guid}', '${caseId}', '${flag}', '${at}', '${at}'${more && `, '${more}'`})`,
      )
    const old = '2020-01-01 09:00:00'
    await aged('up_pro_process', 'old', '1', old)
    await aged('up_pro_process', 'old-failed', '3', old)
    await aged('up_pro_process', 'old-unknown', '9', old)
    await aged('up_pro_process', 'young', '1', new Date().toISOString().slice(0, 19).replace('T', ' '))
    await aged('up_pro_result', 'old-result', '1', old)
    await aged('up_pro_special_procedure', 'ended', '1', old, old)
    await aged('up_pro_special_procedure', 'open', '1', old)
    await scene.run(
      `insert into up_pro_accept (row_guid, project_no, is_sync, cd_time) values ('case', '${caseId}', '1', '${old}')`,
    )
    const guids = async (table: string) =>
      (await scene.run(`select row_guid from ${table} order by row_guid`)).map(({ row_guid }) => row_guid)
    await scene.open().polling!.settle!([], attemptOf())
    t.equal((await guids('up_pro_process')).length, 4, 'nothing goes unless it is asked')
    const cleaning = scene.open({ cleaning: { days: 7 } })
    await cleaning.polling!.settle!([], attemptOf())
    t.strictSame(await guids('up_pro_process'), ['old-failed', 'old-unknown', 'young'])
    t.strictSame(await guids('up_pro_result'), [])
    t.strictSame(await guids('up_pro_special_procedure'), ['open'])
    t.strictSame(await guids('up_pro_accept'), ['case'])
    t.match(await cleaning.check!(attemptOf()), { ok: true })
    const both = async () => scene.open({ cleaning: { days: 7 }, watermark: {} })
    t.match(await failureOf(both()), { kind: 'unrecognised', message: /watermark/ })
  },
)

onBoth(
  t,
  'cases that the department took long ago go whole where that is asked, and no other row',
  async (t, scene) => {
    const old = '2020-01-01 09:00:00'
    const young = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 19).replace('T', ' ')
    const row = (table: string, number: string, guid: string, flag: string | null, at: string | null) => {
      const shown = [flag, at].map((value) => (value === null ? 'null' : `'${value}'`)).join(', ')
      return scene.run(
        `insert into up_pro_${table} (row_guid, project_no, is_sync, cd_time) values ('${guid}', '${number}', ${shown})`,
      )
    }
    const caseOf = async (number: string, flag: string | null, at: string | null) => {
      await row('accept', number, number, flag, at)
      await row('material', number, `${number} m`, '1', old)
    }
    await caseOf('taken', '1', old)
    await row('material', 'taken', 'taken m2', '1', old)
    await caseOf('untaken', '0', old)
    await caseOf('refused', '3', old)
    await caseOf('unmarked', null, old)
    await caseOf('undated', '1', null)
    await caseOf('young', '1', young)
    await caseOf('supplemented', '1', old)
    await row('material', 'supplemented', 'supplemented new', '0', old)
    await caseOf('supplemented lately', '1', old)
    await row('material', 'supplemented lately', 'supplemented lately m2', '1', young)
    await caseOf('with an unmarked paper', '1', old)
    await row('material', 'with an unmarked paper', 'unmarked paper', null, old)
    await row('accept', 'no papers', 'no papers', '1', old)
    const numbers = async (table: string) =>
      (await scene.run(`select distinct project_no from up_pro_${table}`)).map((one) => one.project_no).sort()
    const count = async () => (await scene.run('select row_guid from up_pro_material')).length
    const kept = (await numbers('accept')).filter((one) => one !== 'taken' && one !== 'no papers')
    const materials = await count()
    await scene.open().polling!.settle!([], attemptOf())
    await scene.open({ cleaning: { days: 7 } }).polling!.settle!([], attemptOf())
    t.equal(await count(), materials, 'nothing goes unless it is asked')
    const cleaning = scene.open({ cleaning: { cases: { days: 30 } } })
    await cleaning.polling!.settle!([], attemptOf())
    t.strictSame(await numbers('accept'), kept)
    t.strictSame(await numbers('material'), kept)
    t.equal(await count(), materials - 2, 'of what stays, every paper stays')
    t.match(await cleaning.check!(attemptOf()), { ok: true })
    const otherMark = scene.open({ cleaning: { cases: { days: 30, taken: '3' } } })
    await otherMark.polling!.settle!([], attemptOf())
    t.strictSame(
      (await numbers('accept')).filter((one) => one === 'refused'),
      ['refused'],
      'its paper bears another mark',
    )
  },
)

onBoth(t, 'what is added to a case that was cleaned away is still written', async (t, scene) => {
  const adapter = scene.open({ cleaning: { cases: { days: 30 } } })
  const { send, find } = adapter.outgoing.supplementCase!
  t.equal(await find!(givens.supplement, attemptOf()), null)
  t.same(await send(givens.supplement, attemptOf()), { reference: caseId })
  t.same(await find!(givens.supplement, attemptOf()), { reference: caseId })
  t.match(await send(givens.supplement, attemptOf()), { duplicate: true })
  await adapter.polling!.settle!([], attemptOf())
  t.equal((await scene.run('select row_guid from up_pro_material')).length, 1)
})

onBoth(t, 'many old cases go in batches', async (t, scene) => {
  const rows = (table: string) =>
    scene.settings.dialect === 'mysql'
      ? `insert into ${table} (row_guid, project_no, is_sync, cd_time) select seq, concat('case ', seq), '1', '2020-01-01' from seq_1_to_450`
      : `insert into ${table} (row_guid, project_no, is_sync, cd_time) select n::text, 'case ' || n, '1', '2020-01-01' from generate_series(1, 450) n`
  await scene.run(rows('up_pro_accept'))
  await scene.run(rows('up_pro_material'))
  const adapter = scene.open({ cleaning: { cases: { days: 30 } } })
  const left = async () => {
    await adapter.polling!.settle!([], attemptOf())
    const [row] = await scene.run(
      'select (select count(*) from up_pro_accept) as cases, (select count(*) from up_pro_material) as papers',
    )
    return [Number(row?.cases), Number(row?.papers)]
  }
  t.strictSame(await left(), [250, 250])
  t.strictSame(await left(), [50, 50])
  t.strictSame(await left(), [0, 0])
})

onBoth(t, 'a row that the department wrote anew while it was read is read again', async (t, scene) => {
  const adapter = scene.open()
  await scene.run(step('a', '30', '2026-11-23 10:00:00'))
  const { items } = await read(adapter)
  await scene.run(`update up_pro_process set event_name = '35', is_sync = '0'`)
  await settle(adapter, items)
  t.strictSame(await flagsOf(scene), ['0'])
  t.strictSame(codes(await read(adapter)), ['case.reviewing'])
})

onBoth(t, '10,000 rows flow through pages, each once and in order', async (t, scene) => {
  await scene.run(manySteps(scene.settings.dialect, 10_000))
  const adapter = scene.open()
  const seen: string[] = []
  let largest = 0
  for (let more = true; more; ) {
    const page = await read(adapter)
    largest = Math.max(largest, page.items.length)
    seen.push(...page.items.map(({ events }) => events[0]!.caseId!))
    await settle(adapter, page.items)
    more = page.more
  }
  t.equal(seen.length, 10_000)
  t.equal(largest, 200)
  t.strictSame(seen, [...seen].sort())
  t.match(await scene.run(`select count(*) as left_over from up_pro_process where is_sync <> '1'`), [
    { left_over: /^0$/ },
  ])
})

onBoth(t, 'a line that breaks between reading and marking loses nothing', async (t, scene) => {
  const wire = await wireTo(t, scene.settings.port!)
  const adapter = scene.open({ port: wire.port })
  await scene.run(step('a', '30', '2026-11-23 10:00:00'))
  const { items } = await read(adapter)
  wire.cutBefore('update')
  t.match(await failureOf(settle(adapter, items)), { kind: 'unavailable' })
  t.strictSame(await flagsOf(scene), ['2'])
  wire.cutBefore('nothing any more')
  await settle(adapter, items)
  t.strictSame(await flagsOf(scene), ['1'])
})

onBoth(t, 'what cannot be read is a failure of that row alone', async (t, scene) => {
  const { run } = scene
  const on = (guid: string, changes: string) =>
    run(`update up_pro_process set ${changes} where row_guid = '${guid}'`)
  for (const guid of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    await run(step(guid, '30', '2026-11-23 10:00:00', '说明'))
  await on('a', `event_name = '77'`)
  await on('b', `project_no = ''`)
  await on('c', `cd_operation = 'D'`)
  await on('d', `event_end_time = '1753-01-01 00:00:00', cd_time = null`)
  await on('e', `event_name = '28', correction_materials = 'M01 请重交'`)
  await on('f', `event_name = '26'`)
  const { items } = await read(scene.open())
  const told = new Map(items.map((item) => [item.key.split('/').at(-1), item]))
  for (const guid of ['a', 'b', 'c', 'd', 'e']) {
    t.ok(told.get(guid)?.failure instanceof AdapterFailure, guid)
    t.equal(told.get(guid)?.failure?.kind, 'unrecognised')
    t.same(told.get(guid)?.events, [])
  }
  t.match(told.get('a')?.failure, { code: '77', message: /“77”.*statuses.process/ })
  t.same(told.get('f')?.events, [], 'a code that tells nothing')
  t.equal(told.get('f')?.failure, undefined)
  t.equal(told.get('g')?.events[0]?.type, 'case.accepted')
})

onBoth(t, 'without columns for claims, rows stay new until they are settled', async (t, scene) => {
  for (const table of ['up_pro_process', 'up_pro_result', 'up_pro_special_procedure'])
    await scene.run(`alter table ${table} drop column sync_time, drop column sync_by, drop column sync_error`)
  const columns = { sync_time: null, sync_by: null, sync_error: null }
  const adapter = scene.open({ tables: { process: { columns }, result: { columns }, special: null } })
  await scene.run(step('a', '30', '2026-11-23 10:00:00'))
  const { items } = await read(adapter)
  t.strictSame(await flagsOf(scene), ['0'])
  t.equal((await read(adapter)).items.length, 1)
  await settle(adapter, items)
  t.strictSame(await flagsOf(scene), ['1'])
})

onBoth(t, 'with the right to read only, the cursor goes on from row to row', async (t, scene) => {
  const adapter = scene.open({ watermark: { delaySeconds: 0 }, pageSize: 3 })
  t.equal(adapter.polling?.settle, undefined)
  for (const guid of ['a', 'b', 'c', 'd', 'e']) await scene.run(step(guid, '30', '2026-11-23 10:00:00.125'))
  await scene.run(
    `insert into up_pro_result (row_guid, project_no, result_type, cd_time) values ('f', '${caseId}', '50', '2026-11-23 10:00:00.124')`,
  )
  const first = await read(adapter)
  t.same(
    first.items.map(({ key }) => key),
    ['result/-/f', 'process/-/a', 'process/-/b'],
  )
  t.equal(first.more, true)
  t.same((await read(adapter)).items.length, 3, 'nothing was marked')
  const second = await read(adapter, first.cursor)
  t.same(
    second.items.map(({ key }) => key),
    ['process/-/c', 'process/-/d', 'process/-/e'],
  )
  t.strictSame((await read(adapter, second.cursor)).items, [])
  t.strictSame(await flagsOf(scene), ['0', '0', '0', '0', '0'])
  t.match(await failureOf(read(adapter, 'no cursor')), { kind: 'unrecognised' })
})

onBoth(t, 'rows younger than the delay wait for those that commit late', async (t, scene) => {
  const now = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  await scene.run(step('a', '30', now))
  t.equal((await read(scene.open({ watermark: { delaySeconds: 60 } }))).items.length, 0)
  t.equal((await read(scene.open({ watermark: { delaySeconds: 0 } }))).items.length, 1)
})

onBoth(t, 'a table that is missing is said, and reading stops with the signal', async (t, scene) => {
  const wire = await wireTo(t, scene.settings.port!)
  const adapter = scene.open({ port: wire.port })
  await read(adapter)
  wire.fallSilent()
  const stopped = adapter.polling!.read(undefined, attemptOf({ signal: AbortSignal.timeout(100) }))
  t.match(await failureOf(stopped), { kind: 'uncertain' })
  await scene.run('drop table up_pro_result')
  t.match(await failureOf(read(scene.open())), { kind: 'unrecognised', message: /up_pro_result/ })
})
