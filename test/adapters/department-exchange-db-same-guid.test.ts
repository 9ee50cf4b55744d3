// Rows that no guid tells apart: none of them counts as told, and none of the others is lost.

import t from 'tap'
import type { Adapter, PolledItem, SettledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { attemptOf, endServers, onBoth, read, type Scene, writeStep } from './department-exchange-db-scene.ts'

endServers(t)

/** As the gateway tells it: what failed is unreadable, anything else recorded. */
const settle = (adapter: Adapter, items: readonly PolledItem[]) =>
  adapter.polling!.settle!(
    items.map(
      ({ key, failure }): SettledItem =>
        failure ? { key, outcome: 'unreadable', reason: failure.message } : { key, outcome: 'recorded' },
    ),
    attemptOf(),
  )

const withoutKey = ({ settings, run }: Scene) =>
  run(
    settings.dialect === 'mysql'
      ? 'alter table up_pro_process drop primary key, modify row_guid varchar(64) null'
      : 'alter table up_pro_process drop constraint up_pro_process_pkey, alter column row_guid drop not null',
  )

const idsOf = (items: readonly PolledItem[]) =>
  items.flatMap(({ events }) => events.map(({ id, caseId }) => `${caseId} ${id}`))

const refusedOf = (items: readonly PolledItem[]) =>
  items
    .filter(({ failure }) => failure instanceof AdapterFailure && failure.kind === 'unrecognised')
    .map(({ body, events }) => `${JSON.parse(body.toString()).row.project_no} ${events.length}`)
    .sort()

const marksOf = async ({ run }: Scene) => {
  const rows = await run('select project_no, is_sync, sync_error from up_pro_process order by cd_time')
  return rows.map(
    ({ project_no, is_sync, sync_error }) =>
      `${project_no} ${is_sync}${/row_guid/.test(String(sync_error)) ? ' because' : ''}`,
  )
}

onBoth(
  t,
  'different rows that share a guid are refused, and the others of the page are read',
  async (t, scene) => {
    await withoutKey(scene)
    await writeStep(scene, 'g', 'a', 1)
    await writeStep(scene, 'h', 'b', 2)
    await writeStep(scene, 'g', 'c', 3)
    await writeStep(scene, 'i', 'd', 4, '35')
    await writeStep(scene, 'i', 'd', 5, '90')
    const adapter = scene.open()
    const { items } = await read(adapter)
    t.strictSame(idsOf(items), ['case_b up_pro_process:h:30'])
    t.strictSame(refusedOf(items), ['case_a 0', 'case_c 0', 'case_d 0', 'case_d 0'])
    await settle(adapter, items)
    t.strictSame(await marksOf(scene), [
      'case_a 3 because',
      'case_b 1',
      'case_c 3 because',
      'case_d 3 because',
      'case_d 3 because',
    ])
    await scene.run(
      `update up_pro_process set row_guid = project_no, is_sync = '0' where project_no in ('case_a', 'case_c')`,
    )
    t.strictSame(idsOf((await read(adapter)).items), [
      'case_a up_pro_process:case_a:30',
      'case_c up_pro_process:case_c:30',
    ])
  },
)

onBoth(t, 'a row that shares its guid with one beyond the page is no exception', async (t, scene) => {
  await withoutKey(scene)
  await writeStep(scene, 'g', 'a', 1)
  await writeStep(scene, 'h', 'b', 2)
  await writeStep(scene, 'g', 'c', 3)
  const adapter = scene.open({ pageSize: 1 })
  const first = await read(adapter)
  t.strictSame(refusedOf(first.items), ['case_a 0', 'case_c 0'])
  await settle(adapter, first.items)
  const second = await read(adapter)
  t.strictSame(idsOf(second.items), ['case_b up_pro_process:h:30'])
  await settle(adapter, second.items)
  t.strictSame(await marksOf(scene), ['case_a 3 because', 'case_b 1', 'case_c 3 because'])
  t.strictSame((await read(adapter)).items, [])
})

onBoth(t, 'rows with an empty or blank guid are refused; without any they stay new', async (t, scene) => {
  await withoutKey(scene)
  await writeStep(scene, '', 'a', 1)
  await writeStep(scene, '  ', 'b', 2)
  await writeStep(scene, '', 'c', 3)
  await writeStep(scene, 'g', 'd', 4)
  await writeStep(scene, null, 'e', 5)
  const adapter = scene.open()
  const { items } = await read(adapter)
  t.strictSame(idsOf(items), ['case_d up_pro_process:g:30'])
  t.strictSame(refusedOf(items), ['case_a 0', 'case_b 0', 'case_c 0'])
  await settle(adapter, items)
  t.strictSame(await marksOf(scene), [
    'case_a 3 because',
    'case_b 3 because',
    'case_c 3 because',
    'case_d 1',
    'case_e 0',
  ])
})

onBoth(t, 'a single blank row is refused as well, and the same row twice is one', async (t, scene) => {
  await withoutKey(scene)
  await writeStep(scene, ' ', 'a', 1)
  await writeStep(scene, 'g', 'b', 2)
  await writeStep(scene, 'g', 'b', 2)
  const adapter = scene.open()
  const { items } = await read(adapter)
  t.strictSame(refusedOf(items), ['case_a 0'])
  t.strictSame(idsOf(items), ['case_b up_pro_process:g:30'])
  await settle(adapter, items)
  t.strictSame(await marksOf(scene), ['case_a 3 because', 'case_b 1', 'case_b 1'])
})

onBoth(
  t,
  'guids that only the server holds for the same are never marked for each other',
  async (t, scene) => {
    await withoutKey(scene)
    await writeStep(scene, 'abc', 'a', 1)
    await writeStep(scene, 'ABC', 'b', 2)
    const adapter = scene.open({ pageSize: 1 })
    const { items } = await read(adapter)
    await settle(adapter, items)
    if (scene.settings.dialect === 'mysql') {
      t.strictSame(refusedOf(items), ['case_a 0', 'case_b 0'])
      t.strictSame(await marksOf(scene), ['case_a 3 because', 'case_b 3 because'])
      return
    }
    t.strictSame(idsOf(items), ['case_a up_pro_process:abc:30'])
    t.strictSame(await marksOf(scene), ['case_a 1', 'case_b 0'])
    t.strictSame(idsOf((await read(adapter)).items), ['case_b up_pro_process:ABC:30'])
  },
)

onBoth(t, 'without columns for claims they are refused all the same', async (t, scene) => {
  await withoutKey(scene)
  await writeStep(scene, 'g', 'a', 1)
  await writeStep(scene, 'h', 'b', 2)
  await writeStep(scene, 'g', 'c', 3)
  await writeStep(scene, '', 'd', 4)
  const columns = { sync_time: null, sync_by: null }
  const adapter = scene.open({ tables: { process: { columns } }, pageSize: 2 })
  for (let more = true; more; ) {
    const page = await read(adapter)
    await settle(adapter, page.items)
    more = page.more
  }
  t.strictSame(await marksOf(scene), ['case_a 3 because', 'case_b 1', 'case_c 3 because', 'case_d 3 because'])
})

onBoth(t, 'by watermark, each row of a page that shares a guid is a failure', async (t, scene) => {
  await withoutKey(scene)
  await writeStep(scene, 'g', 'a', 1)
  await writeStep(scene, 'h', 'b', 2)
  await writeStep(scene, 'g', 'c', 3)
  await writeStep(scene, '', 'd', 4)
  await writeStep(scene, 'g', 'a', 5, '35')
  const adapter = scene.open({ watermark: { delaySeconds: 0 }, pageSize: 4 })
  const first = await read(adapter)
  t.strictSame(idsOf(first.items), ['case_b up_pro_process:h:30'])
  t.strictSame(refusedOf(first.items), ['case_a 0', 'case_c 0', 'case_d 0'])
  const second = await read(adapter, first.cursor)
  t.strictSame(idsOf(second.items), ['case_a up_pro_process:g:35'], 'the row of its own moment')
})
