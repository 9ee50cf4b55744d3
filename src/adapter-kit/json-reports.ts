// A system's own messages in JSON: signature first, then one object, answered in JSON. What it says is the adapter's.

import { decode } from './charset.ts'
import type { HttpAnswer, InboundMessage, Incoming, IncomingOutcome, Reading } from './contract.ts'
import { AdapterFailure } from './failures.ts'
import { isRecord, parsed, record } from './loose-json.ts'
import type { Verifier } from './signing/scheme.ts'
import { parseStrictJson } from './strict-json.ts'

export interface JsonReports {
  verify: Verifier
  /** @throws AdapterFailure 'unrecognised' */
  read(report: Record<string, unknown>): Reading
  /** What is answered, in the system's own form. */
  answer(outcome: IncomingOutcome): unknown
}

export function jsonReports({ verify, read, answer }: JsonReports): Incoming {
  return {
    read(message) {
      verify(message)
      message.proved?.()
      return read(objectOf(message))
    },
    acknowledge: (outcome): HttpAnswer => ({
      status: outcome.ok ? 200 : outcome.status,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(answer(outcome)),
    }),
  }
}

function objectOf({ body }: InboundMessage): Record<string, unknown> {
  const text = decode(body, 'utf-8')
  if (text === undefined || !isRecord(parsed(text)))
    throw new AdapterFailure('unrecognised', '消息不是 JSON 对象 (the message is not a JSON object)')
  return record(parseStrictJson(text))
}

/** A time that must be ISO 8601 with offset, as it is. @throws AdapterFailure 'unrecognised' */
export function instantOf(text: string): string {
  if (/(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new AdapterFailure('unrecognised', '时间无法识别 (the time is not ISO 8601 with offset)')
}
