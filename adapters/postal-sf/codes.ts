// What SF's two layers of codes mean: apiResultCode of the gateway, errorCode of the service behind it.
// Rows of the settings come first; a code without a row is a failure for a person.

import type { FailureKind } from '../../src/adapter-kit/failures.ts'

export const meanings = [
  'done',
  'duplicate',
  'absent',
  'unavailable',
  'throttled',
  'uncertain',
  'rejected',
  'unauthorised',
] as const
export type Meaning = (typeof meanings)[number]

export interface CodeRow {
  code: string
  means: Meaning
}

const row = (code: string, means: Meaning, _said: string): CodeRow => ({ code, means })

const knownCodes: readonly CodeRow[] = [
  row('A1001', 'rejected', '必传参数不可为空'),
  row('A1002', 'unauthorised', '请求时效已过期'),
  row('A1003', 'unauthorised', 'IP 无效'),
  row('A1004', 'unauthorised', '无对应服务权限'),
  row('A1005', 'throttled', '流量受控'),
  row('A1006', 'unauthorised', '数字签名无效'),
  row('A1007', 'duplicate', '重复请求'),
  row('A1008', 'unauthorised', '数据解密失败'),
  row('A1009', 'unavailable', '目标服务异常或不可达'),
  row('A1010', 'unauthorised', '状态为沙箱测试'),
  row('A1099', 'unavailable', '系统异常'),
  row('S0000', 'done', '成功'),
  row('S0001', 'unavailable', '非法的系统调用或内部异常'),
  row('S0003', 'unavailable', '系统异常'),
  row('8016', 'duplicate', '重复下单'),
  row('8037', 'duplicate', '订单已取消'),
  row('6150', 'absent', '找不到该订单'),
  row('8024', 'absent', '未下单'),
  row('8018', 'rejected', '未筛单'),
  row('8252', 'rejected', '订单已确认'),
  row('6126', 'rejected', '月结卡号不合法'),
  row('8119', 'rejected', '月结卡号不存在或失效'),
  row('20035', 'rejected', '托寄物为禁寄品'),
  row('8057', 'rejected', '产品不可用'),
  row('8177', 'throttled', '高峰管控'),
  row('8196', 'rejected', '电话号码异常'),
]

/** The meaning of a code, or null when nobody knows it. */
export function meaningOf(code: string, own: readonly CodeRow[]): Meaning | null {
  return [...own, ...knownCodes].find((one) => one.code === code)?.means ?? null
}

export const explanations: Record<Exclude<Meaning, 'done'>, { kind: FailureKind; what: string }> = {
  duplicate: { kind: 'uncertain', what: '重复请求 (repeated request)' },
  absent: { kind: 'rejected', what: '没有这个订单 (no such order)' },
  unavailable: { kind: 'unavailable', what: '系统异常 (its own fault)' },
  throttled: { kind: 'throttled', what: '要求放慢 (asks to slow down)' },
  uncertain: { kind: 'uncertain', what: '结果未知 (outcome unknown)' },
  rejected: { kind: 'rejected', what: '拒绝 (refused)' },
  unauthorised: { kind: 'unauthorised', what: '授权未通过 (credentials refused)' },
}
