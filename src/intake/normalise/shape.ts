// What normalisation needs to know of a JSON Schema: which member is of which format. Compiled once per schema;
// everything else in the schema is for the validator.

import { keyOfPart } from '../../domain/pointer.ts'
import { type FormatRule, formats } from './formats.ts'

export interface Shape {
  rule?: FormatRule
  /** null is a value here, not a way to leave the member out. */
  nullable: boolean
  members?: ReadonlyMap<string, Shape>
  items?: Shape
}

type Schema = Readonly<Record<string, unknown>>

const compiled = new WeakMap<object, Shape>()

/** The shape of a schema (draft 2020-12; local `$ref`s are followed). */
export function shapeOf(schema: Schema): Shape {
  const made = compiled.get(schema)
  if (made !== undefined) return made
  const shape = compile(schema, schema, new Map())
  compiled.set(schema, shape)
  return shape
}

function compile(schema: Schema, root: Schema, open: Map<Schema, Shape>): Shape {
  const target = follow(schema, root)
  const known = open.get(target)
  if (known !== undefined) return known
  const shape: Shape = { nullable: allowsNull(target) }
  open.set(target, shape)
  const rule = typeof target.format === 'string' ? formats.get(target.format) : undefined
  if (rule !== undefined) shape.rule = rule
  if (isSchema(target.items)) shape.items = compile(target.items, root, open)
  if (isSchema(target.properties)) shape.members = membersOf(target.properties, root, open)
  return shape
}

function membersOf(properties: Schema, root: Schema, open: Map<Schema, Shape>): ReadonlyMap<string, Shape> {
  const members = new Map<string, Shape>()
  for (const [name, member] of Object.entries(properties)) {
    members.set(name, isSchema(member) ? compile(member, root, open) : { nullable: true })
  }
  return members
}

function follow(schema: Schema, root: Schema): Schema {
  const { $ref } = schema
  if (typeof $ref !== 'string' || !$ref.startsWith('#/')) return schema
  let target: unknown = root
  for (const key of $ref.slice(2).split('/')) {
    target = isSchema(target) ? target[keyOfPart(key)] : undefined
  }
  return isSchema(target) ? target : schema
}

function allowsNull(schema: Schema): boolean {
  const { type } = schema
  return Array.isArray(type) ? type.includes('null') : type === undefined || type === 'null'
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
