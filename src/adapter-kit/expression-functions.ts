// Functions that an expression calls and nobody has: JSONata would only notice when the first case is to be sent.

import type jsonata from 'jsonata'
import { nearest } from '../domain/nearest.ts'

/** JSONata's own, 2.2. */
export const jsonataFunctions =
  'abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now number pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt string substring substringAfter substringBefore sum toMillis trim type uppercase zip'.split(
    ' ',
  )

interface Node {
  type?: unknown
  value?: unknown
  procedure?: unknown
  arguments?: unknown
  lhs?: unknown
  rhs?: unknown
  focus?: unknown
  index?: unknown
}

/** A sentence on the first function that is neither JSONata's, nor one of `ours`, nor made by the expression itself. */
export function unknownFunction(expression: jsonata.Expression, ours: readonly string[]): string | undefined {
  const known = new Set([...jsonataFunctions, ...ours])
  const called: string[] = []
  const made = new Set<string>()
  look(expression.ast(), called, made)
  const name = called.find((one) => !known.has(one) && !made.has(one))
  if (name === undefined) return undefined
  const near = nearest(name, known)
  const meant = near === undefined ? '' : `，是否为 $${near}？(did you mean $${near}?)`
  return `没有函数 $${name.slice(0, 40)} (there is no such function)${meant}`
}

function look(node: unknown, called: string[], made: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  const { type, procedure, lhs, rhs, arguments: given, focus, index } = node as Node
  if (type === 'function' || type === 'partial') note(procedure, called)
  if (type === 'apply') note(rhs, called)
  if (type === 'bind') note(lhs, made)
  if (type === 'lambda' && Array.isArray(given)) for (const one of given) note(one, made)
  for (const name of [focus, index]) if (typeof name === 'string') made.add(name)
  for (const inner of Object.values(node)) look(inner, called, made)
}

function note(node: unknown, names: string[] | Set<string>): void {
  const { type, value } = (node ?? {}) as Node
  if (type !== 'variable' || typeof value !== 'string') return
  if (Array.isArray(names)) names.push(value)
  else names.add(value)
}
