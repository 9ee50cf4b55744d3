// Text of an answer or a message to the data that expressions see.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { HttpResponse } from '../../src/adapter-kit/http.ts'
import { readXmlMembers } from '../../src/adapter-kit/xml-members.ts'
import type { AnswerForm } from './dialect.ts'

/** An empty answer is null: then only its status and headers can tell. @throws AdapterFailure 'unrecognised' */
export function readAnswer(response: HttpResponse, as: AnswerForm): unknown {
  if (response.body.length === 0) return null
  if (as === 'json') return response.json()
  const text = response.text()
  return as === 'xml' ? readXmlMembers(text) : text
}

/** @throws AdapterFailure 'unrecognised' */
export function readMessageText(text: string, as: AnswerForm | 'form'): unknown {
  if (as === 'text') return text
  if (as === 'xml') return readXmlMembers(text)
  if (as === 'form') return fieldsIn(text)
  try {
    return JSON.parse(text)
  } catch {
    throw new AdapterFailure('unrecognised', '消息不是 JSON (the message is not JSON)')
  }
}

/** A repeated name is a list. */
function fieldsIn(text: string): Record<string, string | string[]> {
  const search = new URLSearchParams(text)
  if ([...search].flat().some((one) => one.includes('\ufffd')))
    throw new AdapterFailure('unrecognised', '表单不是 UTF-8 编码 (the form is not encoded in UTF-8)')
  const names = [...new Set(search.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = search.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}
