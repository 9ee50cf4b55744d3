// A plain department's own call to events, by the expressions of the settings. Nothing is guessed.

import { hash } from 'node:crypto'
import type { EventDetail, ExternalEvent, IncomingOutcome } from '../../../src/adapter-kit/contract.ts'
import type { Expression } from '../../../src/adapter-kit/expressions.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { refusedXml } from '../../../src/adapter-kit/xml.ts'
import { compileWithXml } from '../expressions.ts'
import type { IncomingProfile } from '../incoming.ts'
import { fromLocal } from '../local-time.ts'
import {
  type EventField,
  eventFields,
  type IncomingSettings,
  type PlainIncoming,
  type PlainSettings,
} from '../settings.ts'
import { type Line, needed } from '../soap/line.ts'
import type { Elements } from '../soap/wsdl-write.ts'
import { textOf } from './answers.ts'
import { elementsRead } from './elements.ts'
import { contentOf, objectOf } from './objects.ts'

type Report = { [K in EventField]?: unknown }
type Compiled = readonly (readonly [EventField, Expression])[]

const MAX_REPORTS = 100

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function plainIncoming(
  line: Line,
  plain: PlainSettings,
  own: PlainIncoming,
  incoming: IncomingSettings = {},
): IncomingProfile {
  const each = own.each === undefined ? undefined : compileWithXml(own.each, 'plain.incoming.each')
  const fields: Compiled = eventFields.flatMap((field) => {
    const source = own[field]
    return source === undefined ? [] : [[field, compileWithXml(source, `plain.incoming.${field}`)] as const]
  })
  return {
    operation: needed(incoming.operation, 'incoming.operation'),
    takes: { parameters: elementsRead(own), answer: elementsOf(acknowledgements(own).ok) },
    async read(content, { body, receivedAt }) {
      const message = objectOf(content)
      const listed = each ? await each(message) : message
      const reports: unknown[] = Array.isArray(listed) ? listed : [listed]
      if (reports.length > MAX_REPORTS) throw refusedXml('一次报告过多 (tells of too many things at once)')
      const digest = hash('sha256', body, 'hex')
      const events: ExternalEvent[] = []
      for (const [index, one] of reports.entries()) {
        const event = eventOf(await reportOf(one, fields), plain, `${digest}-${index}`, receivedAt)
        if (event) events.push(event)
      }
      return events
    },
    answer: (outcome) => answerFor(line, own, outcome),
  }
}

async function reportOf(one: unknown, fields: Compiled): Promise<Report> {
  const report: Report = {}
  for (const [field, evaluate] of fields) report[field] = await evaluate(one)
  return report
}

function eventOf(
  report: Report,
  { statuses = {} }: PlainSettings,
  fallbackId: string,
  receivedAt: Date,
): ExternalEvent | undefined {
  const status = textOf(report.status) ?? ''
  const type = Object.hasOwn(statuses, status) ? statuses[status] : undefined
  if (type === undefined) {
    const option = status ? { code: status.slice(0, 32) } : {}
    throw new AdapterFailure('unrecognised', '状态代码不在对照表中 (the status is not in the table)', option)
  }
  if (type === null) return undefined
  const caseId = textOf(report.caseId)
  const reference = textOf(report.reference)
  if (!caseId && !reference) throw refusedXml('消息未指明办件 (the message names no case)')
  return {
    id: textOf(report.eventId) ?? fallbackId,
    type,
    at: fromLocal(textOf(report.time) ?? '', receivedAt),
    ...(caseId ? { caseId } : {}),
    ...(reference ? { reference } : {}),
    detail: detailOf(report, reference),
  }
}

function detailOf(report: Report, reference: string | undefined): EventDetail {
  const reason = textOf(report.reason)
  const days = textOf(report.limitDays)
  if (days !== undefined && !/^[1-9]\d{0,3}$/.test(days))
    throw refusedXml('时限不是天数 (a limit is no number of days)')
  const materials = materialsOf(report.materials)
  return {
    ...(reference ? { reference } : {}),
    ...(reason ? { reason } : {}),
    ...(days === undefined ? {} : { limitDays: Number(days) }),
    ...(materials.length > 0 ? { materials } : {}),
    ...resultOf(report.result),
  }
}

function materialsOf(written: unknown): { code: string; reason: string }[] {
  const listed: unknown[] = Array.isArray(written) ? written : written === undefined ? [] : [written]
  return listed.map((one) => {
    const { code, reason } = (one ?? {}) as Record<string, unknown>
    const known = textOf(code)
    if (!known) throw refusedXml('补正材料缺少代码 (a material that is asked for has no code)')
    return { code: known, reason: textOf(reason) ?? '' }
  })
}

function resultOf(written: unknown): Pick<EventDetail, 'result'> {
  if (typeof written !== 'object' || written === null) return {}
  const { type, name, number } = written as Record<string, unknown>
  if (type !== 'electronic' && type !== 'paper')
    throw refusedXml('结果类型无法识别 (the kind of result is not known)')
  const given = textOf(number)
  return { result: { type, name: textOf(name) ?? '', ...(given ? { number: given } : {}) } }
}

const acknowledgements = ({ acknowledge }: PlainIncoming) => ({ ok: { return: '0' }, ...acknowledge })

const elementsOf = (template: Readonly<Record<string, string>>): Elements =>
  Object.fromEntries(Object.keys(template).map((name) => [name, {}]))

function answerFor(line: Line, own: PlainIncoming, outcome: IncomingOutcome) {
  const { ok, failed } = acknowledgements(own)
  const template = outcome.ok ? ok : failed
  if (!template) return { fault: outcome.ok ? '' : outcome.detail }
  const filled = Object.entries(template).map(([name, value]) => [name, fill(value, outcome)])
  const markup = contentOf(line.writer, Object.fromEntries(filled), line.qualified ? 'd:' : '')
  return { status: statusOf(outcome), markup }
}

const fill = (value: string, outcome: IncomingOutcome) =>
  outcome.ok
    ? value
    : value.replaceAll('{code}', () => outcome.code).replaceAll('{detail}', () => outcome.detail)

/** What only patience or other credentials can mend keeps its HTTP status. */
function statusOf(outcome: IncomingOutcome): number {
  if (outcome.ok) return 200
  const { status } = outcome
  return status === 401 || status === 403 || status === 429 || status >= 500 ? status : 200
}
