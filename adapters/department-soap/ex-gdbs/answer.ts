// The answer of an EX_GDBS service: one Chinese sentence, `编码：0,原因：…`. Only the whole sentence counts:
// its code decides, and a reason only where a rule fits all of it. Never a substring.

import type { Receipt } from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { maskText } from '../../../src/adapter-kit/masking.ts'
import type { AnswerMeaning, AnswerRule, answerMeanings } from '../settings.ts'

const SENTENCE = /^编码\s*[：:]\s*(\d{1,6})\s*[,，]\s*原因\s*[：:]([\s\S]*)$/

const LONGEST = 4_000

interface Sentence {
  code: string
  reason: string
}

/** Undefined when the text is no such sentence. */
export function sentenceOf(text: string): Sentence | undefined {
  const parts = text.length > LONGEST ? null : SENTENCE.exec(text.trim())
  return parts ? { code: parts[1] ?? '', reason: (parts[2] ?? '').trim() } : undefined
}

/** Published: 0 ok, 1 check, 2 missing file, 3 exception, 4 validation. */
const published: readonly AnswerRule[] = [
  { code: '0', means: 'ok' },
  { code: '1', means: 'refused' },
  { code: '2', means: 'refused' },
  { code: '3', means: 'unavailable' },
  { code: '4', means: 'refused' },
]

interface CompiledRule {
  code: string
  reason: RegExp | undefined
  means: AnswerMeaning
}

/** Own rules come before the published ones. @throws AdapterFailure 'unrecognised' for text that is no expression */
export function compileRules(own: readonly AnswerRule[], where: string): readonly CompiledRule[] {
  return [...own, ...published].map(({ code, reason, means }) => ({
    code,
    means,
    reason: reason === undefined ? undefined : expression(reason, where),
  }))
}

function expression(source: string, where: string): RegExp {
  try {
    return new RegExp(`^(?:${source})$`, 'u')
  } catch {
    throw new AdapterFailure('unrecognised', `${where}: 正则表达式有误 (no regular expression)`, {
      sent: false,
    })
  }
}

/** A receipt, or null for 'absent'. @throws AdapterFailure named by what the sentence means */
export function judge(
  text: string,
  rules: readonly CompiledRule[],
  hidden: readonly string[],
): Receipt | null {
  const sentence = sentenceOf(text)
  if (!sentence) {
    throw new AdapterFailure(
      'unrecognised',
      '应答不是“编码：…,原因：…” (the answer is not the agreed sentence)',
    )
  }
  const { code, reason } = sentence
  const rule = rules.find((one) => one.code === code && (one.reason?.test(reason) ?? true))
  const said = `编码 ${code}: ${maskText(reason, hidden)}`
  if (!rule) throw new AdapterFailure('unrecognised', `应答编码未知 (unknown code), ${said}`, { code })
  const kind = failures[rule.means]
  if (kind) throw new AdapterFailure(kind, `部门应答 (the department answered) ${said}`, { code })
  if (rule.means === 'absent') return null
  const reference = rule.reason?.exec(reason)?.groups?.reference
  return { ...(reference ? { reference } : {}), ...(rule.means === 'duplicate' ? { duplicate: true } : {}) }
}

const failures = {
  ok: undefined,
  duplicate: undefined,
  absent: undefined,
  refused: 'rejected',
  unavailable: 'unavailable',
  throttled: 'throttled',
  unauthorised: 'unauthorised',
} as const satisfies Record<(typeof answerMeanings)[number], unknown>
