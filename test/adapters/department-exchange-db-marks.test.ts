// Marks that the tables refuse: no row keeps another from its mark.

import t from 'tap'
import type { Adapter, PolledItem, SettledItem } from '../../src/adapter-kit/contract.ts'
import {
  attemptOf,
  endServers,
  failureOf,
  onBoth,
  type Scene,
  settledAs,
  wireTo,
} from './department-exchange-db-scene.ts'

endServers(t)

const REASON = `没有对应的办件 (no such case or parcel is known) ${'长'.repeat(900)}`

async function itemsOf(
  scene: Scene,
  adapter: Adapter,
  guids: readonly string[],
): Promise<readonly PolledItem[]> {
  for (const guid of guids)
    await scene.run(
      `insert into up_pro_process (row_guid, project_no, event_name, cd_time) values ('${guid}', 'case_${guid}', '30', '2026-11-23 10:00:00')`,
    )
  return (await adapter.polling!.read(undefined, attemptOf())).items
}

/** The second row is refused, the others are recorded. */
const settle = (adapter: Adapter, items: readonly PolledItem[]) =>
  adapter.polling!.settle!(
    items.map(
      ({ key }, i): SettledItem =>
        i === 1 ? { key, outcome: 'refused', reason: REASON } : { key, outcome: 'recorded' },
    ),
    attemptOf(),
  )

const marksOf = async ({ run }: Scene) => {
  const rows = await run('select is_sync, sync_error from up_pro_process order by row_guid')
  return rows.map(({ is_sync, sync_error }) => [is_sync, sync_error])
}

const reasonColumn = ({ settings, run }: Scene, type: string) =>
  run(
    settings.dialect === 'mysql'
      ? `alter table up_pro_process modify sync_error ${type}`
      : `alter table up_pro_process alter column sync_error type ${type.split(' ')[0]}${/not null/.test(type) ? `, alter column sync_error set default '', alter column sync_error set not null` : ''}`,
  )

const rule = (guid: string, { settings, run }: Scene) =>
  run(
    settings.dialect === 'mysql'
      ? `create trigger rule before update on up_pro_process for each row if new.row_guid = '${guid}' and new.is_sync in ('1', '3') then signal sqlstate '45000' set message_text = 'no'; end if`
      : `create function rule() returns trigger language plpgsql as $$ begin if new.row_guid = '${guid}' and new.is_sync in ('1', '3') then raise exception 'no'; end if; return new; end $$;
        create trigger rule before update on up_pro_process for each row execute function rule()`,
  )

onBoth(t, 'a reason longer than its column is cut to what the column takes', async (t, scene) => {
  await reasonColumn(scene, 'varchar(60)')
  const adapter = scene.open()
  await settle(adapter, await itemsOf(scene, adapter, ['a', 'b', 'c']))
  t.strictSame(await marksOf(scene), [
    ['1', null],
    ['3', REASON.slice(0, 50)],
    ['1', null],
  ])
})

onBoth(t, 'a column that takes no reason at all still leaves the row its flag', async (t, scene) => {
  await reasonColumn(scene, 'varchar(2)')
  const adapter = scene.open()
  await settle(adapter, await itemsOf(scene, adapter, ['a', 'b', 'c']))
  t.strictSame(await marksOf(scene), [
    ['1', null],
    ['3', null],
    ['1', null],
  ])
})

onBoth(t, 'a reason that must not be empty is left as it is', async (t, scene) => {
  await reasonColumn(scene, `varchar(2) not null default ''`)
  const adapter = scene.open()
  await settle(adapter, await itemsOf(scene, adapter, ['a', 'b', 'c']))
  t.strictSame(await marksOf(scene), [
    ['1', ''],
    ['3', ''],
    ['1', ''],
  ])
})

onBoth(t, 'a row that takes no mark is said, and all others get theirs', async (t, scene) => {
  for (const [bad, marks] of [
    ['a', ['2', '3', '1']],
    ['b', ['1', '2', '1']],
  ] as const)
    await t.test(bad, async (t) => {
      await scene.run('delete from up_pro_process')
      await rule(bad, scene)
      const adapter = scene.open()
      const items = await itemsOf(scene, adapter, ['a', 'b', 'c'])
      t.match(await failureOf(settle(adapter, items)), { kind: 'rejected', message: /up_pro_process/ })
      t.strictSame(
        (await marksOf(scene)).map(([flag]) => flag),
        marks,
      )
      await scene.run(
        `drop trigger rule${scene.settings.dialect === 'mysql' ? '' : ' on up_pro_process; drop function rule'}`,
      )
      const ago = scene.settings.dialect === 'mysql' ? 'interval 301 second' : `interval '301 seconds'`
      await scene.run(`update up_pro_process set sync_time = sync_time - ${ago}`)
      const again = (await adapter.polling!.read(undefined, attemptOf())).items
      t.equal(again.length, 1, 'it is read again when nobody claims it any more')
      await adapter.polling!.settle!(settledAs(again, 'recorded'), attemptOf())
      t.strictSame(
        (await marksOf(scene)).map(([flag]) => flag),
        marks.map((flag) => (flag === '2' ? '1' : flag)),
      )
    })
})

onBoth(t, 'a line that breaks while rows are marked one by one loses nothing', async (t, scene) => {
  await reasonColumn(scene, 'varchar(60)')
  const wire = await wireTo(t, scene.settings.port!)
  const adapter = scene.open({ port: wire.port })
  const items = await itemsOf(scene, adapter, ['a', 'b', 'c', 'd'])
  const settled: SettledItem[] = [
    { key: items[0]!.key, outcome: 'recorded' },
    { key: items[1]!.key, outcome: 'refused', reason: REASON },
    { key: items[2]!.key, outcome: 'unknown', reason: 'the line breaks here' },
    { key: items[3]!.key, outcome: 'duplicate', reason: 'after it' },
  ]
  const tell = () => adapter.polling!.settle!(settled, attemptOf())
  wire.cutBefore('the line breaks here')
  t.match(await failureOf(tell()), { kind: 'unavailable' })
  t.strictSame(await marksOf(scene), [
    ['1', null],
    ['3', REASON.slice(0, 50)],
    ['2', null],
    ['2', null],
  ])
  wire.cutBefore('nothing any more')
  await tell()
  await tell()
  t.strictSame(await marksOf(scene), [
    ['1', null],
    ['3', REASON.slice(0, 50)],
    ['9', 'the line breaks here'],
    ['1', 'after it'],
  ])
})

onBoth(t, 'without columns for claims, what was written after the reading stays new', async (t, scene) => {
  const { run } = scene
  const columns = { sync_time: null, sync_by: null }
  const adapter = scene.open({ tables: { process: { columns }, special: { columns }, result: { columns } } })
  await run(
    `insert into up_pro_special_procedure (row_guid, project_no, special_type, special_time) values ('s', 'case_s', '36', '2026-11-23 11:00:00')`,
  )
  const items = await itemsOf(scene, adapter, ['a', 'b', 'c', 'd', 'e'])
  await run(`update up_pro_process set event_name = '35' where row_guid = 'a'`)
  await run(`update up_pro_process set cd_time = '2026-11-23 12:00:00' where row_guid = 'c'`)
  await run(
    `update up_pro_process set event_end_time = cd_time, cd_time = null, event_name = '90' where row_guid = 'd'`,
  )
  await run(`update up_pro_special_procedure set end_time = '2026-11-24 11:00:00'`)
  await settle(adapter, items)
  const flags = (await marksOf(scene)).map(([flag]) => flag)
  t.strictSame(flags, ['0', '1', '0', '0', '1'])
  const again = await adapter.polling!.read(undefined, attemptOf())
  const told = again.items.flatMap(({ events }) => events.map(({ type, caseId }) => `${caseId} ${type}`))
  t.strictSame(told.sort(), [
    'case_a case.reviewing',
    'case_c case.accepted',
    'case_d case.closed',
    'case_s case.special-procedure-ended',
    'case_s case.special-procedure-started',
  ])
})
