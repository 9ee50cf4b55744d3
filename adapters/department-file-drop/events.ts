// A record of the department's file to our event. Nothing is guessed: an unknown status, a missing case or an unreadable
// time is 'unrecognised' and goes back to the department with its reason.

import { hash } from 'node:crypto'
import type { CaseEventType, EventDetail, ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { toIso } from '../../src/adapter-kit/local-time.ts'
import { compileWithTime } from './expressions.ts'
import { unrecognised } from './faults.ts'
import { houseReport } from './house/read.ts'
import { type IncomingField, type IncomingSettings, incomingFields } from './settings.ts'

/** Their status code -> our event type; null when it tells nothing that we track. */
export type Statuses = Readonly<Record<string, CaseEventType | null>>

/** An event in the department's own words; texts and numbers are not trusted yet. */
export type ReportedEvent = { [K in IncomingField]?: unknown }

export interface EventRules {
  statuses: Statuses
  offset: string
}

export interface ReportReader {
  /** The records of one parsed file. */
  each(document: unknown): Promise<readonly unknown[]>
  report(record: unknown): Promise<ReportedEvent>
}

/** The house words, with the settings' JSONata laid over them field by field. */
export function reportReader(own: IncomingSettings, offset: string): ReportReader {
  const each = own.each === undefined ? undefined : compileWithTime(own.each, 'incoming.each', offset)
  const fields = incomingFields
    .filter((field) => own[field] !== undefined)
    .map((field) => [field, compileWithTime(own[field] ?? '', `incoming.${field}`, offset)] as const)
  return {
    async each(document) {
      const listed = each ? await each(document) : recordsIn(document)
      return Array.isArray(listed) ? listed : listed === undefined || listed === null ? [] : [listed]
    },
    async report(record) {
      const report = houseReport(record)
      for (const [field, evaluate] of fields) report[field] = await evaluate(record)
      return report
    },
  }
}

/** An array, `events` (in XML: one or many `event` below the root), or the document itself. */
function recordsIn(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document
  const { events, event } = document as { events?: unknown; event?: unknown }
  if (events !== undefined) return recordsIn(events)
  return event ?? document
}

/** Null when the record tells nothing that we track. @throws AdapterFailure 'unrecognised' */
export function eventOf(
  report: ReportedEvent,
  record: unknown,
  { statuses, offset }: EventRules,
): ExternalEvent | null {
  const status = textOf(report.status)
  if (status === undefined) throw unrecognised('缺少状态代码 (there is no status code)')
  const type = Object.hasOwn(statuses, status) ? statuses[status] : undefined
  if (type === undefined)
    throw unrecognised('状态代码不在对照表中 (the status code is not in the table)', status)
  if (type === null) return null
  const caseId = textOf(report.caseId)
  const reference = textOf(report.reference)
  if (!caseId && !reference) throw unrecognised('未指明办件 (no case is named)')
  return {
    id: textOf(report.eventId) ?? hash('sha256', JSON.stringify(record), 'hex'),
    type,
    at: toIso(report.time, offset),
    ...(caseId ? { caseId } : {}),
    ...(reference ? { reference } : {}),
    detail: detailOf(report, reference),
  }
}

function detailOf(
  { reason, limitDays, materials, result }: ReportedEvent,
  reference: string | undefined,
): EventDetail {
  const detail: EventDetail = {}
  if (reference) detail.reference = reference
  const said = textOf(reason)
  if (said) detail.reason = said
  const days = Number(limitDays ?? Number.NaN)
  if (Number.isInteger(days) && days > 0) detail.limitDays = days
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
    if (!code) throw unrecognised('补正材料缺少代码 (a material that is asked for has no code)')
    return { code, reason: textOf(material?.reason) ?? '' }
  })
}

function resultOf(result: unknown): EventDetail['result'] {
  if (typeof result !== 'object' || result === null) return undefined
  const { type, name, number, certificateType, identifier } = result as Record<string, unknown>
  if (type !== 'electronic' && type !== 'paper')
    throw unrecognised('结果类型无法识别 (the kind of result is not known)')
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
