// What a platform answers to a notification: a receipt, or the failure that its code means.
// Only short plain codes are repeated: an answer may echo what it was sent.

import type { Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure, type FailureKind } from '../../src/adapter-kit/failures.ts'
import type { HttpResponse } from '../../src/adapter-kit/http.ts'
import { valueAt } from './members.ts'
import type { AnswerSettings } from './settings.ts'
import { xmlReader } from './xml-read.ts'

const ALREADY_THERE = 409
const GONE = 410
const LONGEST_TEXT = 64 * 1024
/** Statuses with a meaning of their own for callbacks, beside 2xx. */
export const readStatuses = [ALREADY_THERE, GONE]

type ReceiptReader = (response: HttpResponse) => Receipt

/** @throws AdapterFailure 'unrecognised' for a pattern that is none */
export function receiptReader(answer: AnswerSettings | undefined): ReceiptReader {
  const codeOf = answer === undefined ? undefined : codeReader(answer)
  return (response) => {
    if (response.status === ALREADY_THERE) return { duplicate: true }
    if (response.status === GONE)
      throw new AdapterFailure('rejected', 'The platform no longer takes callbacks at this address (410)', {
        code: 'gone',
        status: GONE,
      })
    if (answer !== undefined && codeOf !== undefined)
      return receiptOf(codeOf(response), answer, response.status)
    if (isHtml(response)) throw webPage(response.status)
    return {}
  }
}

/** Where the code stands: a member of JSON or XML, or the first group of a pattern in a text. */
function codeReader(answer: AnswerSettings): (response: HttpResponse) => unknown {
  const { format = 'json', field = '' } = answer
  const path = field.split('.')
  if (format === 'json') return (response) => valueAt(response.json(), path)
  const read = format === 'xml' ? xmlReader({}) : undefined
  const pattern = answer.pattern === undefined ? undefined : compile(answer.pattern)
  return (response) => {
    if (isHtml(response)) throw webPage(response.status)
    const text = response.text()
    if (text.length > LONGEST_TEXT) return undefined
    return read ? valueAt(read(text), path) : pattern?.exec(text)?.[1]
  }
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch (cause) {
    throw new AdapterFailure('unrecognised', 'callbacks.answer.pattern is no regular expression', { cause })
  }
}

function receiptOf(code: unknown, answer: AnswerSettings, status: number): Receipt {
  const text = typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
  if (text === undefined)
    throw new AdapterFailure('unrecognised', 'The platform’s answer has no code where one is configured', {
      status,
    })
  if (answer.ok.includes(text)) return {}
  if (answer.duplicate?.includes(text)) return { duplicate: true }
  const told = /^[\w.-]{1,32}$/.test(text) ? text : 'an unreadable code'
  throw new AdapterFailure(kindOf(text, answer), `The platform answered ${told}`, { code: told, status })
}

function kindOf(code: string, answer: AnswerSettings): FailureKind {
  if (answer.unavailable?.includes(code)) return 'unavailable'
  return answer.rejected?.includes(code) ? 'rejected' : 'unrecognised'
}

function webPage(status: number): AdapterFailure {
  return new AdapterFailure('unrecognised', 'A web page answered where the platform was expected', { status })
}

function isHtml({ headers }: HttpResponse): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && /html/i.test(type)
}
