// The parameters of a query, by name: one that a route does not know is refused, so that a misspelt one never looks like
// an answer to another question.

import { nearest } from '../domain/nearest.ts'
import { at, type FieldError, fieldError } from './field-error.ts'
import { problem } from './problems.ts'

type Query = Readonly<Record<string, unknown>>

/** A fault for each parameter that is none of `known`; `root` goes before its name in the pointer. */
export function unknownParameters(query: unknown, known: readonly string[], root = '/query'): FieldError[] {
  return Object.keys((query ?? {}) as Query)
    .filter((name) => !known.includes(name))
    .map((name) => unknownParameter(name, known, root))
}

/** For routes that read nothing else of their query. Throws `invalid-request` with all faults. */
export function refuseUnknown(query: unknown, known: readonly string[], root = '/query'): void {
  const errors = unknownParameters(query, known, root)
  if (errors.length > 0) throw problem('invalid-request', { errors })
}

const LONGEST_NAME = 64

export function unknownParameter(name: string, known: readonly string[], root: string): FieldError {
  const said = name.slice(0, LONGEST_NAME)
  const near = nearest(said, known)
  const [en, zh] = near
    ? [`did you mean ${near}?`, `是否为 ${near}？`]
    : known.length === 0
      ? ['none is known here', '此处不接受参数']
      : [`known ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`, `可用参数：${known.join('、')}`]
  return fieldError(
    at(root, said),
    'unknown-field',
    `There is no parameter ${said}; ${en}`,
    `没有参数 ${said}，${zh}`,
  )
}
