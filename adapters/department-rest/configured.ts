// Lays a system's own settings over its preset (or over nothing): what is configured is compiled here,
// what is not stays as the preset wrote it.

import type { MaterialContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import {
  type AnswerReader,
  type Codes,
  type Dialect,
  type MessageReader,
  type ReportedEvent,
  type Said,
  type Say,
  type SpeechContext,
  type Spoken,
  type SpokenOperation,
  spokenOperations,
} from './dialect.ts'
import { compileExpression, compilePath, type Expression, templateSource } from './expressions.ts'
import { house } from './house/dialect.ts'
import { CHINA_OFFSET } from './local-time.ts'
import {
  type AnswerSettings,
  type DepartmentSettings,
  type IncomingField,
  type IncomingSettings,
  incomingFields,
  type OperationSettings,
  type RequestSettings,
} from './settings.ts'

const nothing: Dialect = { operations: {} }

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function dialectOf(settings: DepartmentSettings): Dialect {
  const preset = settings.preset === 'house' ? house : nothing
  const compile: Compile = (source, where) =>
    compileExpression(source, where, settings.utcOffset ?? CHINA_OFFSET)
  const operations: Record<string, Spoken<never>> = {}
  for (const name of spokenOperations) {
    const spoken = spokenOf(name, preset, settings, compile)
    if (spoken) operations[name] = spoken
  }
  const incoming = messageReader(settings.incoming, preset.incoming, compile)
  const check = settings.check ?? preset.check
  return { operations, ...(incoming ? { incoming } : {}), ...(check ? { check } : {}) }
}

type Compile = (source: string, where: string) => Expression

function spokenOf(
  name: SpokenOperation,
  preset: Dialect,
  settings: DepartmentSettings,
  compile: Compile,
): Spoken<never> | undefined {
  const base = preset.operations[name] as Spoken<never> | undefined
  const own: OperationSettings = settings.operations?.[name] ?? {}
  if (!base && !own.send) return undefined
  const where = `operations.${name}`
  const read = answerReader({ ...settings.answer, ...own.answer }, base?.read, `${where}.answer`, compile)
  const codes: Codes = { ...base?.codes, ...settings.codes, ...own.codes }
  const say = own.send ? sayOf(own.send, `${where}.send`, compile) : base?.say
  if (!read || !say)
    throw new AdapterFailure('unrecognised', `${where}: answer.code 缺失 (is missing)`, { sent: false })
  const find = findOf(own, base, settings, where, compile)
  return {
    say,
    read,
    codes,
    honoursKey: own.honoursKey ?? base?.honoursKey ?? false,
    ...(find ? { find } : {}),
  }
}

function findOf(
  own: OperationSettings,
  base: Spoken<never> | undefined,
  settings: DepartmentSettings,
  where: string,
  compile: Compile,
): Spoken<never>['find'] {
  const say = own.find ? sayOf(own.find, `${where}.find`, compile) : base?.find?.say
  const read = answerReader(
    { ...settings.answer, ...own.find?.answer },
    base?.find?.read,
    `${where}.find.answer`,
    compile,
  )
  if (!say || !read) return undefined
  return { say, read, codes: { ...base?.find?.codes, ...settings.codes, ...own.codes, ...own.find?.codes } }
}

function sayOf(request: RequestSettings, where: string, compile: Compile): Say<never> {
  const path = compilePath(request.path, encodeURIComponent)
  const headers = Object.entries(request.headers ?? {}).map(
    ([name, value]) => [name, compilePath(value, String)] as const,
  )
  const { body: template } = request
  const source = typeof template === 'string' ? template : templateSource(template)
  const body = template === undefined ? undefined : compile(source, `${where}.body`)
  return async (content, context) => {
    const values: Record<string, unknown> = { ...(content as Record<string, unknown>), key: context.key }
    const bindings = { key: context.key, now: context.now.toISOString() }
    return {
      method: request.method,
      path: path(values),
      headers: Object.fromEntries(headers.map(([name, fill]) => [name, fill(values)])),
      ...(body ? { body: await body(withFiles(content, context), bindings) } : {}),
    }
  }
}

/** The content as expressions see it: each file with its `url` or `base64`. */
function withFiles(content: { materials?: MaterialContent[] }, context: SpeechContext): unknown {
  if (!content.materials) return content
  const materials = content.materials.map((material) => ({
    ...material,
    files: material.files.map((file) => ({ ...file, ...context.carry(file) })),
  }))
  return { ...content, materials }
}

const answerFields = ['code', 'message', 'reference', 'retryAfterMs', 'found'] as const

function answerReader(
  own: AnswerSettings,
  base: AnswerReader | undefined,
  where: string,
  compile: Compile,
): AnswerReader | undefined {
  const fields = answerFields.filter((field) => own[field] !== undefined)
  if (fields.length === 0) return base
  if (!base && own.code === undefined) return undefined
  const expressions = fields.map((field) => [field, compile(own[field] ?? '', `${where}.${field}`)] as const)
  return async (answer) => {
    const said: Record<string, unknown> = { code: '', ...(await base?.(answer)) }
    for (const [field, evaluate] of expressions) said[field] = await evaluate(answer)
    return tidy(said)
  }
}

/** Codes and numbers are written as text or as number, depending on who wrote the system. */
function tidy({ code, message, reference, retryAfterMs, found }: Record<string, unknown>): Said {
  return {
    code: code === undefined || code === null ? '' : String(code),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof reference === 'string' || typeof reference === 'number'
      ? { reference: String(reference) }
      : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    ...(found === undefined ? {} : { found: found === true }),
  }
}

function messageReader(
  own: IncomingSettings | undefined,
  base: MessageReader | undefined,
  compile: Compile,
): MessageReader | undefined {
  const fields = incomingFields.filter((field) => own?.[field] !== undefined)
  const each = own?.each === undefined ? undefined : compile(own.each, 'incoming.each')
  if (fields.length === 0 && !each) return base
  const expressions = fields.map(
    (field) => [field, compile(own?.[field] ?? '', `incoming.${field}`)] as const,
  )
  return async (message) => {
    const listed = each ? await each(message) : message
    const reports = Array.isArray(listed) ? listed : [listed]
    return Promise.all(reports.map((report: unknown) => reportOf(report, base, expressions)))
  }
}

type FieldExpressions = readonly (readonly [IncomingField, Expression])[]

async function reportOf(
  report: unknown,
  base: MessageReader | undefined,
  expressions: FieldExpressions,
): Promise<ReportedEvent> {
  const event: ReportedEvent = { ...(await base?.(report))?.[0] }
  for (const [field, evaluate] of expressions) event[field] = await evaluate(report)
  return event
}
