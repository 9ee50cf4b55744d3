// A mapping as configured: JSONata, a field map, or nothing at all. Compiled once; faults of an expression quote nothing.

import { compileExpression } from '../../src/adapter-kit/expressions.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { compileFields, type FieldMap, type UnknownCodes } from './field-map.ts'

type Mapping = (read: unknown) => unknown

interface MappingSettings {
  fields?: FieldMap
  jsonata?: string
}

/** @param where the setting, for failures. @throws AdapterFailure 'unrecognised' for an expression that is none */
export function mappingOf(settings: MappingSettings, where: string, unknown: UnknownCodes): Mapping {
  if (settings.jsonata !== undefined) return compileExpression(settings.jsonata, { where })
  const { fields = {} } = settings
  return Object.keys(fields).length === 0 ? (read) => read : compileFields(fields, unknown)
}

/** @throws AdapterFailure 'unrecognised' when what was read does not fit */
export async function mapped(map: Mapping, read: unknown, where: string): Promise<unknown> {
  try {
    return await map(read)
  } catch (cause) {
    if (cause instanceof AdapterFailure) throw cause
    throw new AdapterFailure(
      'unrecognised',
      `消息与字段对照不符 (The message does not fit the mapping of ${where})`,
      { cause },
    )
  }
}
