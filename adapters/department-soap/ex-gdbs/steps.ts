// The steps in which a department reports a case: their codes -> our events -> what they mean. Printed in the docs.
// A code that is not here is a failure for a person. Must stay a table.

import type { CaseEventType, StatusRow } from '../../../src/adapter-kit/contract.ts'

interface StepRow extends StatusRow {
  step: string
  /** Value of the step's deciding field; absent where the step alone says it. */
  value?: string
  words: readonly CaseEventType[]
}

const row = (
  step: string,
  value: string,
  words: readonly CaseEventType[],
  zh: string,
  en: string,
): StepRow => ({
  step,
  ...(value === '' ? {} : { value }),
  code: value === '' ? step : `${step} ${value}`,
  word: words[0] ?? null,
  words,
  meaning: { zh, en },
})

export const stepRows: readonly StepRow[] = [
  row('WSYSL', '1', [], '预受理通过', 'the pre-review found nothing; acceptance follows'),
  row('WSYSL', '2', ['case.rejected'], '预受理：不受理', 'not accepted at the pre-review'),
  row(
    'WSYSL',
    '3',
    ['case.pre-review-returned'],
    '预受理：补交补正',
    'returned by the pre-review to be mended',
  ),
  row('SL', '1', ['case.accepted'], '受理', 'accepted; the time limit runs'),
  row('SL', '2', ['case.rejected'], '不予受理', 'not accepted'),
  row('SPCL', '1', ['case.reviewing'], '审批：承办', 'with the official in charge'),
  row('SPCL', '2', ['case.reviewing'], '审批：审核', 'being examined'),
  row(
    'SPCL',
    '3',
    ['case.approved'],
    '审批：批准（SPHJZTDM 另有说明时按设置）',
    'decided; approved unless SPHJZTDM says else',
  ),
  row('BJGZ', '', ['case.correction-requested'], '补正告知', 'the applicant must supplement materials'),
  row('BJSL', '', [], '补正受理：部门已收补正材料', 'the department took the supplement'),
  row(
    'TBCXSQ',
    '',
    ['case.special-procedure-started'],
    '特别程序申请：时限暂停',
    'a special procedure began',
  ),
  row(
    'TBCXJG',
    '',
    ['case.special-procedure-ended'],
    '特别程序结果：时限继续',
    'the special procedure ended',
  ),
  row('BJ', '0', ['case.issued', 'case.closed'], '出证办结', 'closed, and the result was issued'),
  row('BJ', '1', ['case.denied'], '退回办结', 'closed by refusal'),
  row('BJ', '2', ['case.terminated'], '作废办结', 'voided'),
  row('BJ', '3', ['case.terminated'], '删除办结', 'deleted'),
  row('BJ', '4', ['case.closed'], '转报办结', 'closed here, passed to a higher department'),
  row('BJ', '5', ['case.terminated'], '补正超时驳回', 'ended: the supplement did not come in time'),
  row('BJ', '6', ['case.closed'], '办结', 'closed'),
  row('LQDJ', '', ['case.issued'], '领证登记：结果已领取', 'the result was handed over'),
]

/** Where each step keeps its deciding code and its time; the first time that is filled counts. */
export const stepFields: Readonly<Record<string, { decides?: string; times: readonly string[] }>> = {
  WSYSL: { decides: 'YSLZTDM', times: ['YSLSJ'] },
  SL: { decides: 'SLZTDM', times: ['SLSJ'] },
  SPCL: { decides: 'SPHJDM', times: ['SPSJ'] },
  BJGZ: { times: ['BJGZSJ'] },
  BJSL: { times: ['BJSJ'] },
  TBCXSQ: { times: ['TBCXKSRQ'] },
  TBCXJG: { times: ['TBCXJSRQ', 'JGCSRQ'] },
  BJ: { decides: 'BJJGDM', times: ['BJSJ'] },
  LQDJ: { times: ['LQSJ'] },
}

export const PREFIX = 'EX_GDBS_'

/** Some write the step without what all of them begin with. */
export const stepOf = (process: string): string =>
  process.startsWith(PREFIX) ? process.slice(PREFIX.length) : process
