// Writing into a department's exchange database: each case once, whole, and as its tables want it.

import { createHash } from 'node:crypto'
import t from 'tap'
import type { Adapter, Attempt, ListedItem } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { freePort } from '../support/ports.ts'
import {
  attemptOf,
  endServers,
  failureOf,
  onBoth,
  type Scene,
  sceneOf,
} from './department-exchange-db-scene.ts'

endServers(t)

const content = givens['case-online']
const { caseId } = content
const submit = (adapter: Adapter, attempt: Attempt = attemptOf(), one = content) =>
  adapter.outgoing.submitCase!.send(one, attempt)
const find = (adapter: Adapter) => adapter.outgoing.submitCase!.find!(content, attemptOf())
const supplement = (adapter: Adapter, one = givens.supplement) =>
  adapter.outgoing.supplementCase!.send(one, attemptOf())

const counts = async ({ run }: Scene) => {
  const [row] = await run(
    'select (select count(*) from up_pro_accept) as cases, (select count(*) from up_pro_material) as materials',
  )
  return { cases: Number(row?.cases), materials: Number(row?.materials) }
}

onBoth(t, 'a case is one row of up_pro_accept, and a row for every material', async (t, { open, run }) => {
  const adapter = open()
  t.equal(await find(adapter), null)
  t.same(await submit(adapter), { reference: caseId })
  t.same(await find(adapter), { reference: caseId })
  const [row] = await run('select * from up_pro_accept')
  t.match(row, {
    project_no: caseId,
    cd_operation: 'I',
    data_source: 'tongban',
    is_sync: '0',
    task_code: content.matter.taskCode,
    task_name: content.matter.name,
    apply_type: '1',
    applyer_name: '张晓𬀩',
    applyer_page_type: '111',
    applyer_page_code: content.applicant.idNumber,
    contact_mobile: '13803780001',
    area_code: '410221',
  })
  t.match(String(row?.apply_date), /^2026-11-23 09:12:05/)
  t.match(String(row?.cd_time), /^2026-11-23 09:30:00/)
  const materials = await run('select * from up_pro_material order by material_code')
  t.match(materials, [
    { material_name: '经营场所平面图', get_type: '1', file_name: '平面图.pdf', file_url: /^https:/ },
    { material_name: '营业执照', get_type: '2', licence_no: /^1\.2\.156/, file_url: null },
    { material_name: '健康证明', get_type: '4' },
  ])
})

onBoth(t, 'the same case again is a duplicate and writes nothing', async (t, scene) => {
  const adapter = scene.open()
  await submit(adapter)
  t.same(await submit(adapter), { reference: caseId, duplicate: true })
  t.same(await counts(scene), { cases: 1, materials: 3 })
})

onBoth(t, 'many tries at once write one case, where the table has no unique key', async (t, scene) => {
  const drop =
    scene.settings.dialect === 'mysql'
      ? 'alter table up_pro_accept drop primary key, drop index project_no; alter table up_pro_material drop primary key'
      : 'alter table up_pro_accept drop constraint up_pro_accept_pkey, drop constraint up_pro_accept_project_no_key; alter table up_pro_material drop constraint up_pro_material_pkey'
  await scene.run(drop)
  const adapters = [scene.open(), scene.open()]
  const receipts = await Promise.all(Array.from({ length: 10 }, (_, i) => submit(adapters[i % 2]!)))
  t.equal(receipts.filter(({ duplicate }) => !duplicate).length, 1)
  t.same(await counts(scene), { cases: 1, materials: 3 })
})

onBoth(t, 'a supplement adds its rows once a round', async (t, scene) => {
  const adapter = scene.open()
  t.match(await failureOf(supplement(adapter)), { kind: 'rejected' })
  await submit(adapter)
  const found = () => adapter.outgoing.supplementCase!.find!(givens.supplement, attemptOf())
  t.equal(await found(), null)
  t.same(await supplement(adapter), { reference: caseId })
  t.same(await supplement(adapter), { reference: caseId, duplicate: true })
  t.same(await found(), { reference: caseId })
  await supplement(adapter, { ...givens.supplement, round: 2, materials: [] })
  const rows = await scene.run('select * from up_pro_material where round > 0 order by round')
  t.match(rows, [
    { material_name: '经营场所平面图', note: '已补充平面图', is_sync: '0' },
    { material_name: '补正说明' },
  ])
})

onBoth(t, 'what stands in columns of a fixed length is known without its padding', async (t, scene) => {
  const { open, run, settings } = scene
  for (const [table, column, length] of [
    ['up_pro_accept', 'project_no', 50],
    ['up_pro_accept', 'cd_operation', 3],
    ['up_pro_material', 'row_guid', 64],
  ] as const)
    await run(
      settings.dialect === 'mysql'
        ? `alter table ${table} modify ${column} char(${length})`
        : `alter table ${table} alter column ${column} type char(${length})`,
    )
  const adapter = open()
  t.same(await submit(adapter), { reference: caseId })
  const supplement = adapter.outgoing.supplementCase!
  await supplement.send(givens.supplement, attemptOf())
  const rows = (await run('select row_guid from up_pro_material')).length
  t.same(await supplement.find!(givens.supplement, attemptOf()), { reference: caseId })
  t.match(await supplement.send(givens.supplement, attemptOf()), { duplicate: true })
  t.equal((await run('select row_guid from up_pro_material')).length, rows)
  await adapter.outgoing.withdrawCase!.send(givens.withdrawal, attemptOf())
  t.same(await adapter.outgoing.withdrawCase!.find!(givens.withdrawal, attemptOf()), { reference: caseId })
})

onBoth(t, 'a withdrawal marks the case once, as new again', async (t, { open, run }) => {
  const adapter = open()
  const { send, find: look } = adapter.outgoing.withdrawCase!
  t.match(await failureOf(send(givens.withdrawal, attemptOf())), { kind: 'rejected' })
  await submit(adapter)
  await run(`update up_pro_accept set is_sync = '1'`)
  t.equal(await look!(givens.withdrawal, attemptOf()), null)
  t.same(await send(givens.withdrawal, attemptOf()), { reference: caseId })
  t.match(await run('select * from up_pro_accept'), [{ cd_operation: 'D', is_sync: '0' }])
  t.same(await send(givens.withdrawal, attemptOf()), { reference: caseId, duplicate: true })
  t.same(await look!(givens.withdrawal, attemptOf()), { reference: caseId })
})

onBoth(t, 'mapped names, absent columns and configured values', async (t, { open, run, settings }) => {
  await run(
    `create table "T_SL" ("SBLSH" varchar(50), "BJBH" varchar(50) default 'KF-7', "SXMC" varchar(99), "DWBM" varchar(30), "QTX" varchar(9))`.replaceAll(
      '"',
      settings.dialect === 'mysql' ? '`' : '"',
    ),
  )
  const absent = Object.fromEntries(
    Object.keys((await run('select * from up_pro_accept right join (select 1 as one) x on 1=1'))[0] ?? {})
      .filter((name) => !['one', 'catalog_code'].includes(name))
      .map((name) => [name, null]),
  )
  for (const name of [
    'task_version project_type legal address zip_code org_code org_name accept_date promise_date accept_doc_no',
  ].flatMap((text) => text.split(' ')))
    delete absent[name]
  const columns = { ...absent, project_no: 'SBLSH', department_no: 'BJBH' }
  const values = { SXMC: '{matter.name}', DWBM: '机构 {homeDivision}', QTX: '{form.nothing}' }
  const adapter = open({ tables: { accept: { name: 'T_SL', columns, values } } })
  t.same(await submit(adapter), { reference: 'KF-7' })
  t.match(await run(settings.dialect === 'mysql' ? 'select * from T_SL' : 'select * from "T_SL"'), [
    { SBLSH: caseId, SXMC: '食品经营许可证核发', DWBM: '机构 410221', QTX: null },
  ])
  t.equal(adapter.outgoing.withdrawCase, undefined)
})

onBoth(
  t,
  'a column that must not be empty is filled by matter, and names may be Chinese',
  async (t, scene) => {
    const { open, run, settings } = scene
    const quoted = (text: string) => text.replaceAll('"', settings.dialect === 'mysql' ? '`' : '"')
    await run('alter table up_pro_accept rename to accept_zh')
    await run(quoted('alter table accept_zh rename to "办件表"'))
    await run(quoted('alter table "办件表" rename column project_no to "收件编号"'))
    await run(quoted('alter table "办件表" add column "承诺天数" varchar(9)'))
    const strict =
      settings.dialect === 'mysql'
        ? 'modify catalog_code varchar(12) not null'
        : 'alter catalog_code set not null'
    await run(quoted(`alter table "办件表" ${strict}`))
    const named = { name: '办件表', columns: { project_no: '收件编号' } }
    const failure = await failureOf(submit(open({ tables: { accept: named } })))
    t.match(failure, { kind: 'rejected', message: /catalog_code/ })
    const adapter = open({
      tables: {
        accept: {
          ...named,
          values: { 承诺天数: '{limits.promised.days}', org_name: '市局' },
          valuesByMatter: {
            [content.matter.code]: { catalog_code: '000131001000', task_version: '3' },
            '*': { catalog_code: '0' },
          },
        },
      },
    })
    t.match(await adapter.check!(attemptOf()), { ok: true })
    const department = { code: 'market-regulation', name: '市场监督管理局', uscc: '11410200005310123X' }
    const limits = { legal: { days: 20, unit: 'G' }, promised: { days: 5, unit: 'G' } } as const
    await submit(adapter, attemptOf(), { ...content, department, limits })
    const other = { ...content, caseId: 'case_other', matter: { ...content.matter, code: 'else' } }
    await submit(adapter, attemptOf(), other)
    t.match(await run(quoted('select * from "办件表" order by catalog_code')), [
      { 收件编号: 'case_other', catalog_code: '0', task_version: null, org_code: null, 承诺天数: null },
      {
        收件编号: caseId,
        catalog_code: '000131001000',
        task_version: '3',
        org_code: department.uscc,
        org_name: '市局',
        承诺天数: '5',
      },
    ])
    t.same(await find(adapter), { reference: caseId })
  },
)

const limits = {
  legal: { days: 20, unit: 'G', lastDay: '2026-12-21' },
  promised: { days: 5, unit: 'G', lastDay: '2026-11-30' },
} as const

onBoth(t, 'the promised day is written where the table has a column for it', async (t, { open, run }) => {
  const dates = async () =>
    (await run('select promise_date, accept_date from up_pro_accept order by project_no')).map((row) =>
      [row.promise_date, row.accept_date].map((at) => at && String(at).slice(0, 19)),
    )
  await submit(open(), attemptOf(), { ...content, limits })
  t.strictSame(await dates(), [['2026-11-30 23:59:59', null]], 'accepted it is by the department alone')
  const unmapped = open({ tables: { accept: { columns: { promise_date: null } } } })
  await submit(unmapped, attemptOf(), { ...content, caseId: 'case_without', limits })
  await submit(open(), attemptOf(), { ...content, caseId: 'case_without_limits' })
  t.strictSame((await dates()).slice(1), [
    [null, null],
    [null, null],
  ])
})

onBoth(
  t,
  'a column may be made by an expression, for every matter or for one',
  async (t, { open, run, settings }) => {
    const accept = {
      values: {
        project_type: '=limits.promised.days <= 1 ? "1" : "2"',
        address: '=$join([form.shopName, homeDivision], " ")',
        legal: '=applicant.type = "organisation" ? applicant.contact',
        zip_code: '="="',
      },
      valuesByMatter: {
        [content.matter.code]: {
          catalog_code: '=$substring(matter.taskCode, 19)',
          accept_date: '=agent.mayAccept ? $localTime(submittedAt)',
          task_version: '=$count(materials)',
        },
        '*': { catalog_code: '0', accept_doc_no: '=$now' },
      },
    }
    const material = { values: { note: '=applicant.name & "：" & matter.name' } }
    const adapter = open({ tables: { accept, material } })
    t.match(await adapter.check!(attemptOf()), { ok: true })
    const agent = { hall: '410204-01', window: '07', clerk: '王工号017', mayAccept: true } as const
    await submit(adapter, attemptOf(), { ...content, limits, agent })
    const other = { ...content, caseId: 'case_other', matter: { ...content.matter, code: 'else' } }
    await submit(adapter, attemptOf(), other)
    const rows = await run('select * from up_pro_accept order by catalog_code desc')
    t.match(rows, [
      { catalog_code: '000131001002'.slice(-12), task_version: '3', project_type: '2', zip_code: '=' },
      { catalog_code: '0', task_version: null, accept_date: null, accept_doc_no: '2026-11-23 09:30:00' },
    ])
    t.match(String(rows[0]?.accept_date), /^2026-11-23 09:12:05/)
    t.match(rows[0], { address: '鼓楼小馆 410221', legal: null, accept_doc_no: null })
    t.match(await run('select note from up_pro_material'), [{ note: '张晓𬀩：食品经营许可证核发' }])
    const failing = async (column: string) => {
      const failure = await failureOf(
        submit(open({ tables: { accept: { values: { legal: column } } } }), attemptOf(), {
          ...content,
          caseId: 'case_failing',
        }),
      )
      t.match(failure, { kind: 'unrecognised', sent: false, message: /tables\.accept\.values\.legal/ })
      t.notMatch(failure.message, '张晓')
    }
    await failing('=materials')
    await failing('=applicant.name + 1')
    if (settings.dialect === 'mysql')
      t.match(await failureOf(submit(open({ charset: 'gbk', tables: { accept } }))), { sent: false })
  },
)

onBoth(t, 'files travel in the row, and none beyond the limit', async (t, { open, run, settings }) => {
  await run(
    `alter table up_pro_material add column file_content ${settings.dialect === 'mysql' ? 'longblob' : 'bytea'}`,
  )
  const tables = { material: { columns: { file_content: 'file_content' } } }
  const inline = { files: 'inline' as const, tables }
  t.match(await failureOf(submit(open({ ...inline, maxFileBytes: 5 }))), { kind: 'rejected', sent: false })
  await submit(open(inline))
  const length = settings.dialect === 'mysql' ? 'length(file_content)' : 'octet_length(file_content)'
  const [row] = await run(
    `select ${length} as bytes, file_size from up_pro_material where file_content is not null`,
  )
  t.equal(Number(row?.bytes), Number(row?.file_size))
})

t.test('postgresql: a file is a large object where the column is an oid', async (t) => {
  const scene = await sceneOf(t, 'postgresql')
  const { open, run } = scene
  await run('alter table up_pro_material add column file_content oid')
  const reader = `reader_${process.pid}_${Date.now()}`
  await run(`create role ${reader}`)
  t.teardown(() => run(`drop owned by ${reader}; drop role ${reader}`))
  const tables = { material: { columns: { file_content: 'file_content' } } }
  const settings = { files: 'large-object' as const, largeObjectReader: reader, tables }
  t.match(await failureOf(submit(open({ ...settings, maxFileBytes: 5 }))), { kind: 'rejected', sent: false })
  const adapter = open(settings)
  t.match(await adapter.check!(attemptOf()), { ok: true })
  await submit(adapter)
  t.match(await submit(adapter), { duplicate: true })
  const [row] = await run(
    'select encode(lo_get(file_content), $$hex$$) as bytes, file_sha256 from up_pro_material where file_content is not null',
  )
  const sum = createHash('sha256')
    .update(Buffer.from(String(row?.bytes), 'hex'))
    .digest('hex')
  t.equal(sum, row?.file_sha256)
  t.match(await run('select count(*) as objects, max(lomacl::text) as rights from pg_largeobject_metadata'), [
    { objects: '1', rights: new RegExp(`${reader}=r/`) },
  ])
  await run(`alter table up_pro_accept add check (project_no <> 'case_refused')`)
  await failureOf(submit(adapter, attemptOf(), { ...content, caseId: 'case_refused' }))
  t.match(await run('select count(*) as objects from pg_largeobject_metadata'), [{ objects: '1' }])
  const onMysql = async () => open({ ...settings, dialect: 'mysql' })
  t.match(await failureOf(onMysql()), { kind: 'unrecognised', message: /PostgreSQL only/ })
})

onBoth(t, 'a reference is the hash of the file', async (t, { open, run }) => {
  await submit(open({ files: 'reference', tables: { material: { columns: { file_sha256: null } } } }))
  const [row] = await run('select * from up_pro_material where file_name is not null')
  t.equal(row?.material_attach_name, content.materials[0]?.files[0]?.sha256)
})

onBoth(t, 'text is a parameter, whatever is written in it', async (t, { open, run }) => {
  const evil = `'); drop table up_pro_accept; -- \\' "\`?$1`
  await submit(open(), attemptOf(), { ...content, matter: { ...content.matter, name: evil } })
  t.match(await run('select task_name from up_pro_accept'), [{ task_name: evil }])
})

onBoth(t, 'check proves columns, rights and clocks, and says everything that is wrong', async (t, scene) => {
  const attempt = attemptOf({ now: () => new Date() })
  t.match(await scene.open().check!(attempt), { ok: true, summary: /differs by [+-]0\.\d s/ })
  await scene.run('alter table up_pro_result rename column result_explain to other')
  await scene.run('drop table up_pro_special_procedure')
  const told = await scene.open().check!(attempt)
  t.match(told, { ok: false, summary: /up_pro_special_procedure/ })
  t.match(told.summary, /up_pro_result.result_explain/)
  t.match(await scene.open({ port: await freePort() }).check!(attempt), {
    ok: false,
    summary: /ECONNREFUSED/,
  })
  t.same(await counts(scene), { cases: 0, materials: 0 })
})

onBoth(t, 'the list of a day names the cases and where they stand', async (t, { open, run }) => {
  const adapter = open({ pageSize: 2 })
  for (const i of [1, 2, 3, 4, 5])
    await submit(adapter, attemptOf(), { ...content, caseId: `${caseId.slice(0, -1)}${i}` })
  const second = `${caseId.slice(0, -1)}2`
  await run(
    `insert into up_pro_process (row_guid, project_no, event_name, cd_time) values ('a', '${second}', '30', '2026-11-24 10:00:00'), ('b', '${second}', '35', '2026-11-25 10:00:00')`,
  )
  await run(
    `insert into up_pro_result (row_guid, project_no, result_type, cd_time) values ('c', '${second}', '50', '2026-11-26 10:00:00')`,
  )
  await adapter.outgoing.withdrawCase!.send(
    { ...givens.withdrawal, caseId: `${caseId.slice(0, -1)}3` },
    attemptOf(),
  )
  const list = async (day: string) => {
    const items: ListedItem[] = []
    for await (const item of adapter.listing!.list(day, attemptOf())) items.push(item)
    return items
  }
  const listed = await list('2026-11-23')
  t.equal(listed.length, 5)
  t.match(listed[1], { id: second, state: 'case.approved' })
  t.match(listed[2], { state: 'case.withdrawn' })
  t.same(await list('2026-11-22'), [])
})
