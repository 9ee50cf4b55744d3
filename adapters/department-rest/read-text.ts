// Text of an answer or a message to the data that expressions see.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { formFields } from '../../src/adapter-kit/form-fields.ts'
import type { Charset, HttpResponse } from '../../src/adapter-kit/http.ts'
import { parseStrictJson } from '../../src/adapter-kit/strict-json.ts'
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
export function readMessageText(text: string, as: AnswerForm): unknown {
  if (as === 'text') return text
  return as === 'xml' ? readXmlMembers(text) : parseStrictJson(text)
}

/** A repeated name is a list. @throws AdapterFailure 'unrecognised' */
export function readForm(body: Buffer, charset: Charset): Record<string, string | string[]> {
  const fields = formFields(body, charset)
  if (!fields)
    throw new AdapterFailure(
      'unrecognised',
      `表单不是 ${charset} 编码 (the form is not encoded in ${charset})`,
    )
  const values = new Map<string, string[]>()
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value])
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0]! : all]))
}
