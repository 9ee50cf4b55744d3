// JSONata of the settings, compiled once. Faults are told by their code and place: JSONata's own messages quote the
// data, which may be personal.

import jsonata from 'jsonata'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import { toLocal } from './local-time.ts'

export type Expression = (input: unknown, bindings: Record<string, unknown>) => Promise<unknown>

/**
 * Expressions may use `$localTime(iso)` beside JSONata's own functions.
 * @param where the setting. @throws AdapterFailure 'unrecognised' for text that is no JSONata
 */
export function compileExpression(source: string, where: string, offset: string): Expression {
  const expression = parse(source, where)
  expression.registerFunction('localTime', (iso: string) => toLocal(iso, offset), '<s:s>')
  return async (input, bindings) => {
    try {
      return await expression.evaluate(input, bindings)
    } catch (error) {
      throw new AdapterFailure(
        'unrecognised',
        `${where}: 表达式无法求值，请修改配置 (cannot be evaluated, ${codeOf(error)}; mend the setting)`,
        { sent: false, cause: error },
      )
    }
  }
}

function parse(source: string, where: string): jsonata.Expression {
  try {
    return jsonata(source)
  } catch (error) {
    const { position = 0, message } = error as Partial<jsonata.JsonataError>
    throw wrongSetting(
      where,
      `JSONata 有误 (not JSONata, ${codeOf(error)} at ${position}): ${message}`,
      '=form.area > 100 ? "2" : "1"',
      error,
    )
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'no code'
}
