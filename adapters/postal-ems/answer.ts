// The envelope of every EMS answer: HTTP 200 even when refused, so retCode alone decides.
// Turns refusals into failures; must not know what was asked.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, text } from '../../src/adapter-kit/loose-json.ts'
import { masked } from './masking.ts'
import { type AnswerMeaning, type AnswerRow, meaningOf } from './return-codes.ts'

/** An answer that means success: newly done, or known already; or that what was looked for is not there. */
export interface Answer {
  means: 'done' | 'duplicate' | 'absent'
  message: string
  /** retBody as received: JSON inside a string, a value, or nothing. */
  body: unknown
}

interface Asked {
  apiCode: string
  /** Values of the request that must not reach a summary. */
  persons: readonly string[]
  /** It was only looked for: not being there is an answer, not a refusal. */
  looking?: boolean
}

/**
 * Reads `{serialNo, retCode, retMsg, retBody, retDate, success}`.
 * @throws AdapterFailure named by what the retCode means; 'unrecognised' for a code without a row.
 */
export function readAnswer(json: unknown, rows: readonly AnswerRow[], asked: Asked): Answer {
  const code = isRecord(json) ? text(json.retCode) : undefined
  if (!isRecord(json) || code === undefined) {
    throw new AdapterFailure('unrecognised', '邮政的回复没有 retCode (the answer has no retCode)')
  }
  const message = text(json.retMsg) ?? ''
  const means = meaningOf({ apiCode: asked.apiCode, code, message }, rows)
  if (means === 'duplicate' || (means === 'absent' && asked.looking)) {
    return { means, message, body: json.retBody }
  }
  if (means !== 'done') throw refusal(means, { code, message }, asked.persons)
  if (json.success === false || json.success === 'false') {
    const what = '返回码与 success 相矛盾 (code and success contradict each other)'
    throw new AdapterFailure('unrecognised', `邮政 EMS：${what}`, { code })
  }
  return { means, message, body: json.retBody }
}

type Refusal = Exclude<AnswerMeaning, 'done' | 'duplicate'>

/** The failure that a refusal means, in the carrier's own words without its persons; null is a code that nobody knows. */
export function refusal(
  means: Refusal | null,
  said: { code: string; message: string },
  persons: readonly string[],
): AdapterFailure {
  const kind = means === null ? 'unrecognised' : means === 'absent' ? 'rejected' : means
  const words = `${said.code.slice(0, 20)} ${masked(said.message, persons)}`
  const what = means === null ? '未知返回码 (unknown code)' : explanations[means]
  return new AdapterFailure(kind, `邮政 EMS：${what}：${words}`, { code: said.code })
}

const explanations: Record<Refusal, string> = {
  absent: '没有这个订单 (no such order)',
  unavailable: '系统级错误 (its own fault)',
  throttled: '要求放慢 (asks to slow down)',
  uncertain: '结果未知 (outcome unknown)',
  rejected: '拒绝 (refused)',
  unauthorised: '授权未通过 (credentials refused)',
}
