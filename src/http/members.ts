// The members of a body, by name: one that a route does not know is refused, so that a misspelt one is never left out of what was
// meant. What a schema describes is held to it by its own check.

import { nearest } from '../domain/nearest.ts'
import { at, type FieldError, fieldError } from './field-error.ts'
import { problem } from './problems.ts'

const LONGEST_NAME = 64

/** Of a body that may be left out, or be null. @throws problem `invalid-request` for one that is no object */
export function membersOf(body: unknown): Readonly<Record<string, unknown>> {
  const given = body ?? {}
  if (typeof given === 'object' && !Array.isArray(given)) return given as Record<string, unknown>
  throw problem('invalid-request', {
    errors: [fieldError('', 'invalid-type', 'must be a JSON object', '必须是 JSON 对象')],
  })
}

/** Throws `invalid-request` with a fault for each member of a body that says nothing. */
export function refuseMembers(body: unknown): void {
  const errors = unknownMembers(membersOf(body), [])
  if (errors.length > 0) throw problem('invalid-request', { errors })
}

/** A fault for each member that is none of `known`; `within`: the pointer of the object. */
export function unknownMembers(body: object, known: readonly string[], within = ''): FieldError[] {
  return Object.keys(body)
    .filter((name) => !known.includes(name))
    .map((name) => unknownMember(name.slice(0, LONGEST_NAME), known, within))
}

function unknownMember(name: string, known: readonly string[], within: string): FieldError {
  const [en, zh] = instead(name, known)
  return fieldError(at(within, name), 'unknown-field', `is not known here; ${en}`, `无此字段，${zh}`)
}

function instead(name: string, known: readonly string[]): [en: string, zh: string] {
  if (known.length === 0) return ['no member is', '此处不带任何字段']
  const near = nearest(name, known)
  return near
    ? [`did you mean ${near}?`, `是否为 ${near}？`]
    : [`known are ${known.join(', ')}`, `可用字段：${known.join('、')}`]
}
