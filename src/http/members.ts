// The members of a body, by name: one that a route does not know is refused, so that a misspelt one is never left out of what was
// meant. What a schema describes is held to it by its own check.

import { nearest } from '../domain/nearest.ts'
import { at, type FieldError, fieldError } from './field-error.ts'

const LONGEST_NAME = 64

/** A fault for each member that is none of `known`; `within`: the pointer of the object. */
export function unknownMembers(body: object, known: readonly string[], within = ''): FieldError[] {
  return Object.keys(body)
    .filter((name) => !known.includes(name))
    .map((name) => unknownMember(name.slice(0, LONGEST_NAME), known, within))
}

function unknownMember(name: string, known: readonly string[], within: string): FieldError {
  const near = nearest(name, known)
  const [en, zh] = near
    ? [`did you mean ${near}?`, `是否为 ${near}？`]
    : [`known are ${known.join(', ')}`, `可用字段：${known.join('、')}`]
  return fieldError(at(within, name), 'unknown-field', `is not known here; ${en}`, `无此字段，${zh}`)
}
