// The small bodies that platforms send about a case under way, checked with all faults at once. Supplements have a file
// of their own.

import { isRecord } from '../adapter-kit/loose-json.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { unknownMembers } from '../http/members.ts'
import { problem } from '../http/problems.ts'
import { utcTime } from './normalise/index.ts'

export type Body = Record<string, unknown>

export function checkReason(raw: unknown): { reason: string } {
  const body = objectOf(raw)
  const errors: FieldError[] = []
  const reason = optionalText(body, 'reason', 500, errors)
  if (reason === undefined)
    errors.push(fieldError('/reason', 'required', 'a reason is required', '须填写原因'))
  errors.push(...unknownMembers(body, ['reason']))
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return { reason: reason! }
}

const outcomes = ['attended', 'missed', 'rebooked', 'cancelled'] as const

interface AppointmentReport {
  outcome: (typeof outcomes)[number]
  at?: string
  slot?: string
  /** Of a slot of another's book, whose name does not tell. */
  startsAt?: string
  reason?: string
}

export function checkAppointment(raw: unknown): AppointmentReport {
  const body = objectOf(raw)
  const errors: FieldError[] = []
  const outcome = outcomes.find((one) => one === body.outcome)
  if (outcome === undefined)
    errors.push(
      fieldError(
        '/outcome',
        'invalid-value',
        'must be attended, missed, rebooked or cancelled',
        '须为 attended（已到场）、missed（未到场）、rebooked（改期）或 cancelled（取消）',
      ),
    )
  const slot = optionalText(body, 'slot', 128, errors)
  if (outcome === 'rebooked' && body.slot === undefined)
    errors.push(fieldError('/slot', 'required', 'rebooked needs the new slot', '改期须填写新时段'))
  for (const name of ['slot', 'startsAt'])
    if (outcome !== undefined && outcome !== 'rebooked' && body[name] !== undefined)
      errors.push(
        fieldError(
          `/${name}`,
          'invalid-value',
          'goes with outcome rebooked only',
          '仅 rebooked（改期）可填时段',
        ),
      )
  const startsAt = optionalTime(body, 'startsAt', errors)
  const reason = optionalText(body, 'reason', 500, errors)
  const time = optionalTime(body, 'at', errors)
  errors.push(...unknownMembers(body, ['outcome', 'at', 'slot', 'startsAt', 'reason']))
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return {
    outcome: outcome!,
    ...(time ? { at: time } : {}),
    ...(slot === undefined ? {} : { slot }),
    ...(startsAt ? { startsAt } : {}),
    ...(reason === undefined ? {} : { reason }),
  }
}

/** In UTC. `within`: the pointer of the object that the member is in. */
export function optionalTime(
  body: Body,
  name: string,
  errors: FieldError[],
  within = '',
): string | undefined {
  const value = body[name]
  const time = value === undefined ? undefined : utcTime(value)
  if (time !== null) return time
  errors.push(
    fieldError(
      `${within}/${name}`,
      'invalid-date',
      'must be a date and time such as 2026-11-23T09:30:00+08:00',
      '须为日期时间，如 2026-11-23T09:30:00+08:00',
    ),
  )
  return undefined
}

/** `within`: the pointer of the object that the member is in. */
export function optionalText(
  body: Body,
  name: string,
  max: number,
  errors: FieldError[],
  within = '',
): string | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.trim().length > 0 && value.length <= max) return value.trim()
  errors.push(
    fieldError(
      `${within}/${name}`,
      'invalid-type',
      `must be text of 1 to ${max} characters`,
      `须为 1 至 ${max} 字的文字`,
    ),
  )
  return undefined
}

export function objectOf(raw: unknown): Body {
  if (isRecord(raw)) return raw
  throw problem('invalid-request', {
    errors: [fieldError('', 'invalid-type', 'must be a JSON object', '必须是 JSON 对象')],
  })
}
