// A department with an inbox speaks our own words, so the table is the contract's list with its meanings.

import type { StatusRow } from '../../src/adapter-kit/contract.ts'

const row = (code: string, zh: string, en: string): StatusRow => ({ code, word: code, meaning: { zh, en } })

export const statuses: readonly StatusRow[] = [
  row('case.accepted', '受理', 'accepted'),
  row('case.rejected', '不予受理', 'not accepted'),
  row('case.pre-review-returned', '预审退回', 'returned by the pre-review'),
  row('case.correction-requested', '补正告知', 'a correction is requested'),
  row('case.special-procedure-started', '特别程序开始', 'a special procedure begins'),
  row('case.special-procedure-ended', '特别程序结束', 'a special procedure ends'),
  row('case.reviewing', '审查中', 'under review'),
  row('case.approved', '准予许可', 'approved'),
  row('case.denied', '不予许可', 'denied'),
  row('case.issued', '制证发证', 'the result is issued'),
  row('case.terminated', '异常终止', 'terminated'),
  row('case.closed', '办结', 'closed'),
  row('material.received', '收到纸质材料', 'the papers have arrived'),
]
