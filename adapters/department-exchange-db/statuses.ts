// The house preset's codes: their code -> our event -> what it means. The national tables leave event_name,
// result_type and special_type to each region, so without the preset the settings must say what a code means.

import type { CaseEventType, StatusRow } from '../../src/adapter-kit/contract.ts'
import type { CodeSettings, Statuses } from './settings.ts'

type Row = StatusRow & { word: CaseEventType | null }

const row = (code: string, word: CaseEventType | null, zh: string, en: string): Row => ({
  code,
  word,
  meaning: { zh, en },
})

const processRows: readonly Row[] = [
  row('26', null, '已接件：尚未决定是否受理', 'received; not yet decided whether it is accepted'),
  row('30', 'case.accepted', '已受理：办理时限开始', 'accepted; the time limit runs'),
  row('97', 'case.rejected', '不予受理', 'not accepted'),
  row('14', 'case.pre-review-returned', '预审退回', 'returned by the pre-review; may be mended'),
  row('28', 'case.correction-requested', '补正告知', 'the applicant must supplement materials'),
  row('35', 'case.reviewing', '审核中', 'under review'),
  row('90', 'case.closed', '正常办结', 'closed in order'),
  row('99', 'case.terminated', '异常终止', 'ended out of order'),
]
const resultRows: readonly Row[] = [
  row('40', 'case.denied', '审批不通过', 'denied'),
  row('50', 'case.approved', '审批通过', 'approved'),
  row('60', 'case.issued', '已发证', 'the result was issued'),
]
const specialRows: readonly Row[] = [
  row(
    '36',
    'case.special-procedure-started',
    '特别程序：时限暂停，填写 end_time 后继续',
    'a special procedure; the clock stops until end_time is filled in',
  ),
]

/** Printed in the docs, each code with the column it stands in. */
export const houseStatusRows: readonly StatusRow[] = [
  ...processRows.map((one) => ({ ...one, code: `event_name ${one.code}` })),
  ...resultRows.map((one) => ({ ...one, code: `result_type ${one.code}` })),
  ...specialRows.map((one) => ({ ...one, code: `special_type ${one.code}` })),
]

const tableOf = (rows: readonly Row[]) => Object.fromEntries(rows.map(({ code, word }) => [code, word]))

export const houseStatuses: Statuses = {
  process: tableOf(processRows),
  result: tableOf(resultRows),
  special: tableOf(specialRows),
}

export const houseCodes: CodeSettings = {
  applyType: { online: '1', agent: '2', appointment: '3' },
  applicantType: { person: '1', organisation: '2' },
  getType: { upload: '1', certificate: '2', shared: '3', paper: '4' },
}

export const houseResultForms = { '0': 'electronic', '1': 'paper' } as const
