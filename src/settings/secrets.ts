// Secrets are never written in configuration files: a field that its schema marks `writeOnly: true` says where the
// secret is, and gets its value here. So does a long text (`x-file: true`) that names its file. Nothing here may put a
// value into a message.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AnySchemaObject } from 'ajv/dist/2020.js'
import { pointerPart } from '../domain/pointer.ts'
import { type Environment, variable } from './environment.ts'
import type { Source } from './yaml-source.ts'

export interface SecretPlaces {
  env: Environment
  /** Base of relative `file:` paths. */
  configDir: string
}

/**
 * Replaces every `{ env: NAME }` and `{ file: path }` of a writeOnly field in `data` by the secret, and every
 * `{ file: path }` of an `x-file` field by the text. With `optional: true` what is not there leaves the field
 * out. Answers the pointers that were reported, so that nobody complains about them again.
 */
export function resolveSecrets(
  source: Source,
  base: string,
  data: unknown,
  schema: AnySchemaObject,
  places: SecretPlaces,
): Set<string> {
  const reported = new Set<string>()
  const walk = (
    value: unknown,
    pointer: string,
    schemas: AnySchemaObject[],
    put: (to: unknown) => void,
  ): void => {
    const applying = schemas.flatMap((each) => withBranches(each, schema))
    if (applying.some((each) => each.writeOnly === true || (each['x-file'] === true && isFile(value)))) {
      const found = readSecret(source, pointer, value, places)
      if (found === 'reported') reported.add(pointer)
      else put(found)
      return
    }
    for (const [key, inner] of entries(value)) {
      const below = applying.flatMap((each) => schemasOf(each, key, Array.isArray(value)))
      const at = `${pointer}/${pointerPart(key)}`
      walk(inner, at, below, (to) => replace(value as Record<string, unknown>, key, to))
    }
    if (Array.isArray(value)) value.splice(0, value.length, ...value.filter(() => true))
  }
  walk(data, base, [schema], () => undefined)
  return reported
}

/** The secret, undefined when it is optional and not there, or 'reported' after saying what is wrong. */
export function readSecret(
  source: Source,
  pointer: string,
  place: unknown,
  places: SecretPlaces,
): string | undefined | 'reported' {
  if (!isPlace(place)) {
    source.report(pointer, ...whyNoPlace(place))
    return 'reported'
  }
  const value = place.env !== undefined ? variable(places.env, place.env) : readFileSecret(place.file, places)
  if (value !== undefined || place.optional) return value
  if (place.env !== undefined) {
    source.report(
      pointer,
      `The environment has no ${place.env}: set it`,
      `环境变量 ${place.env} 未设置：请设置`,
    )
  } else {
    source.report(
      pointer,
      `The file ${place.file} is not there, not readable or empty`,
      `文件 ${place.file} 不存在、无法读取或为空`,
    )
  }
  return 'reported'
}

type Place = { optional?: boolean } & ({ env: string; file?: never } | { file: string; env?: never })

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false
  const { env, file, optional, ...rest } = value as Record<string, unknown>
  return (
    Object.keys(rest).length === 0 &&
    (optional === undefined || typeof optional === 'boolean') &&
    (typeof env === 'string') !== (typeof file === 'string')
  )
}

/** In English and Chinese. */
function whyNoPlace(place: unknown): [string, string] {
  const strange = Object.keys(Object(place)).filter((member) => !placeMembers.includes(member))
  const says = Object(place) as Record<string, unknown>
  if (strange.length > 0 && ('env' in says || 'file' in says))
    return [
      `Beside env or file only optional may be said of a secret, not ${strange.join(', ')}`,
      `密钥除 env 或 file 外只能写 optional，不能写 ${strange.join('、')}`,
    ]
  return [
    'A secret may not be written in this file: write { env: NAME } or { file: path } instead',
    '密钥不能直接写在配置文件中：请改写为 { env: 变量名 } 或 { file: 路径 }',
  ]
}

const placeMembers = ['env', 'file', 'optional']

const isFile = (value: unknown): boolean => isPlace(value) && value.file !== undefined

function readFileSecret(file: string | undefined, places: SecretPlaces): string | undefined {
  try {
    return readFileSync(resolve(places.configDir, file ?? ''), 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}

/** A schema with everything it combines and refers to within `root`; a schema that refers to itself ends there. */
function withBranches(
  schema: AnySchemaObject,
  root: AnySchemaObject,
  seen = new Set<AnySchemaObject>(),
): AnySchemaObject[] {
  if (seen.has(schema)) return []
  seen.add(schema)
  const branches = ['allOf', 'anyOf', 'oneOf'].flatMap((word) => (schema[word] as AnySchemaObject[]) ?? [])
  const single = ['if', 'then', 'else'].flatMap((word) => (schema[word] as AnySchemaObject) ?? [])
  const referred = typeof schema.$ref === 'string' ? localSchema(root, schema.$ref) : undefined
  const below = [...branches, ...single, ...(referred ? [referred] : [])]
  return [schema, ...below.flatMap((each) => withBranches(each, root, seen))]
}

function localSchema(root: AnySchemaObject, ref: string): AnySchemaObject | undefined {
  if (!ref.startsWith('#/')) return undefined
  let found: unknown = root
  for (const part of ref.slice(2).split('/')) found = (found as Record<string, unknown> | undefined)?.[part]
  return found as AnySchemaObject | undefined
}

function schemasOf(schema: AnySchemaObject, key: string, list: boolean): AnySchemaObject[] {
  const candidates = list
    ? [schema.prefixItems?.[Number(key)] ?? schema.items]
    : [schema.properties?.[key] ?? schema.additionalProperties]
  return candidates.filter((each) => typeof each === 'object' && each !== null)
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function replace(parent: Record<string, unknown>, key: string, to: unknown): void {
  if (to === undefined) delete parent[key]
  else parent[key] = to
}
