// Turns what Ajv says into a sentence that a clerk or a county's engineer can act on, in English and in Chinese.
// The one place that does so: configuration, submissions and forms all explain their errors here.
// It must never repeat the value itself, which may be personal data or a secret.

import type { ErrorObject } from 'ajv/dist/2020.js'
import { nearest } from '../domain/nearest.ts'
import { pointerPart } from '../domain/pointer.ts'
import { gatherFaults, type Listed, MAX_ERRORS } from './many-errors.ts'

/** Stable: the gateway answers with them. */
type SchemaFault =
  | 'required'
  | 'unknown-field'
  | 'invalid-type'
  | 'invalid-value'
  | 'invalid-form'
  | 'invalid-name'
  | 'not-allowed'
  | 'empty'
  | 'too-short'
  | 'too-long'
  | 'too-few'
  | 'too-many'
  | 'too-small'
  | 'too-large'
  | 'repeated'
  | 'more-errors'

export interface Explained extends Listed<SchemaFault> {
  /** RFC 6901; for a missing or unknown field it points at that field, not at its parent. */
  pointer: string
  message: string
  messageZh: string
}

/**
 * All errors of one validation, without those that only repeat another (`if`, branches of a failed choice). Of more than
 * 500, the first and how many there are more.
 */
export function explainAll(errors: readonly ErrorObject[] | null | undefined): Explained[] {
  const choices = choicesOf(errors ?? [])
  const seen = new Set<string>()
  const faults = gatherFaults<SchemaFault>()
  for (const error of errors ?? []) {
    if (repeats(error, choices)) continue
    // A sentence takes longer than all the rest; what is only counted gets none.
    if (seen.size > MAX_ERRORS) faults.addMade(() => explain(error))
    else {
      const it = explain(error)
      const key = `${it.pointer} ${it.code} ${it.message}`
      if (!seen.has(key)) faults.add(it)
      seen.add(key)
    }
  }
  return faults.list()
}

/** One Ajv error (with `verbose: true` the sentence can name what is allowed). Keywords of JSON Schema 2020-12. */
export function explain(error: ErrorObject): Explained {
  const sentence = (sentences[error.keyword] ?? otherwise)(error.params as Params, error)
  const [code, message, messageZh] = error.propertyName === undefined ? sentence : wrongName(error, sentence)
  return { pointer: pointerOf(error), code, message, messageZh }
}

/** Where the error is, as a JSON Pointer. */
function pointerOf(error: ErrorObject): string {
  const params = error.params as Params
  const child =
    error.propertyName ??
    params.propertyName ??
    params.missingProperty ??
    params.additionalProperty ??
    params.unevaluatedProperty
  if (child === undefined) return error.instancePath
  return `${error.instancePath}/${pointerPart(String(child))}`
}

type Params = Record<string, unknown>
type Sentence = readonly [code: SchemaFault, en: string, zh: string]

const sentences: Record<string, (params: Params, error: ErrorObject) => Sentence> = {
  required: (p) => ['required', `${p.missingProperty} is missing`, `缺少 ${p.missingProperty}`],
  dependentRequired: (p) => [
    'required',
    `${p.missingProperty} is missing: ${p.property} needs it`,
    `填写了 ${p.property} 就必须填写 ${p.missingProperty}`,
  ],
  additionalProperties: (p, error) => unknownField(String(p.additionalProperty), error),
  unevaluatedProperties: (p, error) => unknownField(String(p.unevaluatedProperty), error),
  propertyNames: (p) => [
    'invalid-name',
    `The name ${p.propertyName} is not allowed here`,
    `此处不允许使用名称 ${p.propertyName}`,
  ],
  type: (p, error) => wrongType(p.type as string | string[], error),
  enum: (p) => oneOf((p.allowedValues as unknown[]).map(String)),
  const: (p) => ['invalid-value', `must be ${p.allowedValue}`, `只能为 ${p.allowedValue}`],
  pattern: (p, error) => wrongForm(error.parentSchema, `the pattern ${p.pattern}`, `格式 ${p.pattern}`),
  format: (p) => [
    'invalid-form',
    `must be a valid ${formatEn(p.format)}`,
    `必须是有效的${formatZh(p.format)}`,
  ],
  minLength: (p) =>
    p.limit === 1
      ? ['empty', 'must not be empty', '不能为空']
      : ['too-short', `must have at least ${p.limit} characters`, `至少 ${p.limit} 个字`],
  maxLength: (p) => ['too-long', `must have at most ${p.limit} characters`, `最多 ${p.limit} 个字`],
  minItems: (p) => ['too-few', `must have at least ${p.limit} entries`, `至少 ${p.limit} 项`],
  maxItems: (p) => ['too-many', `must have at most ${p.limit} entries`, `最多 ${p.limit} 项`],
  minProperties: (p) => ['too-few', `must have at least ${p.limit} entries`, `至少 ${p.limit} 项`],
  maxProperties: (p) => ['too-many', `must have at most ${p.limit} entries`, `最多 ${p.limit} 项`],
  uniqueItems: (p) => [
    'repeated',
    `entries ${number(p.j)} and ${number(p.i)} are the same`,
    `第 ${number(p.j)} 项与第 ${number(p.i)} 项重复`,
  ],
  minimum: (p) => ['too-small', `must be at least ${p.limit}`, `不能小于 ${p.limit}`],
  maximum: (p) => ['too-large', `must be at most ${p.limit}`, `不能大于 ${p.limit}`],
  exclusiveMinimum: (p) => ['too-small', `must be more than ${p.limit}`, `必须大于 ${p.limit}`],
  exclusiveMaximum: (p) => ['too-large', `must be less than ${p.limit}`, `必须小于 ${p.limit}`],
  multipleOf: (p) => [
    'invalid-value',
    `must be a multiple of ${p.multipleOf}`,
    `必须是 ${p.multipleOf} 的倍数`,
  ],
  contains: () => ['required', 'does not contain a required entry', '缺少必需的一项'],
  oneOf: (_p, error) => choice(error),
  anyOf: (_p, error) => choice(error),
  not: () => ['not-allowed', 'is not allowed here', '此处不允许'],
  'false schema': () => ['not-allowed', 'is not allowed here', '此处不允许'],
}

function otherwise(_params: Params, error: ErrorObject): Sentence {
  return [
    'invalid-value',
    error.message ?? `does not satisfy ${error.keyword}`,
    `不符合要求 (${error.keyword})`,
  ]
}

function unknownField(name: string, error: ErrorObject): Sentence {
  const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {})
  const near = nearest(name, known)
  const listed = known.join(', ')
  return [
    'unknown-field',
    `${name} is not known here${near ? `; did you mean ${near}?` : listed ? `; known are ${listed}` : ''}`,
    `不认识的字段 ${name}${near ? `，是否为 ${near}？` : listed ? `，可用字段：${listed}` : ''}`,
  ]
}

function oneOf(allowed: string[]): Sentence {
  const listed = allowed.length > 12 ? [...allowed.slice(0, 12), '…'] : allowed
  return ['invalid-value', `must be one of ${listed.join(', ')}`, `只能为：${listed.join('、')}`]
}

/** A number where text is asked for is nearly always a code that lost its quotes. */
function wrongType(type: string | string[], error: ErrorObject): Sentence {
  const types = [type].flat()
  const quotes = types.includes('string') && typeof error.data === 'number'
  return [
    'invalid-type',
    `must be ${types.map((each) => typesEn[each] ?? each).join(' or ')}${quotes ? '; put it in quotes' : ''}`,
    `必须是${types.map((each) => typesZh[each] ?? each).join('或')}${quotes ? '，请加引号' : ''}`,
  ]
}

/** Schemas may say in words what a pattern asks for: `"x-form": { "en": …, "zh": … }`, or show it: `"examples": […]`. */
function wrongForm(schema: ErrorObject['parentSchema'], en: string, zh: string): Sentence {
  const form = schema?.['x-form'] as { en?: string; zh?: string } | undefined
  const [example] = (schema?.examples ?? []) as unknown[]
  const shown = example === undefined ? undefined : String(example)
  return [
    'invalid-form',
    `must be ${form?.en ?? (shown === undefined ? `of the form ${en}` : `of a form such as ${shown}`)}`,
    `必须是${form?.zh ?? (shown === undefined ? `符合${zh}的文本` : `形如 ${shown} 的文本`)}`,
  ]
}

function choice(error: ErrorObject): Sentence {
  const form = error.parentSchema?.['x-form'] as { en?: string; zh?: string } | undefined
  return [
    'invalid-form',
    form?.en ? `must be ${form.en}` : 'has none of the allowed forms',
    form?.zh ? `必须是${form.zh}` : '不符合任何一种允许的形式',
  ]
}

/** Told by another error already: `if`, `propertyNames`, and the branches of a failed choice. */
function repeats(error: ErrorObject, choices: readonly string[]): boolean {
  return error.keyword === 'if' || error.keyword === 'propertyNames' || insideChoice(error, choices)
}

/** Where in the schema a oneOf or anyOf failed: as many as the schema has at most, however many errors there are. */
function choicesOf(errors: readonly ErrorObject[]): string[] {
  const paths = new Set<string>()
  for (const { keyword, schemaPath } of errors)
    if (keyword === 'oneOf' || keyword === 'anyOf') paths.add(`${schemaPath}/`)
  return [...paths]
}

function wrongName(error: ErrorObject, [, en, zh]: Sentence): Sentence {
  return ['invalid-name', `the name ${error.propertyName} ${en}`, `名称 ${error.propertyName} ${zh}`]
}

/** The branches of a failed oneOf/anyOf speak of the same place, or below it: the choice itself says enough. */
function insideChoice({ schemaPath }: ErrorObject, choices: readonly string[]): boolean {
  return choices.some((choice) => schemaPath.startsWith(choice))
}

const number = (index: unknown): number => Number(index) + 1
const typesEn: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  null: 'empty',
}
const typesZh: Record<string, string> = {
  string: '文本',
  number: '数字',
  integer: '整数',
  boolean: 'true 或 false',
  array: '列表',
  object: '一组字段',
  null: '空',
}
const formats: Record<string, readonly [string, string]> = {
  date: ['date such as 2026-11-23', '日期，如 2026-11-23'],
  'date-time': [
    'time with offset such as 2026-11-23T09:00:00+08:00',
    '带时区的时间，如 2026-11-23T09:00:00+08:00',
  ],
  time: ['time', '时间'],
  email: ['e-mail address', '电子邮件地址'],
  uri: ['address (URI)', '网址'],
  uuid: ['UUID', 'UUID'],
  'id-number': ['identity card number of 18 characters', '18 位公民身份号码'],
  uscc: ['unified social credit code of 18 characters', '18 位统一社会信用代码'],
  mobile: ['mobile number of 11 digits', '11 位手机号码'],
  phone: ['telephone number', '电话号码'],
  division: ['six-digit division code', '六位行政区划代码'],
  'holder-number': ['number of the document of identity', '证件号码'],
  regex: ['regular expression', '正则表达式'],
}
const formatEn = (format: unknown): string => formats[String(format)]?.[0] ?? String(format)
const formatZh = (format: unknown): string => formats[String(format)]?.[1] ?? ` ${String(format)}`
