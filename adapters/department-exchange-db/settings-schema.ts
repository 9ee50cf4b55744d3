// The JSON Schema of settings.ts: closed, in both languages, secrets by name only.

import { caseEventTypes } from '../../src/adapter-kit/contract.ts'
import { secretSchema } from '../../src/adapter-kit/define.ts'
import { closed, type Schema, table, text, whole } from '../../src/adapter-kit/schema-words.ts'
import { polledKeys, type TableKey, tableKeys } from './columns.ts'
import { filesWays, textTimes } from './settings.ts'

const identifier = {
  pattern: '^[\\p{L}_][\\p{L}\\p{N}_$]*$',
  examples: ['up_pro_accept'],
  maxLength: 64,
}
const code = (description: string) => ({ type: 'string', description, maxLength: 20 })

const columnText = { type: 'string', maxLength: 1000 }
const valuesByMatter = table(
  '按事项代码填写的列，如 catalog_code；* 为其余事项 · columns and their text by matter code, such as catalog_code; *: any other matter',
  {
    ...table(
      '列 -> 内容，以 = 开头为 JSONata · column -> text; one that begins with = is JSONata',
      columnText,
    ),
    propertyNames: identifier,
  },
)

const tableSchema = (key: TableKey): Schema => ({
  ...closed(`${key} 表 · the ${key} table`, {
    name: text('部门的表名 · its name at the department', identifier),
    columns: table('国家标准列名 -> 部门列名；null 表示没有 · national name -> own name; null: it has none', {
      type: ['string', 'null'],
      ...identifier,
    }),
    values: {
      ...table(
        '部门另有的列及其内容，可含 {matter.code} 等；以 = 开头为 JSONata · further columns and their text; {matter.code} … are filled in; one that begins with = is JSONata',
        columnText,
      ),
      propertyNames: identifier,
    },
    ...(key === 'accept' ? { valuesByMatter } : {}),
  }),
  type: ['object', 'null'],
})

const codes = closed('写入的代码 · the codes we write', {
  applyType: closed('申请方式 · apply_type', codesOf('online', 'agent', 'appointment'), [
    'online',
    'agent',
    'appointment',
  ]),
  applicantType: closed('申请人类型 · applyer_type', codesOf('person', 'organisation'), [
    'person',
    'organisation',
  ]),
  getType: closed('材料收取方式 · get_type', codesOf('upload', 'certificate', 'shared', 'paper'), [
    'upload',
    'certificate',
    'shared',
    'paper',
  ]),
})

function codesOf(...names: readonly string[]): Schema {
  return Object.fromEntries(names.map((one) => [one, code(one)]))
}

const flags = closed('同步标志的取值 · values of is_sync', {
  new: {
    type: ['string', 'null'],
    maxLength: 20,
    description: '新数据，默认 0；null 为空值 · new, default 0; null: empty',
  },
  taken: code('已领取，默认 2 · taken, default 2'),
  done: code('成功，默认 1 · done, default 1'),
  unknown: code('未找到办件，默认 9 · no such case, default 9'),
  failed: code('失败，默认 3 · failed, default 3'),
  claimSeconds: whole('领取后多久可重新领取，秒 · a claim ends after so many seconds', 10, 86_400),
  skipLocked: {
    type: 'boolean',
    description: 'MySQL 8.0、MariaDB 10.6 以前设为 false · false before MySQL 8.0 and MariaDB 10.6',
  },
})

const statuses = closed(
  '代码 -> 事件；null 表示无需记录；未列出的视为无法识别 · code -> event; null: nothing we track; others are unrecognised',
  Object.fromEntries(polledKeys.map((key) => [key, table(key, { enum: [...caseEventTypes, null] })])),
)

/** Retries end after three days, and a person retries what they left within weeks: a case must not be gone by then. */
const FEWEST_CASE_DAYS = 30

const cleaning = {
  ...closed('清理，默认不删 · cleaning; default: none', {
    days: whole(
      '删除部门所写、我方已标记成功且超过此天数的行 · rows of the department that we marked done are deleted after so many days',
      1,
      3650,
    ),
    cases: closed(
      '删除部门已领取且超过此天数的办件及其材料 · cases and materials that the department has taken are deleted after so many days',
      {
        days: whole('天数，应长于办件的全程 · days, more than any case lasts', FEWEST_CASE_DAYS, 3650),
        taken: code(
          '部门表示已领取的 is_sync，默认同 flags.done · their is_sync for taken, default flags.done',
        ),
      },
      ['days'],
    ),
  }),
  minProperties: 1,
}

const tls = closed('TLS，证书为 PEM · TLS, certificates as PEM', {
  ca: text('信任的根证书 · the only authority trusted'),
  cert: text('我方证书 · our certificate'),
  key: secretSchema('我方私钥', 'our private key'),
  passphrase: secretSchema('私钥口令', 'its passphrase'),
  servername: text('证书中的名称，仅 PostgreSQL · name in their certificate, PostgreSQL only'),
})

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed(
    '部门前置库 · a department’s exchange database',
    {
      preset: { enum: ['house'], description: '内置代码表与附加列 · our own codes and added columns' },
      dialect: { enum: ['postgresql', 'mysql'], description: '数据库种类 · kind of database' },
      host: text('数据库地址 · its host name or address', {
        pattern: '^[A-Za-z0-9.:_-]+$',
        examples: ['db.department.example'],
        maxLength: 255,
      }),
      port: whole('端口，默认 5432 或 3306 · port, default 5432 or 3306', 1, 65_535),
      database: text('数据库名 · name of the database', { maxLength: 64 }),
      user: text('用户名 · user', { maxLength: 64 }),
      password: secretSchema('口令', 'password'),
      tls,
      schema: text('模式 · schema of the tables', identifier),
      charset: {
        enum: ['utf8mb4', 'gbk', 'gb18030'],
        description: 'MySQL 连接字符集，默认 utf8mb4 · charset of a MySQL connection',
      },
      connections: whole('最多连接数，默认 4 · most connections, default 4', 1, 32),
      connectTimeoutMs: whole('连接时限，默认 5000 · wait for a connection', 100, 60_000),
      statementTimeoutMs: whole('语句时限，默认 15000 · wait for a statement', 100, 600_000),
      textTimes: {
        enum: textTimes,
        description:
          '时间列为文本列时的写法，如 VARCHAR(14)；不填则为时间列 · how times are written where their columns are texts',
      },
      utcOffset: text('数据库时间的时区偏移，默认 +08:00 · offset of its local times', {
        pattern: '^[+-]\\d{2}:\\d{2}$',
        examples: ['+08:00'],
      }),
      dataSource: text('data_source 的值，默认 tongban · what data_source says', { maxLength: 50 }),
      tables: closed('表与列的对应 · tables and columns', {
        ...Object.fromEntries(tableKeys.map((key) => [key, tableSchema(key)])),
      }),
      operations: closed('cd_operation 的取值，默认 I、I、D · values of cd_operation', {
        submit: code('新增 · a new case'),
        supplement: code('补正 · a supplement'),
        withdraw: code('撤回 · a withdrawal'),
      }),
      codes,
      files: {
        enum: filesWays,
        description:
          '文件以链接、摘要、内容或 PostgreSQL 大对象传送，默认链接 · how files travel, default link; large-object: PostgreSQL only',
      },
      largeObjectReader: text('读取大对象的数据库角色 · the role that reads large objects', identifier),
      linkSeconds: whole('链接有效秒数，默认 86400 · how long links live', 60, 2_592_000),
      maxFileBytes: whole('内容方式的文件上限，默认 10 MiB · largest inline file', 1, 1_073_741_824),
      flags,
      watermark: closed('只读权限时按此列读取，不做标记 · with the right to read only: nothing is marked', {
        column: text('时间列，默认 cd_time · default cd_time', identifier),
        delaySeconds: whole('多少秒内的新数据暂不读取，默认 10 · younger rows wait, default 10', 0, 86_400),
      }),
      cleaning,
      pageSize: whole('每次读取行数，默认 200 · rows read at once, default 200', 1, 1000),
      statuses,
      resultForms: table('is_delivery_results 的代码 -> 纸质或电子 · code -> paper or electronic', {
        enum: ['electronic', 'paper'],
      }),
    },
    ['dialect', 'host', 'database', 'user', 'password'],
  ),
}
