// A department's report to our event. Nothing is guessed: an unknown status, a missing case or an unreadable time
// is 'unrecognised' and waits for a person.

import { hash } from 'node:crypto'
import type { CaseEventType, EventDetail, ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { toIso } from '../../src/adapter-kit/local-time.ts'
import type { ReportedEvent, Statuses } from './dialect.ts'

export interface EventRules {
  statuses: Statuses
  offset: string
}

/** Events of one message; statuses that tell nothing we track are left out. */
export function eventsOf(
  reports: readonly ReportedEvent[],
  body: Buffer,
  rules: EventRules,
): ExternalEvent[] {
  const events: ExternalEvent[] = []
  for (const [index, report] of reports.entries()) {
    const event = eventOf(report, rules, () => fallbackId(body, index))
    if (event) events.push(event)
  }
  return events
}

function eventOf(
  report: ReportedEvent,
  { statuses, offset }: EventRules,
  makeId: () => string,
): ExternalEvent | undefined {
  const type = typeOf(report.status, statuses)
  if (type === null) return undefined
  const caseId = textOf(report.caseId)
  const reference = textOf(report.reference)
  if (!caseId && !reference)
    throw new AdapterFailure('unrecognised', '消息未指明办件 (the message names no case)')
  return {
    id: textOf(report.eventId) ?? makeId(),
    type,
    at: toIso(report.time, offset),
    ...(caseId ? { caseId } : {}),
    ...(reference ? { reference } : {}),
    detail: detailOf(report, reference),
  }
}

/**
 * Their status in our words; null when it tells nothing that we track.
 * @throws AdapterFailure 'unrecognised' for a code that is not in the table
 */
export function typeOf(code: unknown, statuses: Statuses): CaseEventType | null {
  const status = textOf(code)
  const type = status !== undefined && Object.hasOwn(statuses, status) ? statuses[status] : undefined
  if (type !== undefined) return type
  throw new AdapterFailure(
    'unrecognised',
    '状态代码不在对照表中 (the status code is not in the table)',
    status === undefined ? {} : { code: status.slice(0, 32) },
  )
}

/** The same bytes are the same message. */
export const messageId = (body: Buffer): string => hash('sha256', body, 'hex')

function fallbackId(body: Buffer, index: number): string {
  const id = messageId(body)
  return index === 0 ? id : `${id}-${index}`
}

function detailOf(
  { reason, limitDays, materials, result }: ReportedEvent,
  reference: string | undefined,
): EventDetail {
  const detail: EventDetail = {}
  if (reference) detail.reference = reference
  const said = textOf(reason)
  if (said) detail.reason = said
  const days = Number(limitDays)
  if (limitDays !== undefined && limitDays !== null && Number.isInteger(days) && days > 0)
    detail.limitDays = days
  const asked = materialsOf(materials)
  if (asked.length > 0) detail.materials = asked
  const given = resultOf(result)
  if (given) detail.result = given
  return detail
}

function materialsOf(materials: unknown): { code: string; reason: string }[] {
  if (!Array.isArray(materials)) return []
  return materials.map((material: Record<string, unknown> | null) => {
    const code = textOf(material?.code)
    if (!code)
      throw new AdapterFailure('unrecognised', '补正材料缺少代码 (a material that is asked for has no code)')
    return { code, reason: textOf(material?.reason) ?? '' }
  })
}

function resultOf(result: unknown): EventDetail['result'] {
  if (typeof result !== 'object' || result === null) return undefined
  const { type, name, number, certificateType, identifier } = result as Record<string, unknown>
  if (type !== 'electronic' && type !== 'paper')
    throw new AdapterFailure('unrecognised', '结果类型无法识别 (the kind of result is not known)')
  return {
    type,
    name: textOf(name) ?? '',
    ...member('number', textOf(number)),
    ...member('certificateType', textOf(certificateType)),
    ...member('identifier', textOf(identifier)),
  }
}

function member(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value }
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
