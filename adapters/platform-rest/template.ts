// Fills an answer template: `{{path}}` alone takes the value as it is, inside a text it takes its text.
// No logic in templates; a platform that needs some gets a JSONata expression or an adapter of its own.

import { wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import { valueAt } from './members.ts'

const WHOLE = /^\{\{\s*([^{}]+?)\s*\}\}$/
const WITHIN = /\{\{\s*([^{}]+?)\s*\}\}/g

/** The template with values of `facts` in place; what has no value is left out (null inside lists). */
export function fill(template: unknown, facts: unknown): unknown {
  if (typeof template === 'string') return fillText(template, facts)
  if (Array.isArray(template)) return template.map((one) => fill(one, facts) ?? null)
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template).flatMap(([key, one]) => {
      const value = fill(one, facts)
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

function fillText(text: string, facts: unknown): unknown {
  const path = WHOLE.exec(text)?.[1]
  if (path !== undefined) return valueAt(facts, path.split('.'))
  return text.replace(WITHIN, (_, inner: string) => String(valueAt(facts, inner.split('.')) ?? ''))
}

/** In one pair of braces or two; more within them is no path. */
const NAMED = /(\{\{?)\s*([\w-]+)((?:\.[\w-]+)*)\s*\}/g

/**
 * @param known what there is, by its first name @param where the setting
 * @throws AdapterFailure 'unrecognised' for a path that would be left empty, or sent as it stands
 */
export function checkTemplate(template: unknown, known: readonly string[], where: string): void {
  if (typeof template === 'string') checkText(template, known, where)
  if (typeof template !== 'object' || template === null) return
  for (const [name, one] of Object.entries(template))
    checkTemplate(one, known, Array.isArray(template) ? `${where}[${name}]` : `${where}.${name}`)
}

function checkText(text: string, known: readonly string[], where: string): void {
  for (const [, braces, name = '', rest = ''] of text.matchAll(NAMED)) {
    if (known.includes(name) === (braces === '{{')) continue
    const what =
      braces === '{'
        ? `取值须用两对花括号 (a value stands in two pairs of braces): {{${name}${rest}}}`
        : `没有 {{${name.slice(0, 40)}}} 可取 (there is no such value)；可用 (there are): ${known.join(' ')}`
    throw wrongSetting(where, what)
  }
}
