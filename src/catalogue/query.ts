// The query of a checklist: ?home=&mode=&situations=&version=. Anything else is refused, so that a misspelt parameter
// never looks like an answer to another question.

import type { Mode } from '../domain/catalogue.ts'
import type { PlanProblem, PlanRequest } from '../domain/plan.ts'
import { type Divisions, knownDivision } from '../intake/normalise/index.ts'
import { problem } from '../intake/problems.ts'
import { refuseUnknown, unknownParameter } from '../intake/query-parameters.ts'

type Query = Readonly<Record<string, string | string[]>>

const modes: readonly Mode[] = ['online', 'agent', 'appointment']
const parameters = ['home', 'mode', 'situations', 'version']

/**
 * `situations` is a JSON object, or one parameter each: `situations[hasSignboard]=true`.
 * Throws `invalid-request` with all errors; pointers name the parameter.
 */
export function readQuery(theme: string, query: Query, catalogue: Divisions): PlanRequest {
  const errors: PlanProblem[] = []
  const homeDivision = knownDivision(only(query, 'home', errors), catalogue)
  const mode = modes.find((each) => each === only(query, 'mode', errors))
  if (query.mode !== undefined && !Array.isArray(query.mode) && !mode) {
    errors.push(
      wrong(
        '/mode',
        'wrong-value',
        `mode must be one of ${modes.join(', ')}`,
        `mode 只能为：${modes.join('、')}`,
      ),
    )
  }
  const situations = readSituations(query, errors)
  for (const name of Object.keys(query))
    if (!isKnown(name)) errors.push(unknownParameter(name, parameters, ''))
  if (errors.length > 0 || !mode) throw problem('invalid-request', { errors })
  return { theme, homeDivision, mode, situations }
}

/** For routes that take ?version= and nothing else. */
export const refuseOthers = (query: Query): void => refuseUnknown(query, ['version'], '')

/** `?version=`: number or hash; undefined for the one in force. */
export function readVersion({ version }: Query): string | undefined {
  if (version === undefined || (typeof version === 'string' && version !== '')) return version
  const [en, zh] = ['version must be given once: a number or a hash', '必须填写一个 version：版本号或哈希']
  throw problem('invalid-request', { errors: [wrong('/version', 'wrong-value', en, zh)] })
}

function only(query: Query, name: string, errors: PlanProblem[]): string {
  const value = query[name]
  if (typeof value === 'string' && value !== '') return value
  const found = errors.some((error) => error.pointer === `/${name}`)
  if (!found) errors.push(wrong(`/${name}`, 'missing', `${name} must be given once`, `必须填写一个 ${name}`))
  return ''
}

function readSituations(query: Query, errors: PlanProblem[]): Record<string, unknown> {
  const situations = readJson(query.situations, errors)
  for (const [name, value] of Object.entries(query)) {
    const code = /^situations\[([A-Za-z0-9_-]+)\]$/.exec(name)?.[1]
    if (code !== undefined) situations[code] = value === 'true' ? true : value === 'false' ? false : value
  }
  return situations
}

function readJson(text: string | string[] | undefined, errors: PlanProblem[]): Record<string, unknown> {
  if (text === undefined || text === '') return {}
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Said below, like every other value that is not an object.
  }
  errors.push(
    wrong(
      '/situations',
      'wrong-type',
      'situations must be one JSON object',
      'situations 必须是一个 JSON 对象',
    ),
  )
  return {}
}

const isKnown = (name: string): boolean => parameters.includes(name) || /^situations\[[^\]]+\]$/.test(name)

function wrong(pointer: string, code: string, message: string, messageZh: string): PlanProblem {
  return { pointer, code, message, messageZh }
}
