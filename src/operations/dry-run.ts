// ?dryRun=true: only counted, nothing changed. Whatever else is said there must not look like it.

import { fieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'

/** How a route's description names the parameter. */
export const dryRunQuery = { type: 'object', properties: { dryRun: { type: 'boolean', default: false } } }

/** @throws problem `invalid-request` for anything but true and false */
export function dryRunOf(value: unknown): boolean {
  if (value === undefined || value === 'false') return false
  if (value === 'true') return true
  throw problem('invalid-request', {
    errors: [fieldError('/query/dryRun', 'invalid-value', 'must be true or false', '只能为 true 或 false')],
  })
}
