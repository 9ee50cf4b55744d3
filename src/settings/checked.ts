// Files that have passed their schema, ready to be read without doubt about their shape.

import type { Explained } from './explain.ts'
import { compileSchemas } from './schemas.ts'
import { resolveSecrets, type SecretPlaces } from './secrets.ts'
import type { Source } from './yaml-source.ts'

/** A file with its data as its schema says, defaults filled in and secrets resolved. */
export interface Checked<T> {
  source: Source
  data: T
}

/** Checks a file against schemas/config/<schema>; undefined after its errors were reported. */
export function checkFile<T>(
  source: Source,
  schema: string,
  secrets?: { schema: Record<string, unknown>; places: SecretPlaces },
): Checked<T> | undefined {
  if (source.data === undefined) return undefined
  const reported = secrets
    ? resolveSecrets(source, '', source.data, secrets.schema, secrets.places)
    : new Set<string>()
  const errors = compileSchemas()(`config/${schema}`)(source.data)
  reportErrors(source, '', errors, reported)
  return errors.length > 0 || reported.size > 0 ? undefined : { source, data: source.data as T }
}

/** Reports errors of a schema at their places, except below pointers that were reported already. */
export function reportErrors(
  source: Source,
  base: string,
  errors: readonly Explained[],
  reported: ReadonlySet<string> = new Set(),
): void {
  for (const error of errors) {
    const pointer = base + error.pointer
    if (
      [...reported, ...source.incomplete].some(
        (known) => pointer === known || pointer.startsWith(`${known}/`),
      )
    )
      continue
    const place = error.code === 'unknown-field' || error.code === 'invalid-name' ? 'key' : 'value'
    source.report(pointer, sentence(pointer, error.message), sentence(pointer, error.messageZh), place)
  }
}

/** "must be a number" needs a subject, "port is missing" has one. */
function sentence(pointer: string, text: string): string {
  const name = pointer.split('/').at(-1) ?? ''
  const starts =
    /^(must|has|does|is|entries)\b|^(必须|只能|至少|最多|不能|第|格式|此处|不符合|缺少必需)/.test(text)
  return starts && name !== '' && !/^\d+$/.test(name) ? `${name} ${text}` : text
}
