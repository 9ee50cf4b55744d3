// Fills an answer template: `{{path}}` alone takes the value as it is, inside a text it takes its text.
// No logic in templates; a platform that needs some gets a JSONata expression or an adapter of its own.

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
