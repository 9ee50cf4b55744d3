// How an applicant was served, by the national scale: code -> our word -> meaning. All five are evaluations; the gateway
// keeps the number as it was given, and never makes one up.

import type { StatusRow } from '../../src/adapter-kit/contract.ts'

const row = (code: string, zh: string, en: string): StatusRow => ({
  code,
  word: 'case.rated',
  meaning: { zh, en },
})

export const satisfactionRows: readonly StatusRow[] = [
  row('1', '非常不满意', 'Very dissatisfied'),
  row('2', '不满意', 'Dissatisfied'),
  row('3', '基本满意', 'Fairly satisfied'),
  row('4', '满意', 'Satisfied'),
  row('5', '非常满意', 'Very satisfied'),
]
