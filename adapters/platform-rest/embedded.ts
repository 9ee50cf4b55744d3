// JSON within JSON: fields whose text is itself a JSON document, and values that only stand for "nothing".
// Both change the members they are given, which nobody else holds.

import { parseStrictJson, pointerOf } from '../../src/adapter-kit/strict-json.ts'
import { isAbsent, isMembers, type Members, parentOf, valueAt } from './members.ts'

/**
 * Reads each field's text as JSON, in order, so that one may lie within another. @throws AdapterFailure
 * 'unrecognised'
 */
export function unwrap(members: Members, paths: readonly string[]): void {
  for (const path of paths) {
    const keys = path.split('.')
    const text = valueAt(members, keys)
    const parent = parentOf(members, keys)
    if (parent && typeof text === 'string' && !isAbsent(text.trim()))
      parent[keys.at(-1)!] = parseStrictJson(text, {
        zh: `字段 ${path} `,
        en: `the field ${path}`,
        pointer: pointerOf(keys),
      })
  }
}

/** Writes each field as JSON text, innermost (last named) first. */
export function wrap(members: Members, paths: readonly string[]): void {
  for (const path of [...paths].reverse()) {
    const keys = path.split('.')
    const value = valueAt(members, keys)
    const parent = parentOf(members, keys)
    if (parent && typeof value === 'object' && value !== null) parent[keys.at(-1)!] = JSON.stringify(value)
  }
}

/** Takes out every text that stands for nothing, such as SQL Server's `1753-1-1`. */
export function dropAbsent(value: unknown, absent: ReadonlySet<string>): void {
  if (absent.size === 0) return
  if (Array.isArray(value)) for (const one of value) dropAbsent(one, absent)
  if (!isMembers(value)) return
  for (const [name, one] of Object.entries(value)) {
    if (typeof one === 'string' && absent.has(one.trim())) delete value[name]
    else dropAbsent(one, absent)
  }
}
