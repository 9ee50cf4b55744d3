// The envelope of every EMS answer: HTTP 200 even when refused, so retCode alone decides.
// Turns refusals into failures; must not know what was asked.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, text } from './json.ts'
import { masked } from './masking.ts'
import { type AnswerRow, meaningOf } from './return-codes.ts'

/** An answer that means success: newly done, or known already. */
export interface Answer {
  means: 'done' | 'duplicate'
  message: string
  /** retBody as received: JSON inside a string, a value, or nothing. */
  body: unknown
}

export interface Asked {
  apiCode: string
  /** Values of the request that must not reach a summary. */
  persons: readonly string[]
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
  if (means === null) throw failure('unrecognised', '未知返回码 (unknown code)')
  if (means === 'duplicate') return { means, message, body: json.retBody }
  if (means !== 'done') throw failure(means, explanations[means])
  if (json.success === false || json.success === 'false') {
    throw failure('unrecognised', '返回码与 success 相矛盾 (code and success contradict each other)')
  }
  return { means, message, body: json.retBody }

  function failure(kind: AdapterFailure['kind'], what: string): AdapterFailure {
    const said = `${String(code).slice(0, 20)} ${masked(message, asked.persons)}`
    return new AdapterFailure(kind, `邮政 EMS：${what}：${said}`, { code: String(code) })
  }
}

const explanations = {
  unavailable: '系统级错误 (its own fault)',
  throttled: '要求放慢 (asks to slow down)',
  rejected: '拒绝 (refused)',
  unauthorised: '授权未通过 (credentials refused)',
} as const
