// In which order things happened, as the department's rows tell it: times that are days, decisions and closings.

import t from 'tap'
import type { PolledPage } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { attemptOf, endServers, onBoth, read, type Scene, settledAs } from './department-exchange-db-scene.ts'

endServers(t)

const { caseId } = givens['case-online']
const eventsOf = ({ items }: PolledPage) => items.flatMap(({ events }) => events)

onBoth(t, 'a day without a time is its end, or the moment it was written', async (t, scene) => {
  const { run, settings } = scene
  const [modify, type] = settings.dialect === 'mysql' ? ['modify', ''] : ['alter column', 'type']
  for (const column of ['event_start_time', 'event_end_time'])
    await run(`alter table up_pro_process ${modify} ${column} ${type} date`)
  const row = (guid: string, day: string, written: string | null) =>
    run(
      `insert into up_pro_process (row_guid, project_no, event_name, event_end_time, cd_time) values ('${guid}', '${caseId}', '30', '${day}', ${written === null ? 'null' : `'${written}'`})`,
    )
  await row('same day', '2026-11-20', '2026-11-20 16:30:00')
  await row('told later', '2026-11-20', '2026-11-21 08:00:00')
  await row('never written', '2026-11-20', null)
  await row('today', '2026-11-23', null)
  const told = new Map(eventsOf(await read(scene.open())).map(({ id, at }) => [id.split(':')[1], at]))
  t.same(Object.fromEntries(told), {
    'same day': '2026-11-20T16:30:00+08:00',
    'told later': '2026-11-20T23:59:59+08:00',
    'never written': '2026-11-20T23:59:59+08:00',
    today: '2026-11-23T09:30:00+08:00',
  })
  t.equal(Date.parse(told.get('today')!), GIVEN_NOW.getTime(), 'nothing comes from the future')
})

onBoth(t, 'a day in a column of times is a day: its end, or the moment it was written', async (t, scene) => {
  const row = (guid: string, at: string, written: string | null) =>
    scene.run(
      `insert into up_pro_process (row_guid, project_no, event_name, event_end_time, cd_time) values ('${guid}', '${caseId}', '30', '${at}', ${written === null ? 'null' : `'${written}'`})`,
    )
  await row('same day', '2026-11-20', '2026-11-20 16:30:00')
  await row('told later', '2026-11-20', '2026-11-21 08:00:00')
  await row('days alone', '2026-11-20', '2026-11-20')
  await row('today', '2026-11-23', null)
  await row('just after', '2026-11-20 00:00:00.001', '2026-11-20 16:30:00')
  await row('to come', '2026-11-30', null)
  const told = eventsOf(await read(scene.open())).map(({ id, at }) => [id, at])
  t.same(Object.fromEntries(told), {
    'up_pro_process:same day:30': '2026-11-20T16:30:00+08:00',
    'up_pro_process:told later:30': '2026-11-20T23:59:59+08:00',
    'up_pro_process:days alone:30': '2026-11-20T23:59:59+08:00',
    'up_pro_process:today:30': '2026-11-23T09:30:00+08:00',
    'up_pro_process:just after:30': '2026-11-20T00:00:00.001+08:00',
    'up_pro_process:to come:30': '2026-11-30T00:00:00+08:00',
  })
})

const step = ({ run }: Scene, guid: string, code: string, at = '2026-11-23 10:00:00') =>
  run(
    `insert into up_pro_process (row_guid, project_no, event_name, event_end_time, cd_time) values ('${guid}', '${caseId}', '${code}', '${at}', '${at}')`,
  )
const result = ({ run }: Scene, guid: string, code: string, at = '2026-11-23 10:00:00') =>
  run(
    `insert into up_pro_result (row_guid, project_no, result_type, result_date, cd_time) values ('${guid}', '${caseId}', '${code}', '${at}', '${at}')`,
  )

onBoth(t, 'of one moment, a decision is read before the step that closes the case', async (t, scene) => {
  await step(scene, 'a', '90')
  await step(scene, 'b', '30')
  await result(scene, 'c', '60')
  await result(scene, 'd', '50')
  await step(scene, 'e', '90', '2026-11-23 09:59:59')
  const course = ['case.closed', 'case.accepted', 'case.approved', 'case.issued', 'case.closed']
  const types = (page: PolledPage) => eventsOf(page).map(({ type }) => type)
  t.strictSame(types(await read(scene.open({ watermark: { delaySeconds: 0 } }))), course)
  t.strictSame(types(await read(scene.open())), course)
})

onBoth(t, 'the closing step waits for the decision, however short the page', async (t, scene) => {
  await step(scene, 'a', '35', '2026-11-23 09:00:00')
  await step(scene, 'b', '90')
  await result(scene, 'c', '40')
  const course = ['case.reviewing', 'case.denied', 'case.closed']
  for (const watermark of [{ delaySeconds: 0 }, undefined]) {
    const adapter = scene.open({ pageSize: 1, ...(watermark ? { watermark } : {}) })
    const told: string[] = []
    let cursor: string | undefined
    for (let i = 0; i < 3; i++) {
      const page = await read(adapter, cursor)
      cursor = page.cursor
      told.push(...eventsOf(page).map(({ type }) => type))
      await adapter.polling!.settle?.(settledAs(page.items, 'recorded'), attemptOf())
    }
    t.strictSame(told, course)
  }
})

onBoth(t, 'it is the same moment in whole seconds and in thousandths', async (t, scene) => {
  await scene.run(
    scene.settings.dialect === 'mysql'
      ? 'alter table up_pro_process modify cd_time datetime'
      : 'alter table up_pro_process alter column cd_time type timestamp(0)',
  )
  await step(scene, 'a', '90')
  await result(scene, 'b', '40')
  const types = eventsOf(await read(scene.open())).map(({ type }) => type)
  t.strictSame(types, ['case.denied', 'case.closed'])
})
