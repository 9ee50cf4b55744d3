// JSONata, compiled once when the system is created. Faults of an expression are told by their code and place:
// JSONata's own messages quote the data, which may be personal.

import jsonata from 'jsonata'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { readXml } from '../../src/adapter-kit/xml.ts'
import { fromLocal, toLocal } from './local-time.ts'
import { objectOf } from './plain/objects.ts'

export type Expression = (input: unknown, bindings?: Record<string, unknown>) => Promise<unknown>

const LAST_DAY = new Date('9999-12-31T23:59:59Z')

/**
 * Expressions may use `$localTime(iso)`, `$isoTime(local)` and `$readXml(text)` beside JSONata's own functions.
 * @param where the setting, for the failure
 * @throws AdapterFailure 'unrecognised' for text that is no JSONata
 */
export function compileExpression(source: string, where: string): Expression {
  const expression = parse(source, where)
  expression.registerFunction('localTime', (iso: string) => toLocal(new Date(iso)), '<s:s>')
  expression.registerFunction('isoTime', (local: string) => fromLocal(local, LAST_DAY), '<s:s>')
  expression.registerFunction('readXml', (text: string) => objectOf(readXml(text)), '<s:x>')
  return async (input, bindings) => {
    try {
      const value = await expression.evaluate(input, bindings)
      return Array.isArray(value) ? Array.from(value) : value
    } catch (error) {
      if (error instanceof AdapterFailure) throw error
      const what = `${where}: 表达式无法求值 (cannot be evaluated, ${codeOf(error)})`
      throw new AdapterFailure('unrecognised', what)
    }
  }
}

function parse(source: string, where: string): jsonata.Expression {
  try {
    return jsonata(source)
  } catch (error) {
    const { position } = error as Partial<jsonata.JsonataError>
    const what = `${where}: JSONata 有误 (not JSONata, ${codeOf(error)} at ${position ?? 0})`
    throw new AdapterFailure('unrecognised', what, { sent: false })
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'no code'
}
