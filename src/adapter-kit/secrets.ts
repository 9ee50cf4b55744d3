// Which values of a system's settings are secret, and how they look where they are used: for masking, never for use.

interface SchemaNode {
  $ref?: string
  writeOnly?: boolean
  properties?: Record<string, unknown>
  additionalProperties?: unknown
  items?: unknown
  prefixItems?: unknown[]
  [word: string]: unknown
}

const MOST_DEPTH = 32

/** Every text of `value` whose schema says `writeOnly`, through combined, conditional and local `$ref` schemas. */
export function secretsIn(schema: unknown, value: unknown): string[] {
  return [...new Set(collect([schema], value, schema, 0))]
}

function collect(schemas: readonly unknown[], value: unknown, root: unknown, depth: number): string[] {
  if (value === undefined || value === null || depth > MOST_DEPTH) return []
  const applying = schemas.flatMap((one) => branches(one, root, new Set()))
  if (applying.some(({ writeOnly }) => writeOnly === true)) return textsIn(value)
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, one]) =>
    collect(
      applying.flatMap((schema) => below(schema, name, Array.isArray(value))),
      one,
      root,
      depth + 1,
    ),
  )
}

function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.values(value).flatMap(textsIn)
}

/** A schema with everything it combines and refers to. */
function branches(schema: unknown, root: unknown, seen: Set<unknown>): SchemaNode[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return []
  seen.add(schema)
  const node = schema as SchemaNode
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((word) => (node[word] as unknown[]) ?? [])
  const single = ['if', 'then', 'else'].map((word) => node[word])
  const referred = node.$ref?.startsWith('#/') ? [at(root, node.$ref)] : []
  return [node, ...[...lists, ...single, ...referred].flatMap((one) => branches(one, root, seen))]
}

function at(root: unknown, pointer: string): unknown {
  let found = root
  for (const part of pointer.slice(2).split('/'))
    found = (found as Record<string, unknown> | null | undefined)?.[part]
  return found
}

function below(schema: SchemaNode, name: string, list: boolean): unknown[] {
  if (list) return [schema.prefixItems?.[Number(name)] ?? schema.items]
  return [schema.properties?.[name] ?? schema.additionalProperties]
}

/** The ways in which a secret may stand in a URL, a header or a body. */
export function guisesOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ]
}
