// A department's report on a case, field by field in its own words, as our event. Nothing is guessed: an
// unknown status, a missing case, an unreadable time or limit is 'unrecognised' and waits for a person.
// Whatever carries the report (JSON, SOAP, a file) is its adapter's business.

import type { CaseEventType, EventDetail, ExternalEvent } from './contract.ts'
import { AdapterFailure } from './failures.ts'

export const reportFields = [
  'eventId',
  'caseId',
  'reference',
  'status',
  'time',
  'reason',
  'limitDays',
  'materials',
  'result',
] as const
export type ReportField = (typeof reportFields)[number]

/** As it was read; texts and numbers are not trusted yet. */
export type CaseReport = { [K in ReportField]?: unknown }

/** Their status code -> our event type; null when it tells nothing that we track. */
export type CaseStatuses = Readonly<Record<string, CaseEventType | null>>

export interface ReportRules {
  statuses: CaseStatuses
  /** Their time in ISO 8601. @throws AdapterFailure 'unrecognised' */
  momentOf(time: unknown): string
  /** For a report without an id of its own: the same for the same report. */
  makeId(): string
}

/** Null when its status tells nothing that we track. @throws AdapterFailure 'unrecognised' */
export function eventOf(
  report: CaseReport,
  { statuses, momentOf, makeId }: ReportRules,
): ExternalEvent | null {
  const type = caseEventOf(report.status, statuses)
  if (type === null) return null
  const written = textOf(report.caseId)
  const caseId = written && ourCaseId(written)
  const reference = textOf(report.reference)
  if (!caseId && !reference) throw unrecognised('消息未指明办件 (the message names no case)')
  return {
    id: textOf(report.eventId) ?? makeId(),
    type,
    at: momentOf(report.time),
    ...(caseId ? { caseId } : {}),
    ...(reference ? { reference } : {}),
    detail: detailOf(report, reference),
  }
}

/** Ours have small letters alone; there are databases and programs that write every key in capitals. */
export const ourCaseId = (written: string): string =>
  /^case_/i.test(written) ? written.toLowerCase() : written

/**
 * Their status in our words; null when it tells nothing that we track.
 * @throws AdapterFailure 'unrecognised' for a code that is not in the table
 */
export function caseEventOf(code: unknown, statuses: CaseStatuses): CaseEventType | null {
  const status = textOf(code)
  const type = status !== undefined && Object.hasOwn(statuses, status) ? statuses[status] : undefined
  if (type !== undefined) return type
  throw unrecognised(
    `状态代码不在对照表中，请补入 statuses (the status code is not in the table: add it to statuses)${shownCode(status)}`,
    status,
  )
}

/** At the end of a sentence: a code is short and plain; anything else that stands in its place may be personal. */
export const shownCode = (code = ''): string =>
  code === '' ? ': 空 (empty)' : /^[\w.-]{1,12}$/.test(code) ? `: “${code}”` : ''

/**
 * Codes and numbers are written as text or as number, depending on who wrote the system; undefined when there
 * is none.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function detailOf(
  { reason, limitDays, materials, result }: CaseReport,
  reference: string | undefined,
): EventDetail {
  const said = textOf(reason)
  const days = limitOf(limitDays)
  const asked = materialsOf(materials)
  const given = resultOf(result)
  return {
    ...(reference ? { reference } : {}),
    ...(said ? { reason: said } : {}),
    ...(days === undefined ? {} : { limitDays: days }),
    ...(asked.length > 0 ? { materials: asked } : {}),
    ...(given ? { result: given } : {}),
  }
}

/** Whole days; 0 is how many systems write none. */
function limitOf(limitDays: unknown): number | undefined {
  const written = textOf(limitDays)
  if (written === undefined || /^0+$/.test(written)) return undefined
  if (!/^[1-9]\d{0,3}$/.test(written)) throw unrecognised('时限不是天数 (a limit is no number of days)')
  return Number(written)
}

/** A list of `{ code, reason }`, or a single one. */
function materialsOf(materials: unknown): { code: string; reason: string }[] {
  if (materials === undefined || materials === null || materials === '') return []
  return [materials].flat().map((material) => {
    const { code, reason } = (material ?? {}) as Record<string, unknown>
    const known = textOf(code)
    if (!known) throw unrecognised('补正材料缺少代码 (a material that is asked for has no code)')
    return { code: known, reason: textOf(reason) ?? '' }
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

const member = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value }

const LONGEST_CODE = 32

function unrecognised(sentence: string, code?: string): AdapterFailure {
  return new AdapterFailure(
    'unrecognised',
    sentence,
    code === undefined ? {} : { code: code.slice(0, LONGEST_CODE) },
  )
}
