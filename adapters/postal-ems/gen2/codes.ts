// What the second generation's refusals mean. Rows of the settings come first; no row is a failure for a person.

import type { AnswerRow } from '../return-codes.ts'

export const gen2Answers: readonly AnswerRow[] = [
  { code: 'S01', means: 'rejected' },
  { code: 'S02', means: 'unauthorised' },
  { code: 'S03', means: 'unauthorised' },
  { code: 'S04', means: 'rejected' },
  { code: 'S05', means: 'rejected' },
  { code: 'S06', means: 'uncertain' },
  { code: 'S07', means: 'unavailable' },
  { code: 'S12', means: 'rejected' },
  { code: 'B00', means: 'uncertain' },
  { code: 'B01', means: 'rejected' },
  { code: 'B03', means: 'rejected' },
  { code: 'B06', means: 'duplicate' },
  { code: 'B98', means: 'unavailable' },
]
