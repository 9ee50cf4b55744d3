// JSONata of the settings, with the department's time and XML within texts.

import { toLocal } from '../../src/adapter-kit/beijing-time.ts'
import { compileExpression, type Expression } from '../../src/adapter-kit/expressions.ts'
import { readXml } from '../../src/adapter-kit/xml.ts'
import { isoOf } from './local-time.ts'
import { objectOf } from './plain/objects.ts'

/**
 * Expressions may use `$localTime(iso)`, `$isoTime(local)` and `$readXml(text)` beside JSONata's own functions.
 * @param where the setting, for the failure
 * @throws AdapterFailure 'unrecognised' for text that is no JSONata
 */
export function compileWithXml(source: string, where: string): Expression {
  return compileExpression(source, {
    where,
    functions: {
      localTime: [(iso: string) => toLocal(new Date(iso)), '<s:s>'],
      isoTime: [isoOf, '<s:s>'],
      readXml: [(text: string) => objectOf(readXml(text)), '<s:x>'],
    },
  })
}
