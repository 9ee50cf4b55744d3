// What a database driver reports, named by what happens next. The servers' codes are in fault-codes.ts.
// A server's own words hold values of rows: only a name is ever taken out of them.

import { AdapterFailure, type FailureKind } from '../../src/adapter-kit/failures.ts'

/** What went wrong, whichever server said so. */
export type Meaning =
  | 'credentials'
  | 'forbidden'
  | 'no-database'
  | 'no-table'
  | 'no-column'
  | 'duplicate'
  | 'refused'
  | 'lacking'
  | 'busy'
  | 'changing'
  | 'commit-failed'
  | 'slow'
  | 'down'
  | 'lost'
  | 'silent'
  | 'no-tls'
  | 'unknown'

/** Where we were: only a commit without an answer leaves open what happened. */
export type Phase = 'connect' | 'statement' | 'commit'

export interface Fault {
  meaning: Meaning
  /** SQLSTATE, errno or the socket's code. */
  code: string
  /** The table or column it is about, when it says so. */
  subject?: string
}

const said: Readonly<Record<Meaning, [kind: FailureKind, zh: string, en: string]>> = {
  credentials: ['unauthorised', '数据库拒绝了用户名或口令', 'the database refused user or password'],
  forbidden: ['unauthorised', '数据库用户没有所需权限', 'the database user lacks a right'],
  'no-database': [
    'unrecognised',
    '数据库或模式不存在，请核对 database、schema',
    'no such database or schema: compare `database` and `schema`',
  ],
  'no-table': [
    'unrecognised',
    '表不存在，请建表或在 tables.*.name 中填写其名称',
    'no such table: create it, or name it in tables.*.name',
  ],
  'no-column': [
    'unrecognised',
    '列不存在，请加列，或在 tables.*.columns 中改名或设为 null',
    'no such column: add it, or rename it or set it to null in tables.*.columns',
  ],
  duplicate: ['rejected', '违反唯一约束', 'a unique constraint refuses the row'],
  refused: [
    'rejected',
    '数据库拒绝该行：缺值、过长或不合规则',
    'the row is refused: missing, too long or against a rule',
  ],
  lacking: [
    'rejected',
    '数据库的字符集没有某个要写入的字，请部门改用 UTF-8',
    'the charset of the database lacks a character to be written: have it changed to UTF-8',
  ],
  busy: ['unavailable', '等待锁超时或死锁', 'locked by others, or a deadlock'],
  changing: [
    'unavailable',
    '表结构正在变更',
    'the table is being changed; what was prepared for it holds no more',
  ],
  'commit-failed': ['uncertain', '提交失败，结果不明', 'the commit failed: whether it was kept is not known'],
  slow: ['uncertain', '语句超时', 'the statement took too long'],
  down: ['unavailable', '数据库暂不可用', 'the database is not available now'],
  lost: ['unavailable', '与数据库的连接中断', 'the connection to the database was lost'],
  silent: ['uncertain', '数据库没有应答', 'the database did not answer'],
  'no-tls': [
    'unrecognised',
    '数据库不支持 TLS，请删除 tls 设置或由部门启用',
    'the database offers no TLS: remove `tls`, or have it enabled',
  ],
  unknown: ['unrecognised', '数据库返回未知错误', 'the database reported an error we do not know'],
}

const notReached: (typeof said)[Meaning] = ['unavailable', '无法连接数据库', 'the database cannot be reached']

/** @param about the table the statement was for, as the department calls it */
export function failureOf(fault: Fault, phase: Phase, about: string, cause: unknown): AdapterFailure {
  const unanswered = fault.meaning === 'lost' || fault.meaning === 'silent' || fault.meaning === 'slow'
  const unreached = phase === 'connect' && unanswered
  const [usual, zh, en] = unreached ? notReached : said[fault.meaning]
  const kind = phase === 'commit' && unanswered ? 'uncertain' : usual
  const where = [...new Set([about, fault.subject])]
    .filter((one) => one !== undefined && one !== '')
    .join('.')
  const summary = `${zh}${where ? `：${where}` : ''} (${en}; ${fault.code})`
  return new AdapterFailure(kind, summary, {
    code: fault.code,
    cause,
    ...(phase === 'connect' ? { sent: false } : {}),
  })
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof AdapterFailure && (error.code === '23505' || error.code === '1062')
}
