// The schemas of schemas/ as OpenAPI components: the same texts, only their references point into the document.
// Configuration schemas are left out: they are no contract at an edge.

import { readSchemas, type SchemaFile } from '../settings/schemas.ts'
import { componentName, type DocSchema } from './route-doc.ts'

const ENDING = '.schema.json'

/** All edge schemas by component name. Throws on a reference to a schema that is not there. */
export function schemaComponents(files: readonly SchemaFile[] = readSchemas()): Record<string, DocSchema> {
  const edges = files
    .filter((it) => !it.name.includes('/'))
    .map((it) => ({ file: it.name, schema: JSON.parse(it.text) as Record<string, unknown> }))
  const names = new Map<string, string>()
  for (const { file, schema } of edges) {
    const name = componentName(file.slice(0, -ENDING.length))
    names.set(file, name)
    if (typeof schema.$id === 'string') names.set(schema.$id, name)
  }
  return Object.fromEntries(edges.map(({ file, schema }) => componentOf(file, schema, names)))
}

function componentOf(
  file: string,
  schema: Record<string, unknown>,
  names: ReadonlyMap<string, string>,
): [string, DocSchema] {
  const { $schema: _, $id, ...rest } = schema
  const name = names.get(file) ?? file
  const base = typeof $id === 'string' ? $id : undefined
  const locate = (reference: string): string => {
    const [target = '', fragment = ''] = reference.split('#', 2)
    const found = target === '' ? name : (names.get(target) ?? names.get(absolute(target, base)))
    if (found === undefined) throw new Error(`${file} refers to ${reference}, which is not in schemas/`)
    return `#/components/schemas/${found}${fragment}`
  }
  return [name, rewrite(rest, locate) as DocSchema]
}

function absolute(target: string, base: string | undefined): string {
  return URL.parse(target, base)?.href ?? target
}

function rewrite(node: unknown, locate: (reference: string) => string): unknown {
  if (Array.isArray(node)) return node.map((it) => rewrite(it, locate))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? locate(value) : rewrite(value, locate),
    ]),
  )
}
