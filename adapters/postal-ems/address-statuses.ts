// What 030005 says of an address: its status -> whether a parcel can be fetched there, or why it could not be said.
// A status without a row is a failure for a person, never "yes".

import { AdapterFailure, type FailureKind } from '../../src/adapter-kit/failures.ts'

type Row = { reachable: boolean; reason?: string } | { failure: FailureKind; what: string; setting?: string }

export const reachRows: Readonly<Record<string, Row>> = {
  '0': { reachable: true },
  '1': { reachable: false, reason: '超出邮政揽收范围 (out of range)' },
  '2': { failure: 'rejected', what: '地址参数有误 (bad parameters)' },
  '3': { failure: 'rejected', what: '未填产品代码 (product empty)', setting: 'bizProductNo' },
  '4': { failure: 'rejected', what: '产品代码不合法 (illegal product)', setting: 'bizProductNo' },
  '6': { failure: 'unavailable', what: '范围服务异常 (service error)' },
  '7': { failure: 'unavailable', what: '范围服务读取参数失败 (could not read its parameters)' },
  '8': { reachable: false, reason: '没有匹配到揽收网点，请核对地址 (no office found for the address)' },
  '9': { reachable: false, reason: '地址不够详细，请写明门牌号 (the address is not precise enough)' },
  '10': { reachable: false, reason: '网点未维护揽收时间 (the office has no collection hours)' },
}

/** @throws AdapterFailure for a status that is no answer to the question */
export function reachOf(status: string | undefined): { reachable: boolean; reason?: string } {
  const row = status !== undefined && Object.hasOwn(reachRows, status) ? reachRows[status] : undefined
  if (!row) {
    const what = `未知的揽收范围状态 ${status?.slice(0, 10) ?? ''} (unknown status)`
    throw new AdapterFailure('unrecognised', what, status ? { code: status } : {})
  }
  if (!('failure' in row)) return row
  const { failure, what, setting } = row
  const place = setting === undefined ? '' : `，请检查设置 ${setting} (see the setting)`
  const about = { code: String(status), ...(setting === undefined ? {} : { setting }) }
  throw new AdapterFailure(failure, `邮政 EMS：${what}${place}`, about)
}
