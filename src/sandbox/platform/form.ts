// Fills any form from its JSON Schema alone, with plausible values of the applicant where a format names them.
// Knows no theme: a catalogue with other forms works unchanged.

import { between, digits, pick } from '../random.ts'
import type { Person } from '../world/people.ts'

type Schema = Record<string, unknown>

interface FormFacts {
  random(): number
  applicant: Person
  uscc: string
  today: Date
  /** Facts of this applicant's life that a form may ask for by these names. */
  known: Readonly<Record<string, string | number>>
}

const DAY_MS = 86_400_000
const DEEPEST = 6
const LEFT_OUT_SHARE = 0.3

/** A value that fits the schema: examples and choices first, then its format, then its type. */
export function fillForm(schema: Schema, facts: FormFacts): Record<string, unknown> {
  const filled = fill(schema, facts, schema, 0)
  return typeof filled === 'object' && filled !== null ? (filled as Record<string, unknown>) : {}
}

function fill(given: Schema, facts: FormFacts, root: Schema, depth: number): unknown {
  const schema = follow(given, root)
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return pick(facts.random, schema.enum)
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return pick(facts.random, schema.examples)
  if (typeof schema.format === 'string' && schema.type !== 'object') return formatted(schema, facts)
  if (schema.default !== undefined) return schema.default
  const variant = firstOf(schema.oneOf) ?? firstOf(schema.anyOf)
  if (variant) return fill(variant, facts, root, depth + 1)
  return byType(schema, facts, root, depth)
}

function byType(schema: Schema, facts: FormFacts, root: Schema, depth: number): unknown {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'boolean') return facts.random() < 0.5
  if (type === 'integer' || type === 'number') return number(schema, facts)
  if (type === 'array') return items(schema, facts, root, depth)
  if (type === 'string') return text(schema, facts)
  return depth < DEEPEST ? members(schema, facts, root, depth) : {}
}

function members(schema: Schema, facts: FormFacts, root: Schema, depth: number): Record<string, unknown> {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const filled: Record<string, unknown> = {}
  for (const [name, member] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
    if (!required.has(name) && facts.random() < LEFT_OUT_SHARE) continue
    const known = facts.known[name]
    filled[name] = known !== undefined && fits(known, member) ? known : fill(member, facts, root, depth + 1)
  }
  return filled
}

function fits(known: string | number, schema: Schema): boolean {
  if (Array.isArray(schema.enum)) return schema.enum.includes(known)
  return typeof known === 'string'
    ? schema.type === 'string'
    : schema.type === 'integer' || schema.type === 'number'
}

function items(schema: Schema, facts: FormFacts, root: Schema, depth: number): unknown[] {
  const least = typeof schema.minItems === 'number' ? schema.minItems : 1
  const item = (schema.items ?? { type: 'string' }) as Schema
  const made = Array.from({ length: least }, () => fill(item, facts, root, depth + 1))
  return schema.uniqueItems === true ? [...new Set(made)] : made
}

function number(schema: Schema, facts: FormFacts): number {
  const low = firstNumber(schema.minimum, addOne(schema.exclusiveMinimum)) ?? 1
  const high = firstNumber(schema.maximum, addOne(schema.exclusiveMaximum, -1)) ?? low + 100
  return between(facts.random, Math.ceil(low), Math.max(Math.ceil(low), Math.floor(high)))
}

function text(schema: Schema, facts: FormFacts): string {
  const least = typeof schema.minLength === 'number' ? schema.minLength : 1
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : 200
  if (typeof schema.pattern === 'string')
    return digits(facts.random, Math.max(least, digitsIn(schema.pattern) ?? 6))
  return '如申请材料所述'.padEnd(least, '述').slice(0, most)
}

function formatted(schema: Schema, facts: FormFacts): string {
  const { applicant } = facts
  switch (schema.format) {
    case 'date':
      return new Date(facts.today.getTime() - between(facts.random, 3, 60) * DAY_MS)
        .toISOString()
        .slice(0, 10)
    case 'date-time':
      return `${new Date(facts.today.getTime() - DAY_MS).toISOString().slice(0, 19)}+08:00`
    case 'id-number':
      return applicant.idNumber
    case 'uscc':
      return facts.uscc
    case 'phone':
    case 'mobile':
      return applicant.mobile
    case 'division':
      return applicant.home.division
    case 'email':
      return 'applicant@example.cn'
    default:
      return text(schema, facts)
  }
}

function follow(schema: Schema, root: Schema): Schema {
  if (typeof schema.$ref !== 'string' || !schema.$ref.startsWith('#/')) return schema
  let target: unknown = root
  for (const key of schema.$ref.slice(2).split('/')) target = (target as Schema | undefined)?.[key]
  return (target ?? {}) as Schema
}

function firstOf(variants: unknown): Schema | undefined {
  return Array.isArray(variants) ? (variants[0] as Schema | undefined) : undefined
}

function firstNumber(...values: unknown[]): number | undefined {
  return values.find((value): value is number => typeof value === 'number')
}

function addOne(value: unknown, by = 1): number | undefined {
  return typeof value === 'number' ? value + by : undefined
}

/** `^[0-9]{12}$` and `^\d{12}$` are the usual patterns of numbers. */
function digitsIn(pattern: string): number | undefined {
  const found = /\{(\d+)/.exec(pattern)
  return found ? Number(found[1]) : undefined
}
