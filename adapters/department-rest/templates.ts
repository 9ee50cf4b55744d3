// A body as it is written in YAML: texts beginning with '=' are JSONata, all else stands for itself. Each
// text is compiled by itself, so that plain paths cost next to nothing. What an expression leaves undefined
// is left out.

import { refuseCall } from '../../src/adapter-kit/expressions.ts'
import type { Compile, Expression } from './expressions.ts'

export function compileTemplate(template: unknown, where: string, compile: Compile): Expression {
  if (typeof template === 'string') return textOf(template, where, compile)
  if (Array.isArray(template)) return listOf(template, where, compile)
  if (typeof template !== 'object' || template === null) return () => template
  return objectOf(template, where, compile)
}

function textOf(template: string, where: string, compile: Compile): Expression {
  if (template.startsWith('=')) return compile(template.slice(1), where)
  refuseCall(template, where)
  return () => template
}

function objectOf(template: object, where: string, compile: Compile): Expression {
  const members = Object.entries(template).map(
    ([name, value]) => [name, compileTemplate(value, `${where}.${name}`, compile)] as const,
  )
  return async (input, bindings) => {
    const made: Record<string, unknown> = {}
    for (const [name, evaluate] of members) {
      const given = evaluate(input, bindings)
      const value = given instanceof Promise ? await given : given
      if (value !== undefined) made[name] = value
    }
    return made
  }
}

/** As in JSONata, a list that an expression makes becomes part of the list around it. */
function listOf(template: readonly unknown[], where: string, compile: Compile): Expression {
  const items = template.map((value, index) => ({
    evaluate: compileTemplate(value, `${where}[${index}]`, compile),
    spreads: typeof value === 'string',
  }))
  return async (input, bindings) => {
    const made: unknown[] = []
    for (const { evaluate, spreads } of items) {
      const given = evaluate(input, bindings)
      const value = given instanceof Promise ? await given : given
      if (spreads && Array.isArray(value)) made.push(...(value as unknown[]))
      else if (value !== undefined) made.push(value)
    }
    return made
  }
}
