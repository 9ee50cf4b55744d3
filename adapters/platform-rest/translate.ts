// Pure translation of what goes out to a platform: our event as a CloudEvent, its answer as a receipt.

import type { NotifyContent, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure, type FailureKind } from '../../src/adapter-kit/failures.ts'
import type { HttpResponse } from '../../src/adapter-kit/http.ts'
import { valueAt } from './field-map.ts'
import type { AnswerSettings } from './settings.ts'

export const CLOUD_EVENTS_TYPE = 'application/cloudevents+json; charset=utf-8'
const ALREADY_THERE = 409
const GONE = 410
/** Statuses with a meaning of their own for callbacks, beside 2xx. */
export const readStatuses = [ALREADY_THERE, GONE]

/** CloudEvents 1.0 structured JSON with the `sequence` extension; the same bytes on every attempt. */
export function toCloudEvent(content: NotifyContent, source: string): string {
  const { id, type, time, subject, sequence, data } = content
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    sequence,
    data,
  })
}

/** 2xx is a receipt, 409 one for the second time, 410 a refusal for good. */
export function toReceipt(response: HttpResponse, answer: AnswerSettings | undefined): Receipt {
  if (response.status === ALREADY_THERE) return { duplicate: true }
  if (response.status === GONE) {
    throw new AdapterFailure('rejected', 'The platform no longer takes callbacks at this address (410)', {
      code: 'gone',
      status: GONE,
    })
  }
  if (answer !== undefined) return readCode(response, answer)
  if (isHtml(response)) {
    throw new AdapterFailure('unrecognised', 'A web page answered where the platform was expected', {
      status: response.status,
    })
  }
  return {}
}

function readCode(response: HttpResponse, answer: AnswerSettings): Receipt {
  const code = valueAt(response.json(), answer.field.split('.'))
  const text = typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
  if (text === undefined) throw unknownAnswer(response.status)
  if (answer.ok.includes(text)) return {}
  if (answer.duplicate?.includes(text)) return { duplicate: true }
  throw refusal(text, kindOf(text, answer), response.status)
}

function kindOf(code: string, answer: AnswerSettings): FailureKind {
  if (answer.unavailable?.includes(code)) return 'unavailable'
  return answer.rejected?.includes(code) ? 'rejected' : 'unrecognised'
}

/** Only short plain codes are repeated: an answer may echo what it was sent. */
function refusal(code: string, kind: FailureKind, status: number): AdapterFailure {
  const told = /^[\w.-]{1,32}$/.test(code) ? code : 'an unreadable code'
  return new AdapterFailure(kind, `The platform answered ${told}`, { code: told, status })
}

function unknownAnswer(status: number): AdapterFailure {
  return new AdapterFailure('unrecognised', 'The platform’s answer has no code where one is configured', {
    status,
  })
}

function isHtml({ headers }: HttpResponse): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && /html/i.test(type)
}
