// Whatever a platform sent, as a canonical submission: one form for every text, date, number and code. Whether it
// may be accepted is checked afterwards (../check-submission.ts); here nothing is decided and nothing invented.

import submissionSchema from '../../../schemas/submission.schema.json' with { type: 'json' }
import { isRecord } from '../../adapter-kit/loose-json.ts'
import type { Catalogue } from '../../domain/catalogue.ts'
import { type FieldError, fieldError } from '../../http/field-error.ts'
import { gatherFaults } from '../../settings/many-errors.ts'
import { type Shape, shapeOf } from './shape.ts'
import { cleanText } from './text.ts'
import { isCut, normaliseValue, type Walk } from './values.ts'

export interface NormalisedSubmission {
  /** In canonical forms as far as possible, not yet validated; absent when the input is no object, or too large. */
  submission?: Record<string, unknown>
  /** Every text that has no canonical form, by JSON Pointer; no more than a refusal lists. */
  errors: FieldError[]
}

const shape = shapeOf(submissionSchema)

/** Never throws. Idempotent: a canonical submission comes back equal. About 10 µs for an ordinary one. */
export function normaliseSubmission(raw: unknown, catalogue: Catalogue): NormalisedSubmission {
  if (!isRecord(raw)) return { errors: [notAnObject] }
  const walk: Walk = { catalogue, faults: gatherFaults(), values: 0, path: [] }
  const submission = normaliseValue(raw, shapeFor(raw, catalogue), walk) as Record<string, unknown>
  const errors = walk.faults.list()
  return isCut(walk) ? { errors } : { submission, errors }
}

const withForms = new WeakMap<object, Shape>()

/** The submission's shape; its form has that of the theme asked for. */
function shapeFor(raw: Record<string, unknown>, catalogue: Catalogue): Shape {
  const code = typeof raw.theme === 'string' ? cleanText(raw.theme) : undefined
  const form = typeof code === 'string' ? catalogue.themes.get(code)?.form : undefined
  if (form === undefined) return shape
  const made = withForms.get(form)
  if (made !== undefined) return made
  const whole = { ...shape, members: new Map(shape.members).set('form', shapeOf(form)) }
  withForms.set(form, whole)
  return whole
}

const notAnObject = fieldError('', 'invalid-type', 'must be a JSON object', '必须是 JSON 对象')
