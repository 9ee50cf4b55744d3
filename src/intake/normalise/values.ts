// Walks any JSON value beside its shape and makes the canonical copy: every text cleaned, every text with a format
// in its one form. Finds all faults, throws never, and stops at bounds that no honest submission reaches.

import type { Catalogue } from '../../domain/catalogue.ts'
import type { Faults } from '../../settings/many-errors.ts'
import { at, fieldError } from '../field-error.ts'
import type { Fault } from './rule.ts'
import type { Shape } from './shape.ts'
import { cleanText } from './text.ts'

export const MAX_DEPTH = 32
/** Objects, arrays and scalars together. */
export const MAX_VALUES = 20_000
/** Characters of one text. */
export const MAX_TEXT = 100_000

export interface Walk {
  catalogue: Catalogue
  faults: Faults
  values: number
  /** Shape of a member that the static shape cannot know (the form of the theme asked for). */
  shapeAt?: ReadonlyMap<string, Shape>
}

type Members = Record<string, unknown>

const NOTHING: Members = {}

/** The canonical copy of `value`; `undefined` where there is none. Faults are added to `walk.faults`. */
export function normaliseValue(value: unknown, shape: Shape | undefined, walk: Walk): unknown {
  return visit(value, '', shape, walk, NOTHING, 0)
}

function visit(
  value: unknown,
  pointer: string,
  shape: Shape | undefined,
  walk: Walk,
  siblings: Members,
  depth: number,
): unknown {
  if (!withinBounds(pointer, walk, depth)) return undefined
  if (typeof value === 'string') return visitText(value, pointer, shape, walk, siblings)
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return visitNumber(value, pointer, shape, walk, siblings)
  if (Array.isArray(value)) {
    return value.map((item, i) => visit(item, at(pointer, i), shape?.items, walk, NOTHING, depth + 1))
  }
  if (typeof value === 'object') return visitObject(value as Members, pointer, shape, walk, depth)
  if (value !== undefined) walk.faults.add(fieldError(pointer, 'invalid-type', 'is not JSON', '不是 JSON 值'))
  return undefined
}

function visitText(
  value: string,
  pointer: string,
  shape: Shape | undefined,
  walk: Walk,
  siblings: Members,
): string {
  if (value.length > MAX_TEXT) return refuse(value, pointer, tooLong, walk)
  const text = cleanText(value)
  if (typeof text !== 'string') return refuse(value, pointer, text, walk)
  if (shape?.rule === undefined) return text
  const canonical = shape.rule(text, { catalogue: walk.catalogue, siblings })
  return typeof canonical === 'string' ? canonical : refuse(text, pointer, canonical, walk)
}

/** A number where the schema names a format (20220623, 13800138000) is the text a careless sender meant. */
function visitNumber(
  value: number,
  pointer: string,
  shape: Shape | undefined,
  walk: Walk,
  siblings: Members,
): unknown {
  if (!Number.isFinite(value)) return refuse('', pointer, notANumber, walk)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return refuse('', pointer, losesDigits, walk)
  return shape?.rule === undefined ? value : visitText(String(value), pointer, shape, walk, siblings)
}

function visitObject(
  value: Members,
  pointer: string,
  shape: Shape | undefined,
  walk: Walk,
  depth: number,
): Members {
  const copy: Members = {}
  for (const key of Object.keys(value)) {
    const member = value[key]
    const where = at(pointer, key)
    const memberShape = walk.shapeAt?.get(where) ?? shape?.members?.get(key)
    if (isLeftOut(member, memberShape)) continue
    if (isUnsafeKey(key)) walk.faults.add({ pointer: where, ...unsafeKey })
    else copy[key] = visit(member, where, memberShape, walk, value, depth + 1)
  }
  return copy
}

/** Senders write null or '' where they mean "none"; only members we know are read that way. */
function isLeftOut(member: unknown, shape: Shape | undefined): boolean {
  if (member === undefined) return true
  if (shape === undefined) return false
  return (member === null && !shape.nullable) || (member === '' && shape.rule !== undefined)
}

function isUnsafeKey(key: string): boolean {
  return key === '__proto__' || !key.isWellFormed() || key.includes('\0')
}

function withinBounds(pointer: string, walk: Walk, depth: number): boolean {
  if (++walk.values > MAX_VALUES) {
    if (walk.values === MAX_VALUES + 1) walk.faults.add({ pointer, ...tooMany })
    return false
  }
  if (depth <= MAX_DEPTH) return true
  walk.faults.add({ pointer, ...tooDeep })
  return false
}

function refuse(text: string, pointer: string, why: Fault, walk: Walk): string {
  walk.faults.add({ pointer, ...why })
  return text
}

const tooLong: Fault = {
  code: 'too-long',
  message: `is longer than ${MAX_TEXT} characters`,
  messageZh: `超过 ${MAX_TEXT} 个字符`,
}
const notANumber: Fault = {
  code: 'invalid-type',
  message: 'is not a finite number',
  messageZh: '不是有效数字',
}
const losesDigits: Fault = {
  code: 'number-too-large',
  message: 'is a number that loses digits; send it as a string',
  messageZh: '数值过大会丢失精度，请改用字符串',
}
const unsafeKey: Fault = {
  code: 'unsafe-key',
  message: 'is a key that is not allowed',
  messageZh: '不允许使用该键名',
}
const tooMany: Fault = {
  code: 'too-many-values',
  message: `is beyond ${MAX_VALUES} values`,
  messageZh: `内容超过 ${MAX_VALUES} 项`,
}
const tooDeep: Fault = {
  code: 'too-deep',
  message: `is nested deeper than ${MAX_DEPTH} levels`,
  messageZh: `嵌套超过 ${MAX_DEPTH} 层`,
}
