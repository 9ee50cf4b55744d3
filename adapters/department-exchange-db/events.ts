// One row of a polled table as an event in our words. Pure. What cannot be read is a failure of that row alone.

import { ourCaseId } from '../../src/adapter-kit/case-report.ts'
import type { CaseEventType, EventDetail, ExternalEvent, PolledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { codeColumns, type PolledKey } from './columns.ts'
import type { Row } from './database.ts'
import type { Layout, Table } from './layout.ts'
import { endOfDay, type Moment, readMoment, toIso } from './local-time.ts'

/** Longer texts are not read: a reason has a few hundred characters. */
export const LONGEST_TEXT = 4000

/** What rows are read by. */
export interface Reader {
  layout: Layout
  /** By the gateway's clock. */
  now: Date
}

export function itemOf(reader: Reader, table: Table, row: Row, key: string): PolledItem {
  const read = evidenceOf(table, row, key)
  try {
    return { ...read, events: eventsOf(reader, table, row) }
  } catch (error) {
    if (error instanceof AdapterFailure) return { ...read, events: [], failure: error }
    throw error
  }
}

export function evidenceOf(
  table: Table,
  row: Row,
  key: string,
): Pick<PolledItem, 'key' | 'body' | 'mediaType'> {
  return {
    key,
    body: Buffer.from(JSON.stringify({ table: table.title, row })),
    mediaType: 'application/json',
  }
}

function eventsOf(reader: Reader, table: Table, row: Row): ExternalEvent[] {
  const { layout } = reader
  const key = table.key as PolledKey
  const long = Object.keys(row).find((column) => (row[column]?.length ?? 0) > LONGEST_TEXT)
  if (long) throw unrecognised(`${long} 过长`, `${long} is too long`)
  if (row.cd_operation && row.cd_operation === layout.operations.withdraw)
    throw unrecognised('部门撤回了已报送的记录', 'the department takes back what it reported')
  const code = row[codeColumns[key]]?.trim() ?? ''
  const word = wordOf(layout, key, code)
  if (word === null) return []
  const event = {
    id: `${table.title}:${row.row_guid}:${code}`,
    ...whoseOf(row),
  }
  if (key === 'special') return specialEvents(reader, row, word, event)
  const detail = key === 'process' ? processDetail(row, word) : resultDetail(layout, row, word)
  const times = key === 'process' ? [row.event_end_time, row.event_start_time] : [row.result_date]
  return [{ ...event, type: word, at: momentOf(reader, row, times), detail }]
}

/** A special procedure is one row: begun, and later filled in with its end. */
function specialEvents(
  reader: Reader,
  row: Row,
  word: CaseEventType,
  event: Pick<ExternalEvent, 'id'>,
): ExternalEvent[] {
  const detail = {
    ...reasonOf(row.special_reason ?? row.special_name ?? row.special_explain),
    ...limitOf(row.limit_days),
  }
  const began = { ...event, type: word, at: momentOf(reader, row, [row.special_time]), detail }
  const end = readMoment(row.end_time, reader.layout.offset)
  if (word !== 'case.special-procedure-started' || !end) return [began]
  return [
    began,
    {
      ...event,
      id: `${event.id}:end`,
      type: 'case.special-procedure-ended',
      at: momentOf(reader, row, [row.end_time]),
      detail: row.result ? { more: { result: row.result } } : {},
    },
  ]
}

function wordOf(layout: Layout, key: PolledKey, code: string): CaseEventType | null {
  const table = layout.statuses[key] ?? {}
  const word = Object.hasOwn(table, code) ? table[code] : undefined
  if (word === undefined)
    throw new AdapterFailure(
      'unrecognised',
      `${codeColumns[key]} 的代码 ${shown(code)} 未配置，请加入 statuses.${key} (the code is not in statuses.${key})`,
      { code },
    )
  return word
}

/** A code is short; anything else that stands in its column may be personal. */
const shown = (code: string): string => (/^[\w-]{1,12}$/.test(code) ? `“${code}”` : '')

function whoseOf(row: Row): Pick<ExternalEvent, 'caseId' | 'reference'> {
  const number = row.project_no?.trim() ?? ''
  const reference = row.department_no?.trim() || undefined
  if (number === '' && !reference) throw unrecognised('project_no 为空', 'project_no is empty')
  const caseId = ourCaseId(number)
  if (/^case_[0-9a-z]+$/.test(caseId)) return { caseId, ...(reference ? { reference } : {}) }
  return { reference: number || reference! }
}

const withReason: ReadonlySet<CaseEventType> = new Set([
  'case.rejected',
  'case.pre-review-returned',
  'case.correction-requested',
  'case.denied',
  'case.terminated',
])

function processDetail(row: Row, word: CaseEventType): EventDetail {
  const handledBy = row.handle_user_name?.trim()
  return {
    ...(withReason.has(word) ? reasonOf(row.handle_explain) : {}),
    ...(word === 'case.correction-requested' ? correctionOf(row) : {}),
    ...(handledBy ? { handledBy } : {}),
  }
}

function resultDetail(layout: Layout, row: Row, word: CaseEventType): EventDetail {
  if (withReason.has(word)) return reasonOf(row.result_explain)
  const name = row.result_cetr_name?.trim()
  if (!name) return {}
  const number = row.result_cetr_no?.trim()
  const facts = { name, ...(number ? { number } : {}) }
  const type = formOf(layout, row.is_delivery_results?.trim())
  return type ? { result: { type, ...facts } } : { more: { result: facts } }
}

/** Whether the result is on paper; undefined when the department does not say. */
function formOf(layout: Layout, code: string | undefined): 'electronic' | 'paper' | undefined {
  if (!code) return undefined
  const form = Object.hasOwn(layout.resultForms, code) ? layout.resultForms[code] : undefined
  if (form) return form
  throw unrecognised(
    `is_delivery_results 的代码 ${shown(code)} 未配置，请加入 resultForms`,
    'the code of is_delivery_results is not in resultForms',
  )
}

const LONGEST_LIMIT = 3650
const MOST_MATERIALS = 200

function correctionOf(row: Row): EventDetail {
  const materials = row.correction_materials ? asked(row.correction_materials) : undefined
  return { ...limitOf(row.limit_days), ...(materials ? { materials } : {}) }
}

/** 0 is how many tables write none. */
function limitOf(text: string | null | undefined): Pick<EventDetail, 'limitDays'> {
  const days = Number(text ?? '')
  if (days === 0) return {}
  if (Number.isInteger(days) && days > 0 && days <= LONGEST_LIMIT) return { limitDays: days }
  throw unrecognised('limit_days 不是工作日天数', 'limit_days is no number of working days')
}

/** `[{"code":"M01","reason":"…"}]`. */
function asked(text: string): { code: string; reason: string }[] {
  const list = parsed(text)
  if (!Array.isArray(list) || list.length > MOST_MATERIALS) throw notAsked()
  return list.map((one: unknown) => {
    const { code, reason } = (one ?? {}) as { code?: unknown; reason?: unknown }
    if (typeof code !== 'string' || typeof reason !== 'string') throw notAsked()
    return { code, reason }
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const notAsked = (): AdapterFailure =>
  unrecognised(
    'correction_materials 不是 [{"code","reason"}]',
    'correction_materials is not a list of code and reason',
  )

function reasonOf(text: string | null | undefined): Pick<EventDetail, 'reason'> {
  const reason = text?.trim()
  return reason ? { reason } : {}
}

/**
 * The first date that is one. A day without a time, or at midnight sharp, lasted until its end, or until the
 * row was written or read if that was earlier.
 */
function momentOf(
  { layout: { offset }, now }: Reader,
  row: Row,
  times: readonly (string | null | undefined)[],
): string {
  const exchanged = readMoment(row.cd_time, offset)
  const told = times.map((text) => readMoment(text, offset)).find((moment) => moment !== undefined)
  const moment = told ?? exchanged
  if (!moment) throw unrecognised('没有时间', 'the row tells no time')
  if (!isDay(moment, now)) return moment.iso
  const ends = [moment, ...(exchanged ? [exchanged] : [])].map((one) =>
    isDay(one, now) ? endOfDay(one) : one.iso,
  )
  return earliest([...ends, toIso(now, offset)])
}

/** A midnight to come is no day that has begun. */
const isDay = ({ iso, day }: Moment, now: Date): boolean =>
  day === 'alone' || (day === 'midnight' && Date.parse(iso) <= now.getTime())

const earliest = (times: readonly string[]): string =>
  times.reduce((first, time) => (Date.parse(time) < Date.parse(first) ? time : first))

function unrecognised(zh: string, en: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `${zh} (${en})`)
}
