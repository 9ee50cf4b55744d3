// What the settings may say, what is shown before anything is sent, and text that a charset lacks.

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { createDepartmentExchangeDb } from '../../adapters/department-exchange-db/adapter.ts'
import { nationalColumns, tableKeys } from '../../adapters/department-exchange-db/columns.ts'
import { meaningOfErrno, meaningOfSqlState } from '../../adapters/department-exchange-db/fault-codes.ts'
import { failureOf as failureFor } from '../../adapters/department-exchange-db/faults.ts'
import { readMoment } from '../../adapters/department-exchange-db/local-time.ts'
import manifest from '../../adapters/department-exchange-db/manifest.ts'
import type { ExchangeSettings, TableSettings } from '../../adapters/department-exchange-db/settings.ts'
import type { Contents, Operation } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { toLocal } from '../../src/adapter-kit/local-time.ts'
import { createAjv } from '../../src/settings/schemas.ts'
import { hasMariadb } from '../support/mariadb.ts'
import { attemptOf, endServers, failureOf, house, onBoth, sceneOf } from './department-exchange-db-scene.ts'

endServers(t)

const settings = {
  ...house,
  dialect: 'postgresql',
  host: 'db.example',
  database: 'exchange',
  user: 'tongban',
} as const satisfies ExchangeSettings
const valid = createAjv().compile(manifest.settings)
const made = async (change: Partial<ExchangeSettings>) =>
  createDepartmentExchangeDb({ ...settings, ...change })

t.test('the settings are closed, and names are plain identifiers', async (t) => {
  const yaml = {
    ...settings,
    tables: { process: { columns: { sync_by: 'LQR', cd_batch: null } }, special: null },
  }
  t.ok(valid(yaml), JSON.stringify(valid.errors))
  t.notOk(valid({ ...settings, passwort: 'x' }))
  for (const name of ['a"b', 'a b', '1a', 'a;--', 'a`b', '', 'a.b', '表"', '表 一'])
    t.notOk(valid({ ...settings, tables: { accept: { name } } }), name)
  t.ok(valid({ ...settings, tables: { accept: { name: '办件表', columns: { project_no: '收件编号' } } } }))
  t.notOk(valid({ ...settings, host: '/var/run/postgresql' }))
  t.match(manifest.settings.properties, { password: { writeOnly: true } })
})

t.test('a name that is no plain identifier never reaches a statement', async (t) => {
  for (const name of ['a"b', 'a`b', 'x; drop table y', 'x\0'])
    t.match(await failureOf(made({ tables: { accept: { columns: { project_no: name } } } })), {
      kind: 'unrecognised',
      sent: false,
    })
})

t.test('settings that make no sense together are named before anything is sent', async (t) => {
  const { preset: _, ...bare } = settings
  t.match(await failureOf(made({ tables: { accept: { columns: { projekt: 'x' } } } })), {
    message: /projekt .*go into tables\.accept\.values/,
    setting: 'tables.accept.columns.projekt',
  })
  const cases: [Partial<ExchangeSettings>, RegExp][] = [
    [{ tables: { accept: null } }, /accept/],
    [{ tables: { accept: { columns: { project_no: null } } } }, /project_no/],
    [{ tables: { process: { columns: { sync_time: null } } } }, /sync_time/],
    [{ files: 'inline' }, /file_content/],
    [{ host: '169.254.169.254' }, /host/],
  ]
  for (const [change, told] of cases)
    t.match(await failureOf(made(change)), { kind: 'unrecognised', sent: false, message: told })
  const without = async () => createDepartmentExchangeDb(bare)
  t.match(await failureOf(without()), { message: /codes\.applyType/, setting: 'codes' })
})

t.test(
  'an expression that is none is told with its place and an example, when the system is made',
  async (t) => {
    const written = { accept: { valuesByMatter: { 'food-licence': { catalog_code: '=form.(' } } } }
    t.ok(valid({ ...settings, tables: written }), JSON.stringify(valid.errors))
    const failure = await failureOf(made({ tables: written }))
    t.match(failure, {
      kind: 'unrecognised',
      sent: false,
      setting: 'tables.accept.valuesByMatter.food-licence.catalog_code',
      message: /JSONata 有误 \(not JSONata, S\d+ at \d+\).*例如/,
    })
  },
)

t.test('cases are kept for thirty days at least, and only taken ones can be told', async (t) => {
  t.ok(valid({ ...settings, cleaning: { cases: { days: 30 } } }))
  t.notOk(valid({ ...settings, cleaning: { cases: { days: 29 } } }))
  t.notOk(valid({ ...settings, cleaning: {} }))
  const none = { process: null, special: null, result: null }
  const cases: [Partial<ExchangeSettings>, RegExp][] = [
    [{ cleaning: { cases: { days: 30 } }, watermark: {} }, /watermark/],
    [{ cleaning: { cases: { days: 30 } }, tables: none }, /no table is read/],
    [
      { cleaning: { cases: { days: 30 } }, tables: { material: { columns: { is_sync: null } } } },
      /tables\.material\.columns\.is_sync/,
    ],
  ]
  for (const [change, told] of cases)
    t.match(await failureOf(made(change)), { kind: 'unrecognised', message: told })
})

t.test('three columns made by expressions cost a row at most 0.2 ms of CPU', async (t) => {
  const measure = fileURLToPath(new URL('department-exchange-db-measure.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [measure])
  t.comment(`three expressions: ${Number(stdout).toFixed(3)} ms of CPU`)
  t.ok(Number(stdout) <= 0.2, stdout)
})

t.test('the README shows DDL with every column that the house preset writes or reads', async (t) => {
  const readme = readFileSync(
    new URL('../../adapters/department-exchange-db/README.md', import.meta.url),
    'utf8',
  )
  const tables = [...readme.matchAll(/create table (\w+) \(([\s\S]*?)\n\)/g)].map(([, name, body]) => ({
    name,
    body,
  }))
  t.equal(tables.length, 2 * tableKeys.length)
  for (const key of tableKeys)
    for (const { name, body } of tables.filter((one) => one.name?.includes(key)))
      for (const column of nationalColumns[key])
        t.match(body, new RegExp(`\\b${column} `), `${name}.${column}`)
})

t.test('a preview shows every statement, and nobody’s name, number or key to a file', async (t) => {
  const adapter = createDepartmentExchangeDb(settings)
  const preview = (operation: Operation, content: Contents[Operation]) =>
    adapter.preview!(operation, content, attemptOf())
  const lines = await preview('submitCase', givens['case-online'])
  t.equal(lines[0], 'begin')
  t.match(lines[1], /^insert into "up_pro_material" \("cd_operation".* values \(\$1, .*-- 1='I'/)
  t.match(lines.at(-2), /^insert into "up_pro_accept"/)
  t.notMatch(lines.join('\n'), /张晓𬀩|410204198503071521|13803780001|secret-signature/)
  t.match(await preview('supplementCase', givens.supplement), ['begin', /up_pro_material/, 'commit'])
  t.match(await preview('withdrawCase', givens.withdrawal), [
    'begin',
    /^update "up_pro_accept" set/,
    'commit',
  ])
  t.match(await failureOf(preview('notify', givens.notification)), { kind: 'unrecognised' })
})

t.test('dates that stand for none are none; others are read in any common form', async (t) => {
  for (const text of [
    null,
    '',
    ' ',
    '1753-1-1',
    '1753-01-01 00:00:00',
    '0000-00-00',
    '1900-01-01',
    '0001/1/1',
  ])
    t.equal(readMoment(text, '+08:00'), undefined, String(text))
  const forms: [string, string][] = [
    ['2026-11-23 09:30:00', '2026-11-23T09:30:00+08:00'],
    ['2026-11-23 09:30:00.000', '2026-11-23T09:30:00+08:00'],
    ['2026-11-23 09:30:00.5', '2026-11-23T09:30:00.500+08:00'],
    ['2026-11-23 09:30:00+08', '2026-11-23T09:30:00+08:00'],
    ['2026-11-23T01:30:00Z', '2026-11-23T01:30:00Z'],
    ['2026/1/3 9:05', '2026-01-03T09:05:00+08:00'],
    ['20261123093000', '2026-11-23T09:30:00+08:00'],
    ['2026年11月23日', '2026-11-23T00:00:00+08:00'],
  ]
  for (const [text, iso] of forms) t.equal(readMoment(text, '+08:00')?.iso, iso, text)
  for (const text of ['明天', '2026-02-30', '2026-13-01', '2026-11-23 25:00:00', '23.11.2026'])
    t.throws(() => readMoment(text, '+08:00'), text)
  t.equal(toLocal('2026-11-23T01:30:00Z', '+08:00'), '2026-11-23 09:30:00')
})

t.test('what a server’s code means is written down, and any other is unknown', async (t) => {
  const states = {
    '28P01': 'credentials',
    '28000': 'credentials',
    '42501': 'forbidden',
    '3D000': 'no-database',
    '42P01': 'no-table',
    '42703': 'no-column',
    '23505': 'duplicate',
    '23502': 'refused',
    '22001': 'refused',
    '22P05': 'lacking',
    '40001': 'busy',
    '40P01': 'busy',
    '55P03': 'busy',
    '57014': 'slow',
    '57P01': 'lost',
    '57P03': 'down',
    '57P05': 'lost',
    '25P03': 'lost',
    '25P04': 'lost',
    '53300': 'down',
    '25006': 'down',
    '55000': 'down',
    '58030': 'down',
    '42601': 'unknown',
    XX000: 'unknown',
  }
  for (const [state, meaning] of Object.entries(states)) t.equal(meaningOfSqlState(state), meaning, state)
  const errnos = {
    1045: 'credentials',
    1142: 'forbidden',
    1146: 'no-table',
    1054: 'no-column',
    1062: 'duplicate',
  }
  const others = {
    1048: 'refused',
    1406: 'refused',
    1205: 'busy',
    1213: 'busy',
    1969: 'slow',
    1040: 'down',
    1047: 'down',
    1180: 'commit-failed',
    1412: 'changing',
    1615: 'changing',
    1064: 'unknown',
  }
  for (const [errno, meaning] of Object.entries({ ...errnos, ...others }))
    t.equal(meaningOfErrno(Number(errno)), meaning, errno)
  for (const [errno, kind] of [
    [1412, 'unavailable'],
    [1615, 'unavailable'],
    [1047, 'unavailable'],
    [1180, 'uncertain'],
  ] as const)
    t.equal(failureFor({ meaning: meaningOfErrno(errno), code: '' }, 'commit', '', undefined).kind, kind)
})

t.test(
  'an old MySQL in GBK keeps names whole, and a sign it lacks is refused',
  { skip: !hasMariadb() && 'mariadbd is not installed' },
  async (t) => {
    const scene = await sceneOf(t, 'mysql')
    for (const table of ['up_pro_accept', 'up_pro_material', 'up_pro_process'])
      await scene.run(`alter table ${table} convert to character set gbk`)
    const adapter = scene.open({ charset: 'gbk' })
    const send = adapter.outgoing.submitCase!.send
    const common = {
      ...givens['case-agent'],
      applicant: { ...givens['case-agent'].applicant, name: '开封縣“鼓楼”小馆' },
    }
    await send(common, attemptOf())
    const rows = await scene.run('select applyer_name, hex(applyer_name) as bytes from up_pro_accept')
    t.equal(rows[0]?.applyer_name, '开封縣“鼓楼”小馆')
    t.match(rows[0]?.bytes, /^BFAAB7E2/)
    const rare = await failureOf(send(givens['case-online'], attemptOf()))
    t.match(rare, { kind: 'rejected', sent: false, message: /gbk/ })
    t.notMatch(rare.message, '张晓')
    await scene.run(
      `insert into up_pro_process (row_guid, project_no, event_name, cd_time, handle_explain) values ('a', '${common.caseId}', '97', '2026-11-23 10:00:00', '不属于本机关职权范围')`,
    )
    const { items } = await adapter.polling!.read(undefined, attemptOf())
    t.match(items[0]?.events, [{ type: 'case.rejected', detail: { reason: '不属于本机关职权范围' } }])
    await adapter.polling!.settle!(
      [{ key: items[0]!.key, outcome: 'unknown', reason: '没有对应的办件' }],
      attemptOf(),
    )
    t.match(await scene.run('select sync_error from up_pro_process'), [{ sync_error: '没有对应的办件' }])
  },
)

onBoth(t, 'the column named for such a sign is the one that would be written', async (t, scene) => {
  const given = {
    ...givens['case-agent'],
    applicant: { ...givens['case-agent'].applicant, name: '开封小馆' },
    materials: [
      {
        code: 'M01',
        name: '平面图',
        source: 'upload' as const,
        files: [{ sha256: 'a'.repeat(64), fileName: '𬀩.pdf', size: 5, mediaType: 'application/pdf' }],
      },
    ],
  }
  const send = (material: TableSettings) =>
    scene.open({ charset: 'gbk', tables: { material } }).outgoing.submitCase!.send(given, attemptOf())
  const refused = async (material: TableSettings, message: RegExp) =>
    t.match(await failureOf(send(material)), { kind: 'rejected', sent: false, message })
  await refused({}, /up_pro_material\.file_name /)
  await refused({ columns: { file_name: null } }, /up_pro_material\.material_attach_name /)
  await refused({ columns: { file_name: null, material_attach_name: '附件名' } }, /up_pro_material\.附件名 /)
  const unwritten = { columns: { file_name: null, material_attach_name: null } }
  t.match(await send(unwritten), { reference: given.caseId }, 'what is not written is no matter')
})

t.test(
  'a server that lacks the sign refuses it: nothing is written as “?”',
  { skip: !hasMariadb() && 'mariadbd is not installed' },
  async (t) => {
    const scene = await sceneOf(t, 'mysql')
    await scene.run(`alter table up_pro_accept convert to character set gbk; set global sql_mode = ''`)
    const failure = await failureOf(
      scene.open().outgoing.submitCase!.send(givens['case-online'], attemptOf()),
    )
    t.match(failure, { kind: 'rejected', code: '1366', message: /up_pro_accept\.\w+/ })
    t.notMatch(failure.message, '张晓')
  },
)
