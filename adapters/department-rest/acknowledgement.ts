// How a department's own message is answered: templates in its own form, filled with what became of the
// message and with members of the message itself. What is filled in is data of strangers: it is escaped as
// the form wants it, never interpreted.

import { encode } from '../../src/adapter-kit/charset.ts'
import type { HttpAnswer, IncomingOutcome } from '../../src/adapter-kit/contract.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { below } from '../../src/adapter-kit/wrong-setting.ts'
import { formText } from './bodies/form.ts'
import { unfit } from './bodies/unfit.ts'
import { escapedText, xmlText } from './bodies/xml.ts'
import type { AcknowledgeSettings, IncomingSettings } from './settings.ts'

type Acknowledge = (outcome: IncomingOutcome, message: () => unknown) => HttpAnswer

type Form = NonNullable<AcknowledgeSettings['as']>
type Value = (name: string) => string

const PLACEHOLDER = /\{([^{}"\s]*)\}/g
const known = ['code', 'detail', 'duplicate'] as const
/** Of one member that is told back. */
const LONGEST = 200

const usual = { ok: { code: '0', message: 'ok' }, failed: { code: '{code}', message: '{detail}' } }
const types: Readonly<Record<Form, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain',
}

/** @throws AdapterFailure 'unrecognised' for templates that cannot be written */
export function acknowledgementOf({ acknowledge = {}, as }: IncomingSettings, charset: Charset): Acknowledge {
  const { ok = usual.ok, failed = usual.failed, okStatus = 200, failedStatus, contentType } = acknowledge
  const writer = (template: unknown, name: string) =>
    below(`incoming.acknowledge.${name}`, () =>
      writerOf(template, acknowledge.as ?? usualForm(template, as), charset, contentType),
    )
  const write = { ok: writer(ok, 'ok'), failed: writer(failed, 'failed') }
  return (outcome, message) =>
    outcome.ok
      ? write.ok(okStatus, valuesOf({ code: '0', detail: 'ok', duplicate: outcome.duplicate }, message))
      : write.failed(failedStatus ?? outcome.status, valuesOf({ ...outcome, duplicate: false }, message))
}

/** A text is answered as it was asked, an object as JSON. */
const usualForm = (template: unknown, asked: IncomingSettings['as']): Form =>
  typeof template !== 'string' ? 'json' : asked === 'xml' ? 'xml' : 'text'

function writerOf(template: unknown, form: Form, charset: Charset, contentType: string | undefined) {
  checkPlaceholders(template)
  const write = (values: Value): string =>
    typeof template === 'string'
      ? filledText(template, (name) => escapes[form](values(name), charset))
      : texts[form](filled(template, values), charset)
  // Written once beforehand: what no answer can be made of is found when the system is configured.
  write((name) => name)
  const type = contentType ?? types[form]
  const named = /charset=/i.test(type) ? type : `${type}; charset=${charset}`
  return (status: number, values: Value): HttpAnswer => ({
    status,
    headers: { 'content-type': named },
    body: encode(write(values), charset),
  })
}

const texts: Readonly<Record<Form, (content: unknown, charset: Charset) => string>> = {
  json: (content) => JSON.stringify(content),
  xml: xmlText,
  form: formText,
  text: () => {
    throw unfit(
      '文本应答的模板应为文本 (an answer as text needs a template that is a text)；例如 (e.g.) success',
    )
  },
}

const escapes: Readonly<Record<Form, (text: string, charset: Charset) => string>> = {
  json: (text) => JSON.stringify(text).slice(1, -1),
  xml: (text) => escapedText(text),
  form: (text) => encodeURIComponent(text),
  text: (text) => text,
}

function valuesOf(
  { code, detail, duplicate }: { code: string; detail: string; duplicate: boolean },
  message: () => unknown,
): Value {
  let read: unknown
  let isRead = false
  return (name) => {
    if (name === 'code') return code
    if (name === 'detail') return detail
    if (name === 'duplicate') return String(duplicate)
    if (!isRead) read = message()
    isRead = true
    return memberOf(read, name.split('.').slice(1))
  }
}

/** A text, number or truth value of their message; anything else, or nothing, is empty. */
function memberOf(message: unknown, names: readonly string[]): string {
  let value = message
  for (const name of names) {
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    value = known ? (value as Record<string, unknown>)[name] : undefined
  }
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return plain ? [...String(value).toWellFormed()].slice(0, LONGEST).join('') : ''
}

const filledText = (template: string, values: Value): string =>
  template.replace(PLACEHOLDER, (_all, name: string) => values(name))

function filled(template: unknown, values: Value): unknown {
  if (typeof template === 'string') return filledText(template, values)
  if (Array.isArray(template)) return template.map((one) => filled(one, values))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filled(value, values)]))
}

function checkPlaceholders(template: unknown): void {
  if (typeof template === 'string') {
    for (const [, name = ''] of template.matchAll(PLACEHOLDER))
      if (!(known as readonly string[]).includes(name) && !/^message(?:\.[^.]+)+$/.test(name))
        throw unfit(
          `未知的占位符 (no placeholder is called) {${name}}；可用 (there are): {code} {detail} {duplicate} {message.…}`,
        )
  } else if (typeof template === 'object' && template !== null) Object.values(template).map(checkPlaceholders)
}
