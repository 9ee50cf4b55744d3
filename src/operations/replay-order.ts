// What somebody wants told again, read whole: every fault at once. The same words in a request and on the command line.

import { submissionOf } from '../domain/submission.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { unknownMembers } from '../http/members.ts'
import { utcTime } from '../intake/normalise/index.ts'

interface ReplayAsked {
  since?: string
  after?: string
  until?: string
  types: string[]
  reason: string
}

const LONGEST_REASON = 500
const names = ['since', 'after', 'until', 'types', 'reason'] as const

/** A dry run needs no reason. */
export function readReplayOrder(body: unknown, dryRun: boolean): ReplayAsked | { errors: FieldError[] } {
  const errors: FieldError[] = []
  const wrong = (name: string, en: string, zh: string): void =>
    void errors.push(fieldError(`/${name}`, 'invalid-value', en, zh))
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  errors.push(...unknownMembers(given, names))
  const since = timeOf('since', given.since, wrong)
  const until = timeOf('until', given.until, wrong)
  const after = eventOf(given.after, wrong)
  if ((given.since === undefined) === (given.after === undefined))
    wrong(
      'since',
      'give either since (a time) or after (an event)',
      'since（时间）与 after（事件编号）须且只能填一个',
    )
  if (since !== undefined && until !== undefined && Date.parse(until) < Date.parse(since))
    wrong('until', 'must not be before since', '不能早于 since')
  const types = typesOf(given.types, wrong)
  const reason = typeof given.reason === 'string' ? given.reason.trim() : ''
  if (!dryRun && reason === '') wrong('reason', 'say why', '请填写原因')
  if (reason.length > LONGEST_REASON)
    wrong('reason', `must have at most ${LONGEST_REASON} characters`, `最多 ${LONGEST_REASON} 个字`)
  if (errors.length > 0) return { errors }
  return {
    ...(since === undefined ? {} : { since }),
    ...(after === undefined ? {} : { after }),
    ...(until === undefined ? {} : { until }),
    types,
    reason,
  }
}

type Wrong = (name: string, en: string, zh: string) => void

function timeOf(name: string, value: unknown, wrong: Wrong): string | undefined {
  if (value === undefined) return undefined
  const text = String(value)
  const time = text.includes('T') && /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? utcTime(value) : null
  if (time !== null) return time
  wrong(
    name,
    'must be a time with offset such as 2026-11-23T09:00:00+08:00',
    '须为带时区的时间，如 2026-11-23T09:00:00+08:00',
  )
  return undefined
}

function eventOf(value: unknown, wrong: Wrong): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.startsWith('evt_') && submissionOf(value) !== null) return value
  wrong('after', 'must be the id of an event, evt_…', '须为事件编号 evt_…')
  return undefined
}

function typesOf(value: unknown, wrong: Wrong): string[] {
  if (value === undefined) return []
  const types = Array.isArray(value) ? value : []
  if (
    types.length > 0 &&
    types.every((one) => typeof one === 'string' && /^(\*|[a-z]+\.(\*|[a-z-]+))$/.test(one))
  )
    return types
  wrong(
    'types',
    'must list types or prefixes such as case.closed, parcel.*',
    '须为类型或前缀的列表，如 case.closed、parcel.*',
  )
  return []
}
