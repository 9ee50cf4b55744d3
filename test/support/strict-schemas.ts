// The schemas of schemas/ as a client has them that knows no more than they say: a member that none of them
// names is a fault.

import { createAjv, readSchemas } from '../../src/settings/schemas.ts'

type Node = Record<string, unknown>

/** Below these keys are values, and no schemas. */
const VALUES = new Set(['examples', 'example', 'default', 'const', 'enum', 'required', 'x-form'])
const MAPS = new Set(['properties', '$defs', 'patternProperties'])

const isNode = (one: unknown): one is Node => typeof one === 'object' && one !== null

/** Every subschema of a schema with its JSON Pointer. */
export function subschemas(schema: unknown, pointer = ''): [pointer: string, schema: Node][] {
  if (!isNode(schema)) return []
  const inside = Object.entries(schema).filter(([key]) => !VALUES.has(key))
  return [
    [pointer, schema],
    ...inside.flatMap(([key, value]) => {
      if (!isNode(value)) return []
      const below = MAPS.has(key) || Array.isArray(value) ? Object.entries(value) : []
      if (below.length === 0) return subschemas(value, `${pointer}/${key}`)
      return below.flatMap(([name, one]) => subschemas(one, `${pointer}/${key}/${name}`))
    }),
  ]
}

/** A document with schemas in it, each as such a client has it. */
export const closed = (document: unknown): unknown => close(structuredClone(document) as Node)

/** Closes every object that names its members and does not say that it is open. */
function close(schema: Node): Node {
  for (const [, one] of subschemas(schema))
    if (one.properties !== undefined && one.additionalProperties === undefined)
      one.additionalProperties = false
  return schema
}

/** Faults of `data` as `<schema>.schema.json` has it, each with its place; `at`: a subschema of it. */
export function strictSchemas(): (schema: string, data: unknown, at?: string) => string[] {
  const ajv = createAjv()
  for (const { name, text } of readSchemas()) ajv.addSchema(close(JSON.parse(text)), name)
  return (schema, data, at = '') => {
    const check = ajv.getSchema(`https://tongban.example/schemas/${schema}.schema.json${at ? `#${at}` : ''}`)
    if (!check) throw new Error(`there is no schema ${schema}${at}`)
    if (check(data)) return []
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}
