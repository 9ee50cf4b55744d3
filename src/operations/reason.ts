// Why an operator does it: whoever looks later has to know. Beside it stands only what the order takes, for a misspelt member would
// order something else.

import { type FieldError, fieldError } from '../http/field-error.ts'
import { membersOf, unknownMembers } from '../http/members.ts'
import { problem } from '../http/problems.ts'

const LONGEST = 500

/** @throws problem `invalid-request` without one, or with members that are neither it nor `beside` it */
export function reasonOf(body: unknown, beside: readonly string[] = []): string {
  const reason = optionalReasonOf(body, beside)
  if (reason !== null) return reason
  throw problem('invalid-request', { ...sayWhy, errors: [missing] })
}

/** The same where it may be left out; null then. */
export function optionalReasonOf(body: unknown, beside: readonly string[] = []): string | null {
  const given = membersOf(body)
  const { reason } = given
  const errors: FieldError[] = unknownMembers(given, ['reason', ...beside])
  const isGood =
    reason === undefined || (typeof reason === 'string' && reason.trim() !== '' && reason.length <= LONGEST)
  if (!isGood) errors.push(missing)
  if (errors.length > 0) throw problem('invalid-request', { ...(isGood ? {} : sayWhy), errors })
  return typeof reason === 'string' ? reason.trim() : null
}

const sayWhy = { detail: 'say why: {"reason": "…"}', detailZh: '请填写原因：{"reason": "…"}' }
const missing = fieldError(
  '/reason',
  'required',
  `must be text of 1 to ${LONGEST} characters`,
  `须为 1 至 ${LONGEST} 字的文字`,
)
