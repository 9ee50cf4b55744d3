// What an EMS answer means: retCode (and, because finer codes are not published, a text inside retMsg) -> meaning.
// Rows of the settings come first, then these; the first that fits decides. No row fits: unrecognised, never a guess.

export const answerMeanings = [
  'done',
  'duplicate',
  'absent',
  'unavailable',
  'throttled',
  'uncertain',
  'rejected',
  'unauthorised',
] as const
export type AnswerMeaning = (typeof answerMeanings)[number]

export interface AnswerRow {
  /** retCode exactly as written. */
  code: string
  /** Only in answers to this interface, e.g. 020003. */
  apiCode?: string
  /** Only when retMsg contains this. */
  text?: string
  means: AnswerMeaning
}

/** Published: 00000, S00001, B00001. The rows with a text follow the wording seen in the field: override in settings. */
export const knownAnswers: readonly AnswerRow[] = [
  { code: '00000', means: 'done' },
  { code: 'S00001', means: 'unavailable' },
  { code: 'B00001', apiCode: '020003', text: '重复', means: 'duplicate' },
  { code: 'B00001', apiCode: '020003', text: '已存在', means: 'duplicate' },
  { code: 'B00001', apiCode: '020006', text: '已撤单', means: 'duplicate' },
  { code: 'B00001', text: '授权码', means: 'unauthorised' },
  { code: 'B00001', means: 'rejected' },
]

interface Said {
  apiCode: string
  code: string
  message: string
}

/** The meaning of an answer, or null when no row fits. */
export function meaningOf(said: Said, rows: readonly AnswerRow[]): AnswerMeaning | null {
  return rows.find((row) => fits(row, said))?.means ?? null
}

function fits({ code, apiCode, text }: AnswerRow, said: Said): boolean {
  if (code !== said.code) return false
  if (apiCode !== undefined && apiCode !== said.apiCode) return false
  return text === undefined || said.message.includes(text)
}
