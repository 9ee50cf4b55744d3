// The elements that the expressions of `plain.incoming` read, for the WSDL that we publish: found in the expressions
// themselves, so that nothing has to be said twice. Must not evaluate anything.

import jsonata from 'jsonata'
import { reportFields } from '../../../src/adapter-kit/case-report.ts'
import type { PlainIncoming } from '../settings.ts'
import type { Elements } from '../soap/wsdl-write.ts'

interface Found {
  [name: string]: Found
}

const ELEMENT = /^[\p{L}_][\p{L}\p{N}_.-]*$/u

/** @param incoming its expressions were compiled before, so they are JSONata */
export function elementsRead(incoming: PlainIncoming): Elements {
  const message = nothing()
  const one = incoming.each === undefined ? message : walk(jsonata(incoming.each).ast(), message)
  for (const field of reportFields) {
    const source = incoming[field]
    if (source !== undefined) walk(jsonata(source).ast(), one)
  }
  return message
}

/** Without a prototype: names are the department's. */
const nothing = (): Found => Object.create(null) as Found

function below(context: Found, name: string): Found {
  const found = context[name] ?? nothing()
  context[name] = found
  return found
}

/** Notes the names below `context` and answers where the node leads to. */
function walk(node: unknown, context: Found): Found {
  if (typeof node !== 'object' || node === null) return context
  const { type, value, steps, stages, lhs } = node as Partial<Record<string, unknown>>
  if (type === 'path' && Array.isArray(steps))
    return steps.reduce<Found>((at, step) => walk(step, at), context)
  if (type === 'name' && typeof value === 'string') {
    const at = ELEMENT.test(value) ? below(context, value) : context
    walk(stages, at)
    return at
  }
  if (type === 'unary' && value === '{') {
    walk(lhs, context)
    return context
  }
  const reached = Object.values(node).map((one) => walk(one, context))
  return reached.findLast((one) => one !== context) ?? context
}
