// The submission against its JSON Schema, and the form against its theme's: validators compiled once, all errors
// explained in both languages. Says nothing about the catalogue.

import type { ValidateFunction } from 'ajv/dist/2020.js'
import submissionSchema from '../../schemas/submission.schema.json' with { type: 'json' }
import type { CanonicalSubmission } from '../../schemas/types.ts'
import { type FieldError, noFaults } from '../http/field-error.ts'
import { explainAll } from '../settings/explain.ts'
import { createAjv } from '../settings/schemas.ts'
import { ownFormats } from './normalise/index.ts'

const ajv = createAjv()
for (const name of ownFormats) ajv.addFormat(name, true)

const validate = ajv.compile<CanonicalSubmission>(submissionSchema)
const forms = new WeakMap<object, ValidateFunction>()

/** Every fault of a submission against schemas/submission.schema.json; empty when it is one. */
export function checkSchema(submission: unknown): readonly FieldError[] {
  return validate(submission) ? noFaults : explainAll(validate.errors)
}

/** Every fault of a form against its theme's schema (draft 2020-12), with pointers into the submission. */
export function checkForm(form: unknown, schema: Record<string, unknown>): readonly FieldError[] {
  const check = forms.get(schema) ?? compileForm(schema)
  if (check(form)) return noFaults
  return explainAll(check.errors).map((error) => ({ ...error, pointer: `/form${error.pointer}` }))
}

function compileForm(schema: Record<string, unknown>): ValidateFunction {
  const check = ajv.compile(schema)
  forms.set(schema, check)
  return check
}
