// What a CertShare registry answers: head.status of any call and the result of a verification -> what happens next.
// A code that is not here is a failure for a person. Must stay two tables and the two ways of reading them.

import type { CertificateFacts, StatusRow } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure, type FailureKind } from '../../src/adapter-kit/failures.ts'

/** Where a certificate stands, in the words of our questions. */
export type Standing = CertificateFacts['status'] | 'not-found'

export interface AnswerRow extends StatusRow {
  /** null: the answer is good. */
  failure: FailureKind | null
  /**
   * The failure's code. One that begins with `certificate-` says something of this holder's certificate, so the
   * applicant is asked for the document; any other is the registry's own code, for an operator.
   */
  failureCode?: string
  /** What the code says of the certificate itself; absent where it says something else. */
  standing?: Standing
}

const standings: Readonly<Record<string, Standing>> = {
  'certificate-not-found': 'not-found',
  'certificate-revoked': 'revoked',
  'certificate-expired': 'expired',
  'certificate-suspended': 'suspended',
  'certificate-restricted': 'restricted',
  'certificate-not-activated': 'not-activated',
}

const row = (
  code: string,
  failure: FailureKind | null,
  failureCode: string | null,
  zh: string,
  en: string,
) => ({
  code,
  word: failureCode,
  failure,
  ...(failureCode === null ? {} : { failureCode }),
  ...standingOf(failureCode),
  meaning: { zh, en },
})

function standingOf(failureCode: string | null): { standing?: Standing } {
  const standing = failureCode === null ? undefined : standings[failureCode]
  return standing === undefined ? {} : { standing }
}

/** head.status */
export const answerRows: readonly AnswerRow[] = [
  row('0', null, null, '成功', 'Done'),
  row(
    '2',
    'rejected',
    'certificate-not-published',
    '数据源未提供此服务',
    'The source offers no such service',
  ),
  row('10', 'rejected', 'certificate-not-found', '未查到证照', 'No such certificate'),
  row('11', 'unauthorised', null, '身份校验失败', 'Our credentials were refused'),
  row('12', 'rejected', null, '必填项为空', 'A required field is empty'),
  row('13', 'rejected', 'certificate-not-published', '证照类型未发布', 'This type is not published'),
  row('21', 'rejected', 'certificate-revoked', '证照已注销或撤销', 'Revoked or cancelled'),
  row('22', 'rejected', 'certificate-expired', '证照已过期', 'Expired'),
  row('23', 'rejected', 'certificate-restricted', '证照使用受限', 'Its use is restricted'),
  row(
    '100',
    'rejected',
    'certificate-not-permitted',
    '无此类证照的使用权限',
    'We have no permission for this type',
  ),
  row('101', 'unavailable', null, '登记系统配置错误', 'Wrong configuration of the registry'),
  row('102', 'rejected', null, '参数值错误', 'A value is wrong'),
  row('103', 'rejected', null, '持证者类型错误', 'Wrong holder code type'),
  row('109', 'rejected', null, '缺少证照号码', 'The certificate number is missing'),
  row('110', 'rejected', null, '缺少持证者代码', 'The holder code is missing'),
  row('111', 'rejected', null, '缺少持证者', 'The holder is missing'),
  row('113', 'rejected', null, '证照类型代码错误', 'Wrong certificate type code'),
]

/** `result` of verifyCertInfo. */
export const verificationRows: readonly AnswerRow[] = [
  row('0', null, null, '数据正确且证照有效', 'Correct and valid'),
  row('1', 'rejected', 'certificate-not-activated', '证照未激活', 'Not activated yet'),
  row('2', 'rejected', 'certificate-suspended', '证照暂扣', 'Suspended'),
  row('3', 'rejected', 'certificate-revoked', '证照无效', 'No longer valid'),
  row('4', 'unrecognised', null, '核验信息不足', 'Too little information, though the registry gave it'),
  row('5', 'rejected', 'certificate-not-found', '未查到证照', 'No such certificate'),
  row('6', 'unrecognised', null, '缺少参数', 'Parameters are missing, though they were sent'),
  row('7', 'unrecognised', null, '部分数据不一致', 'The registry contradicts its own data'),
]

/** Of a certificate that is registered already; its code is a setting, this is the usual one. */
export const registeredRow: AnswerRow = row('31', null, null, '证照已登记', 'Registered before')

/** Printed in the docs; verification results carry the prefix `verify:`, those of registering `register:`. */
export const statusRows: readonly StatusRow[] = [
  ...answerRows,
  ...verificationRows.map((row) => ({ ...row, code: `verify:${row.code}` })),
  { ...registeredRow, code: `register:${registeredRow.code}` },
]

export const answerByCode: ReadonlyMap<string, AnswerRow> = new Map(answerRows.map((row) => [row.code, row]))
export const verificationByCode: ReadonlyMap<string, AnswerRow> = new Map(
  verificationRows.map((row) => [row.code, row]),
)

/** The row of a code. @throws AdapterFailure 'unrecognised' where it has none */
export function rowOf(
  code: string | undefined,
  rows: ReadonlyMap<string, AnswerRow>,
  call: string,
): AnswerRow {
  const row = code === undefined ? undefined : rows.get(code)
  if (row) return row
  const told = code === undefined ? '' : ` ${readable(code)}`
  throw new AdapterFailure(
    'unrecognised',
    `证照登记系统 ${call}：未知返回码${told} (unknown code)`,
    code === undefined ? {} : { code: readable(code) },
  )
}

/** Passes when the row is good. @throws AdapterFailure of the row's kind otherwise */
export function pass(row: AnswerRow, call: string): void {
  if (row.failure === null) return
  const summary = `证照登记系统 ${call}：${row.meaning.zh} (${row.meaning.en})`
  throw new AdapterFailure(row.failure, summary, { code: row.failureCode ?? row.code })
}

/** Where a code is written a registry may have put anything, a person's number too. */
const readable = (code: string): string => (/^[\w.-]{1,20}$/.test(code) && !/\d{6}/.test(code) ? code : '***')
