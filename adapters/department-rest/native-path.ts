// Plain paths such as `applicant.name` without JSONata, which needs a hundred times as long for them. Where a list is on
// the way JSONata has its own rules: then it is asked.

const PATH = /^\$?[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u
const reserved = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function', 'λ'])

/** Ask JSONata instead. */
export const ASK = Symbol('a list is on the way')

type Walk = (input: unknown, bindings?: Readonly<Record<string, unknown>>) => unknown

/** Undefined when the text is more than a path. */
export function nativePath(source: string): Walk | undefined {
  const text = source.trim()
  const names = text.split('.')
  if (!PATH.test(text) || names.some((name) => reserved.has(name))) return undefined
  const first = names[0] ?? ''
  if (!first.startsWith('$')) return (input) => walk(input, names)
  const [, ...rest] = names
  return (_input, bindings) => {
    const bound = first.slice(1)
    return bindings && Object.hasOwn(bindings, bound) ? walk(bindings[bound], rest) : ASK
  }
}

function walk(input: unknown, names: readonly string[]): unknown {
  let value = input
  for (const name of names) {
    if (Array.isArray(value)) return ASK
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
