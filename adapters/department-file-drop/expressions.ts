// JSONata of the settings, with the department's time.

import { compileExpression, type Expression } from '../../src/adapter-kit/expressions.ts'
import { toIso, toLocal } from '../../src/adapter-kit/local-time.ts'

/**
 * Expressions may use `$localTime(iso)` and `$isoTime(local)` beside JSONata's own functions.
 * @param where the setting. @throws AdapterFailure 'unrecognised' for text that is no JSONata
 */
export function compileWithTime(source: string, where: string, offset: string): Expression {
  return compileExpression(source, {
    where,
    functions: {
      localTime: [(iso: string) => toLocal(iso, offset), '<s:s>'],
      isoTime: [(local: string) => toIso(local, offset), '<s:s>'],
    },
  })
}
