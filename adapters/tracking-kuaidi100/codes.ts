// What returnCode means: of a subscription, and of a query. The same number means different things in the two.
// Rows of the settings come first; a code without a row is a failure for a person.

import { AdapterFailure, type FailureKind } from '../../src/adapter-kit/failures.ts'
import { maskText } from '../../src/adapter-kit/masking.ts'

export const meanings = [
  'done',
  'duplicate',
  'nothing',
  'unavailable',
  'throttled',
  'rejected',
  'unauthorised',
] as const
type Meaning = (typeof meanings)[number]
type Interface = 'subscribe' | 'query'

export interface CodeRow {
  interface: Interface
  code: string
  means: Meaning
}

interface KnownRow extends CodeRow {
  said: string
}

const row = (face: Interface, code: string, means: Meaning, said: string): KnownRow => ({
  interface: face,
  code,
  means,
  said,
})

const knownCodes: readonly KnownRow[] = [
  row('subscribe', '200', 'done', '订阅成功'),
  row('subscribe', '500', 'unavailable', '服务器错误 (server error)'),
  row('subscribe', '501', 'duplicate', '重复订阅'),
  row('subscribe', '600', 'unauthorised', '不是合法的订阅者，key 有误 (the key is wrong)'),
  row('subscribe', '601', 'unauthorised', 'key 已过期 (the key has expired)'),
  row('subscribe', '700', 'rejected', '订阅数据有误：公司不支持、单号为空或超长 (wrong data)'),
  row('subscribe', '701', 'rejected', '不支持该快递公司 (this carrier is not followed)'),
  row('subscribe', '702', 'rejected', '无法识别单号所属的快递公司 (carrier not recognised)'),
  row('query', '200', 'done', '查询成功'),
  row('query', '400', 'rejected', '数据不完整 (data incomplete)'),
  row(
    'query',
    '408',
    'rejected',
    '快递公司要求收件人或寄件人手机号后四位 (the phone’s last four digits are needed)',
  ),
  row('query', '500', 'nothing', '查询无结果'),
  row('query', '501', 'unavailable', '服务器错误 (server error)'),
  row('query', '502', 'throttled', '服务器繁忙 (server busy)'),
  row('query', '503', 'unauthorised', '验证签名失败 (signature refused)'),
  row('query', '600', 'unauthorised', '不是合法的查询者 (the customer is wrong)'),
  row('query', '601', 'unauthorised', 'key 已过期或单量用完 (the key has expired)'),
]

type Good = Extract<Meaning, 'done' | 'duplicate' | 'nothing'>

/** @throws AdapterFailure named by what the code means; 'unrecognised' for a code without a row */
export function goodOr(face: Interface, code: string, message: string, own: readonly CodeRow[]): Good {
  const fits = (one: CodeRow) => one.interface === face && one.code === code
  const known = knownCodes.find(fits)
  const means = own.find(fits)?.means ?? known?.means
  if (means === 'done' || means === 'duplicate' || means === 'nothing') return means
  const kind: FailureKind = means ?? 'unrecognised'
  const said = known?.said ?? `未知返回码 (unknown code) ${maskText(message, [])}`
  throw new AdapterFailure(kind, `快递100：${code.slice(0, 20)} ${said}`, { code })
}
