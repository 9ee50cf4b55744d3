// The house format's reports: what we propose to departments that have no format of their own, whatever carries it.
// Its status codes are printed in the docs. Pure; what is missing stays missing.

import type { CaseReport } from './case-report.ts'
import type { CaseEventType } from './contract.ts'
import { type StatusOf, statusTable, wordsOf } from './status-table.ts'

export const houseStatuses: readonly StatusOf<CaseEventType | null>[] = statusTable(
  ['26', null, '已接件：部门收到，尚未决定是否受理', 'received; not yet decided whether it is accepted'],
  ['30', 'case.accepted', '已受理：办理时限开始', 'accepted; the time limit runs'],
  ['97', 'case.rejected', '不予受理', 'not accepted'],
  [
    '14',
    'case.pre-review-returned',
    '预审退回：修改后可重新提交',
    'returned by the pre-review; may be mended',
  ],
  ['28', 'case.correction-requested', '待补办：申请人须补正材料', 'the applicant must supplement materials'],
  ['35', 'case.reviewing', '审核中', 'under review'],
  [
    '36',
    'case.special-procedure-started',
    '特别程序开始：时限暂停',
    'a special procedure began; the clock stops',
  ],
  [
    '38',
    'case.special-procedure-ended',
    '特别程序结束：时限继续',
    'the special procedure ended; the clock runs',
  ],
  ['40', 'case.denied', '审批不通过', 'denied'],
  ['50', 'case.approved', '审批通过', 'approved'],
  ['60', 'case.issued', '已发证', 'the result was issued'],
  ['90', 'case.closed', '正常办结', 'closed in order'],
  ['99', 'case.terminated', '异常终止', 'ended out of order'],
)

export const houseStatusTable = wordsOf(houseStatuses)

const resultTypes: Readonly<Record<string, string>> = { '1': 'electronic', '2': 'paper' }

/** One record, as JSON, XML or a row of CSV has it. */
export function houseReport(record: unknown): CaseReport {
  if (typeof record !== 'object' || record === null) return {}
  const { eventId, outerNo, projectNo, status, time, reason, limitDays, materials, result } =
    record as Record<string, unknown>
  return {
    eventId,
    caseId: outerNo,
    reference: projectNo,
    status,
    time,
    reason,
    limitDays,
    materials: listOf(materials),
    result: resultOf(result),
  }
}

/** XML writes one or many `material` below `materials`; CSV writes `M01;M02`. */
function listOf(materials: unknown): unknown {
  if (typeof materials === 'string')
    return materials.split(/[;；]/).flatMap((one) => (one.trim() ? [{ code: one.trim() }] : []))
  if (typeof materials !== 'object' || materials === null || Array.isArray(materials)) return materials
  return [(materials as { material?: unknown }).material ?? []].flat()
}

function resultOf(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return undefined
  const { type, name, number, licenseCode } = result as Record<string, unknown>
  if ([type, name, number, licenseCode].every((one) => one === undefined || one === '')) return undefined
  return { type: resultTypes[String(type)] ?? type, name, number, ...licenceOf(licenseCode) }
}

/** Departments put a certificate's identifier (GB/T 36904) or its type here. */
function licenceOf(code: unknown): Record<string, unknown> {
  if (typeof code !== 'string' || code === '') return {}
  return code.startsWith('1.2.156.') ? { identifier: code } : { certificateType: code }
}
