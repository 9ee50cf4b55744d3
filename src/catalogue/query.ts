// The query of a checklist: ?home=&mode=&modes=&situations=&version=. Anything else is refused, so that a
// misspelt parameter never looks like an answer to another question.

import type { Mode } from '../domain/catalogue.ts'
import type { PlanRequest } from '../domain/plan.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'
import { inQuery, refuseUnknown, unknownParameter } from '../http/query-parameters.ts'
import { type Divisions, knownDivision } from '../intake/normalise/index.ts'

type Query = Readonly<Record<string, string | string[]>>

const modes: readonly Mode[] = ['online', 'agent', 'appointment']
const parameters = ['home', 'mode', 'modes', 'situations', 'version']

/**
 * `situations` and `modes` are a JSON object each, or one parameter for each member: `situations[hasSignboard]=true`,
 * `modes[food-licence]=appointment`.
 * Throws `invalid-request` with all errors; pointers name the parameter.
 */
export function readQuery(theme: string, query: Query, catalogue: Divisions): PlanRequest {
  const errors: FieldError[] = []
  const homeDivision = knownDivision(only(query, 'home', errors), catalogue)
  const mode = modes.find((each) => each === only(query, 'mode', errors))
  if (query.mode !== undefined && !Array.isArray(query.mode) && !mode) {
    errors.push(noMode(inQuery('mode'), 'mode'))
  }
  const situations = readSituations(query, errors)
  const own = readModes(query, errors)
  for (const name of Object.keys(query)) if (!isKnown(name)) errors.push(unknownParameter(name, parameters))
  if (errors.length > 0 || !mode) throw problem('invalid-request', { errors })
  return { theme, homeDivision, mode, situations, ...(Object.keys(own).length === 0 ? {} : { modes: own }) }
}

/** For routes that take ?version= and nothing else. */
export const refuseOthers = (query: Query): void => refuseUnknown(query, ['version'])

/** `?version=`: number or hash; undefined for the one in force. */
export function readVersion({ version }: Query): string | undefined {
  if (version === undefined || (typeof version === 'string' && version !== '')) return version
  const [en, zh] = ['version must be given once: a number or a hash', '必须填写一个 version：版本号或哈希']
  throw problem('invalid-request', { errors: [fieldError(inQuery('version'), 'invalid-value', en, zh)] })
}

function only(query: Query, name: string, errors: FieldError[]): string {
  const value = query[name]
  if (typeof value === 'string' && value !== '') return value
  const found = errors.some((error) => error.pointer === inQuery(name))
  if (!found)
    errors.push(fieldError(inQuery(name), 'required', `${name} must be given once`, `必须填写一个 ${name}`))
  return ''
}

function noMode(pointer: string, name: string): FieldError {
  return fieldError(
    pointer,
    'invalid-value',
    `${name} must be one of ${modes.join(', ')}`,
    `${name} 只能为：${modes.join('、')}`,
  )
}

function readSituations(query: Query, errors: FieldError[]): Record<string, unknown> {
  const typed = (value: unknown) => (value === 'true' ? true : value === 'false' ? false : value)
  return { ...readJson(query, 'situations', errors), ...mapped(membersOf(query, 'situations'), typed) }
}

/** Matters handled in another mode than the rest, as in a submission. */
function readModes(query: Query, errors: FieldError[]): Record<string, Mode> {
  const given = { ...readJson(query, 'modes', errors), ...membersOf(query, 'modes') }
  return Object.fromEntries(
    Object.entries(given).flatMap(([matter, value]) => {
      const mode = modes.find((each) => each === value)
      if (mode === undefined) errors.push(noMode(inQuery('modes', matter), `modes[${matter}]`))
      return mode === undefined ? [] : [[matter, mode]]
    }),
  )
}

const mapped = (members: Record<string, unknown>, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value)]))

const MEMBER = /^(situations|modes)\[([A-Za-z0-9_-]{1,64})\]$/

/** `name[member]=value`, one parameter each. */
function membersOf(query: Query, name: 'situations' | 'modes'): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([parameter, value]) => {
      const [, of, member] = MEMBER.exec(parameter) ?? []
      return of === name && member !== undefined ? [[member, value]] : []
    }),
  )
}

function readJson(query: Query, name: 'situations' | 'modes', errors: FieldError[]): Record<string, unknown> {
  const text = query[name]
  if (text === undefined || text === '') return {}
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Said below, like every other value that is not an object.
  }
  const [en, zh] = [`${name} must be one JSON object`, `${name} 必须是一个 JSON 对象`]
  errors.push(fieldError(inQuery(name), 'invalid-type', en, zh))
  return {}
}

const isKnown = (name: string): boolean => parameters.includes(name) || MEMBER.test(name)
