// The envelope of every SF answer: the gateway's code, and inside a JSON string the service's own.
// A1000 alone is not success: it only means that the gateway passed the request on.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, nested, record, text } from '../../src/adapter-kit/loose-json.ts'
import { maskText } from '../../src/adapter-kit/masking.ts'
import { type CodeRow, explanations, type Meaning, meaningOf } from './codes.ts'

const PASSED_ON = 'A1000'

export interface Answer {
  means: 'done' | 'duplicate' | 'absent'
  code: string
  /** msgData (for the print service: obj). */
  data: Record<string, unknown> | readonly unknown[]
}

export interface Asked {
  /** Values that must not reach a summary. */
  persons: readonly string[]
  /** Meanings that this service's caller can do something with; any other that is not success is a failure. */
  bears?: readonly ('duplicate' | 'absent')[]
}

/** @throws AdapterFailure named by what the code means; 'unrecognised' for a code without a row */
export function readAnswer(json: unknown, own: readonly CodeRow[], asked: Asked): Answer {
  const gateway = text(record(json).apiResultCode)
  if (!gateway) throw new AdapterFailure('unrecognised', '顺丰的回复没有 apiResultCode (no apiResultCode)')
  if (gateway !== PASSED_ON) return meant(gateway, text(record(json).apiErrorMsg), {}, own, asked)
  const inner = nested(record(json).apiResultData)
  if (!isRecord(inner)) throw new AdapterFailure('unrecognised', 'apiResultData 不是 JSON (it is no JSON)')
  const data = dataOf(inner)
  if (isSuccess(inner)) return { means: 'done', code: 'S0000', data }
  const code = text(inner.errorCode)
  const said = text(inner.errorMsg) ?? text(inner.errorMessage)
  if (!code || meaningOf(code, own) === 'done') {
    throw new AdapterFailure('unrecognised', '业务回复既非成功又无错误码 (neither success nor an error code)')
  }
  return meant(code, said, data, own, asked)
}

/** The print service leaves errorCode out. */
function isSuccess({ success, errorCode }: Record<string, unknown>): boolean {
  const code = text(errorCode)
  return (success === true || success === 'true') && (code === 'S0000' || code === undefined)
}

function dataOf(inner: Record<string, unknown>): Answer['data'] {
  const data = nested(inner.msgData ?? inner.obj)
  return Array.isArray(data) ? data : record(data)
}

function meant(
  code: string,
  said: string | undefined,
  data: Answer['data'],
  own: readonly CodeRow[],
  { persons, bears = [] }: Asked,
): Answer {
  const means = meaningOf(code, own)
  if (means === 'duplicate' || means === 'absent') {
    if (bears.includes(means)) return { means, code, data }
  }
  throw refusal(means, code, maskText(said ?? '', persons))
}

function refusal(means: Meaning | null, code: string, said: string): AdapterFailure {
  const unknown = { kind: 'unrecognised' as const, what: '未知返回码 (unknown code)' }
  const { kind, what } = means === null || means === 'done' ? unknown : explanations[means]
  return new AdapterFailure(kind, `顺丰：${what}：${code.slice(0, 20)} ${said}`.trim(), { code })
}
