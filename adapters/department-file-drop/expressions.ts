// JSONata of the settings, compiled once. Faults are told by their code and place: JSONata's own messages quote the
// data, which may be personal.

import jsonata from 'jsonata'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { toIso, toLocal } from '../../src/adapter-kit/local-time.ts'

export type Expression = (input: unknown, bindings?: Record<string, unknown>) => Promise<unknown>

/**
 * Expressions may use `$localTime(iso)` and `$isoTime(local)` beside JSONata's own functions.
 * @throws AdapterFailure 'unrecognised' for text that is no JSONata
 */
export function compileExpression(source: string, where: string, offset: string): Expression {
  const expression = parse(source, where)
  expression.registerFunction('localTime', (iso: string) => toLocal(iso, offset), '<s:s>')
  expression.registerFunction('isoTime', (local: string) => toIso(local, offset), '<s:s>')
  return async (input, bindings) => {
    try {
      const value: unknown = await expression.evaluate(input, bindings)
      return Array.isArray(value) ? Array.from(value) : value
    } catch (error) {
      if (error instanceof AdapterFailure) throw error
      throw new AdapterFailure(
        'unrecognised',
        `${where}: 表达式无法求值 (cannot be evaluated, ${codeOf(error)})`,
      )
    }
  }
}

function parse(source: string, where: string): jsonata.Expression {
  try {
    return jsonata(source)
  } catch (error) {
    const { position } = error as Partial<jsonata.JsonataError>
    const place = `${codeOf(error)} at ${position ?? 0}`
    throw new AdapterFailure('unrecognised', `${where}: JSONata 有误 (not JSONata, ${place})`, {
      sent: false,
    })
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'no code'
}

/** A template as one expression: texts beginning with '=' are JSONata, all else stands for itself. */
export function templateSource(template: unknown): string {
  if (typeof template === 'string')
    return template.startsWith('=') ? `(${template.slice(1)})` : JSON.stringify(template)
  if (Array.isArray(template)) return `[${template.map(templateSource).join(', ')}]`
  if (typeof template !== 'object' || template === null) return JSON.stringify(template)
  return `{${Object.entries(template)
    .map(([name, value]) => `${JSON.stringify(name)}: ${templateSource(value)}`)
    .join(', ')}}`
}
