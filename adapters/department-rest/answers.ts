// Configured answers and messages, compiled once: expressions over what a department says to its words as dialect.ts
// wants them. Nothing is judged here.

import { type ReportField, reportFields } from '../../src/adapter-kit/case-report.ts'
import { wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import type { AnswerReader, MessageReader, Page, PageReader, ReadReport, Said, Told } from './dialect.ts'
import type { Compile, Expression } from './expressions.ts'
import { type AnswerSettings, answerFields, type IncomingSettings, type PageSettings } from './settings.ts'

/** Undefined when nothing says how the answer is read. */
export function answerReader(
  own: AnswerSettings,
  base: AnswerReader | undefined,
  where: string,
  compile: Compile,
): AnswerReader | undefined {
  const fields = answerFields.filter((field) => own[field] !== undefined)
  if (fields.length === 0) return base
  if (!base && own.code === undefined) return undefined
  const expressions = fields.map((field) => [field, compile(own[field] ?? '', `${where}.${field}`)] as const)
  return async (answer, told) => {
    const said: Record<string, unknown> = { code: '', ...(await base?.(answer, told)) }
    for (const [field, evaluate] of expressions) said[field] = await evaluate(answer, { ...told })
    return tidy(said)
  }
}

/** Codes and numbers are written as text or as number, depending on who wrote the system. */
function tidy({ code, message, reference, retryAfterMs, found }: Record<string, unknown>): Said {
  return {
    code: textOf(code) ?? '',
    ...(typeof message === 'string' ? { message } : {}),
    ...member('reference', textOf(reference)),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    ...(found === undefined ? {} : { found: found === true }),
  }
}

export function pageReader(own: PageSettings, where: string, compile: Compile): PageReader {
  const items = compile(own.items, `${where}.items`)
  const cursor = own.cursor === undefined ? undefined : compile(own.cursor, `${where}.cursor`)
  const more = own.more === undefined ? undefined : compile(own.more, `${where}.more`)
  return async (answer: unknown, told: Told): Promise<Page> => {
    const listed = await items(answer, { ...told })
    const bindings = { ...told, items: listed }
    const next = textOf(await cursor?.(answer, bindings))
    const another = await more?.(answer, bindings)
    return {
      items: listed,
      ...(next === undefined || next === '' ? {} : { cursor: next }),
      ...(another === undefined ? {} : { more: another === true }),
    }
  }
}

export function messageReader(
  own: IncomingSettings | undefined,
  base: MessageReader | undefined,
  compile: Compile,
): MessageReader | undefined {
  const fields = reportFields.filter((field) => own?.[field] !== undefined)
  const each = own?.each === undefined ? undefined : compile(own.each, 'incoming.each')
  if (fields.length === 0 && !each) return base
  const read = itemReader(own ?? {}, base, 'incoming', compile)
  return async (message) => {
    const listed = each ? await each(message) : message
    // A list that is empty, in XML or by JSONata, is nothing at all.
    const reports: unknown[] = Array.isArray(listed) ? listed : each && listed === undefined ? [] : [listed]
    return (await Promise.all(reports.map((report) => read(report)))).flat()
  }
}

/** What asks the clock or chance gives something else each time. */
const UNSTEADY = /\$(?:now|millis|random|shuffle)\b/

/**
 * Reads one report, over what the preset reads of it.
 * @throws AdapterFailure 'unrecognised' for an eventId that would be another each time
 */
export function itemReader(
  own: { readonly [K in ReportField]?: string },
  base: MessageReader | undefined,
  where: string,
  compile: Compile,
): MessageReader {
  const expressions = reportFields
    .filter((field) => own[field] !== undefined)
    .map((field) => [field, compile(own[field] ?? '', `${where}.${field}`)] as const)
  const unsteady = reportFields.filter((field) => UNSTEADY.test(own[field] ?? ''))
  if (unsteady.includes('eventId'))
    throw wrongSetting(
      `${where}.eventId`,
      '不能取自时钟或随机数，否则每次都是新事件 (must not come of the clock or of chance: each try would be a new event)',
      '不配置 eventId (leave it out: then a report is known by its content)',
    )
  return async (report) => {
    const read = await reportOf(report, base, expressions)
    return [unsteady.length > 0 ? { ...read, itself: report } : read]
  }
}

type FieldExpressions = readonly (readonly [ReportField, Expression])[]

async function reportOf(
  report: unknown,
  base: MessageReader | undefined,
  expressions: FieldExpressions,
): Promise<ReadReport> {
  const event: ReadReport = { ...(await base?.(report))?.[0] }
  for (const [field, evaluate] of expressions) event[field] = await evaluate(report)
  return event
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

const member = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value }
