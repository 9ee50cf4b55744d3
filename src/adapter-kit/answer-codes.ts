// Answers that say in a code what became of a request, `{ "code", "message", "data" }`: read by a table of the system's
// codes. A code that the table does not have is never guessed at.

import { AdapterFailure, type FailureKind } from './failures.ts'
import { isRecord, record, text } from './loose-json.ts'
import { maskText, personsIn } from './masking.ts'

/** done: it has it. duplicate: it had it already. absent: it has no such thing. */
export type Meaning = 'done' | 'duplicate' | 'absent'

export interface AnswerCodes {
  /** Who answers, for an operator's sentence. */
  who: string
  /** Their code -> what it means, or the failure that it is. */
  codes: Readonly<Record<string, Meaning | FailureKind>>
  /** Members of the answer, where they have other names. */
  members?: { code?: string; message?: string; data?: string }
}

export interface Said {
  means: Meaning
  code: string
  data: Readonly<Record<string, unknown>>
}

const meanings: ReadonlySet<string> = new Set<Meaning>(['done', 'duplicate', 'absent'])
const isMeaning = (word: Meaning | FailureKind): word is Meaning => meanings.has(word)
const LONGEST_CODE = 32

/**
 * @param content what it is about: nothing of its persons reaches a failure's summary
 * @throws AdapterFailure of the kind that the code stands for; 'unrecognised' for a code without a row
 */
export function readAnswer(
  answer: unknown,
  { who, codes, members = {} }: AnswerCodes,
  content: unknown,
): Said {
  const told = record(answer)
  const code = text(told[members.code ?? 'code'])
  const means = code !== undefined && Object.hasOwn(codes, code) ? codes[code] : undefined
  if (code === undefined || means === undefined) {
    const known = code === undefined ? {} : { code: code.slice(0, LONGEST_CODE) }
    throw new AdapterFailure('unrecognised', '应答代码不在对照表中 (the code is not known)', known)
  }
  const data = told[members.data ?? 'data']
  if (isMeaning(means)) return { means, code, data: isRecord(data) ? data : {} }
  const words = told[members.message ?? 'message']
  const masked = maskText(typeof words === 'string' ? words : '', personsIn(content))
  throw new AdapterFailure(means, `${who} 应答 (answered) ${code}: ${masked}`, { code })
}

/** What it has not got, for operations that need it. */
export const refuseAbsent = ({ code }: Said, what: { zh: string; en: string }): AdapterFailure =>
  new AdapterFailure('rejected', `${what.zh} (${what.en})`, { code })

/** A member that must be a text. @throws AdapterFailure 'unrecognised' naming it */
export function textOf(data: Readonly<Record<string, unknown>>, name: string): string {
  const value = data[name]
  if (typeof value === 'string' && value !== '') return value
  throw new AdapterFailure('unrecognised', `缺少 ${name} (${name} is missing)`)
}
