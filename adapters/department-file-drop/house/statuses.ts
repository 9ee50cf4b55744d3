// The house format's status codes: their code -> our event -> what it means. Printed in the docs.

import type { CaseEventType, StatusRow } from '../../../src/adapter-kit/contract.ts'
import type { Statuses } from '../events.ts'

type Row = StatusRow & { word: CaseEventType | null }

const row = (code: string, word: CaseEventType | null, zh: string, en: string): Row => ({
  code,
  word,
  meaning: { zh, en },
})

export const houseStatuses: readonly Row[] = [
  row('26', null, '已接件：部门收到，尚未决定是否受理', 'received; not yet decided whether it is accepted'),
  row('30', 'case.accepted', '已受理：办理时限开始', 'accepted; the time limit runs'),
  row('97', 'case.rejected', '不予受理', 'not accepted'),
  row(
    '14',
    'case.pre-review-returned',
    '预审退回：修改后可重新提交',
    'returned by the pre-review; may be mended',
  ),
  row(
    '28',
    'case.correction-requested',
    '待补办：申请人须补正材料',
    'the applicant must supplement materials',
  ),
  row('35', 'case.reviewing', '审核中', 'under review'),
  row(
    '36',
    'case.special-procedure-started',
    '特别程序开始：时限暂停',
    'a special procedure began; the clock stops',
  ),
  row(
    '38',
    'case.special-procedure-ended',
    '特别程序结束：时限继续',
    'the special procedure ended; the clock runs',
  ),
  row('40', 'case.denied', '审批不通过', 'denied'),
  row('50', 'case.approved', '审批通过', 'approved'),
  row('60', 'case.issued', '已发证', 'the result was issued'),
  row('90', 'case.closed', '正常办结', 'closed in order'),
  row('99', 'case.terminated', '异常终止', 'ended out of order'),
]

export const houseStatusTable: Statuses = Object.fromEntries(
  houseStatuses.map(({ code, word }) => [code, word]),
)
