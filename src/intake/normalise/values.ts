// Walks any JSON value beside its shape and brings it into canonical form: every text cleaned, every text with a
// format in its one form. What is in it already, as nearly all is, is not copied. Finds all faults, throws never, and
// stops at bounds that no honest submission reaches.

import type { Catalogue } from '../../domain/catalogue.ts'
import type { FaultCode } from '../../http/fault-codes.ts'
import { at } from '../../http/field-error.ts'
import type { Faults } from '../../settings/many-errors.ts'
import type { Fault } from './rule.ts'
import type { Shape } from './shape.ts'
import { cleanText } from './text.ts'

const MAX_DEPTH = 32
/** Objects, arrays and scalars together. */
const MAX_VALUES = 20_000
/** Characters of one text. */
const MAX_TEXT = 100_000

export interface Walk {
  catalogue: Catalogue
  faults: Faults<FaultCode>
  values: number
  /** Keys from the top to where it is now: a pointer is made of them only for a fault. */
  path: (string | number)[]
}

type Members = Record<string, unknown>

const NOTHING: Members = {}

/** `value` in canonical form; `undefined` where there is none. Faults are added to `walk.faults`. */
export function normaliseValue(value: unknown, shape: Shape | undefined, walk: Walk): unknown {
  return visit(value, shape, walk, NOTHING)
}

/** It was not read to its end: what was left out says nothing of it. */
export const isCut = ({ values }: Walk): boolean => values > MAX_VALUES

function visit(value: unknown, shape: Shape | undefined, walk: Walk, siblings: Members): unknown {
  if (!withinBounds(walk)) return undefined
  if (typeof value === 'string') return visitText(value, shape, walk, siblings)
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return visitNumber(value, shape, walk, siblings)
  if (Array.isArray(value)) return value.map((item, i) => visitAt(i, item, shape?.items, walk, NOTHING))
  if (typeof value === 'object') return visitObject(value as Members, shape, walk)
  if (value !== undefined) refuse('', notJson, walk)
  return undefined
}

function visitAt(
  key: string | number,
  value: unknown,
  shape: Shape | undefined,
  walk: Walk,
  siblings: Members,
): unknown {
  walk.path.push(key)
  const canonical = visit(value, shape, walk, siblings)
  walk.path.pop()
  return canonical
}

function visitText(value: string, shape: Shape | undefined, walk: Walk, siblings: Members): string {
  if (value.length > MAX_TEXT) return refuse(value, tooLong, walk)
  const text = cleanText(value)
  if (typeof text !== 'string') return refuse(value, text, walk)
  if (shape?.rule === undefined) return text
  const canonical = shape.rule(text, { catalogue: walk.catalogue, siblings })
  return typeof canonical === 'string' ? canonical : refuse(text, canonical, walk)
}

/** A number where the schema names a format (20220623, 13800138000) is the text a careless sender meant. */
function visitNumber(value: number, shape: Shape | undefined, walk: Walk, siblings: Members): unknown {
  if (!Number.isFinite(value)) return refuse('', notANumber, walk)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return refuse('', losesDigits, walk)
  return shape?.rule === undefined ? value : visitText(String(value), shape, walk, siblings)
}

function visitObject(value: Members, shape: Shape | undefined, walk: Walk): Members {
  const keys = Object.keys(value)
  let copy: Members | undefined
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const member = value[key]
    const memberShape = shape?.members?.get(key)
    const stays = !isLeftOut(member, memberShape) && (memberShape !== undefined || isSafeKey(key, walk))
    const canonical = stays ? visitAt(key, member, memberShape, walk, value) : undefined
    if (!copy && stays && canonical === member) continue
    copy ??= firstOf(value, keys, i)
    if (stays) copy[key] = canonical
  }
  return copy ?? value
}

/** The first `count` members. */
function firstOf(value: Members, keys: readonly string[], count: number): Members {
  const copy: Members = {}
  for (let i = 0; i < count; i++) copy[keys[i]!] = value[keys[i]!]
  return copy
}

/** Senders write null or '' where they mean "none"; only members we know are read that way. */
function isLeftOut(member: unknown, shape: Shape | undefined): boolean {
  if (member === undefined) return true
  if (shape === undefined) return false
  return (member === null && !shape.nullable) || (member === '' && shape.rule !== undefined)
}

function isSafeKey(key: string, walk: Walk): boolean {
  if (key !== '__proto__' && key.isWellFormed() && !key.includes('\0')) return true
  walk.faults.add({ pointer: at(pointerTo(walk), key), ...unsafeKey })
  return false
}

function withinBounds(walk: Walk): boolean {
  if (++walk.values > MAX_VALUES) {
    if (walk.values === MAX_VALUES + 1) refuse('', tooMany, walk)
    return false
  }
  if (walk.path.length <= MAX_DEPTH) return true
  refuse('', tooDeep, walk)
  return false
}

function refuse(text: string, why: Fault, walk: Walk): string {
  walk.faults.add({ pointer: pointerTo(walk), ...why })
  return text
}

const pointerTo = ({ path }: Walk): string => path.reduce<string>(at, '')

const notJson: Fault = { code: 'invalid-type', message: 'is not JSON', messageZh: '不是 JSON 值' }
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
