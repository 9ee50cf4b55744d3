// Bytes to JSON, strictly: what this lets through can be stored in PostgreSQL, handed to any system and read
// back the same. V8 parses; one scan of the bytes and one walk of the result find what JSON.parse forgives:
// duplicate keys, `__proto__`, NUL, lone surrogates, numbers that would lose digits, depth.

import { isUtf8 } from 'node:buffer'
import { placesIn } from '../adapter-kit/json-places.ts'
import { type Faults, gatherFaults } from '../settings/many-errors.ts'
import type { FaultCode } from './fault-codes.ts'
import { at, type FieldError, fieldError } from './field-error.ts'
import { type Problem, type ProblemCode, problem } from './problems.ts'

/** Deepest nesting of objects and arrays accepted at the edge. */
const MAX_DEPTH = 32

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

interface Read {
  value: unknown
  /** What was parsed: without its BOM, and never with a NUL, which no JSON text holds. */
  text: string
  /** What the value holds that cannot be kept; only who asks for all faults at once goes on with such a value. */
  unsafe: Problem | null
}

/**
 * Parses UTF-8 JSON (RFC 8259; a leading BOM is tolerated).
 * Throws problems, with every place: `invalid-encoding` (not UTF-8, NUL, lone surrogates), `malformed-json`,
 * `unsafe-json` (deeper than 32, duplicate keys, `__proto__`, numbers JSON readers disagree on).
 */
export function parseJsonStrict(bytes: Buffer): unknown {
  const { value, unsafe } = readJsonStrict(bytes)
  if (unsafe) throw unsafe
  return value
}

/** The same, where what is unsafe about a value that could be read is not thrown. */
export function readJsonStrict(bytes: Buffer): Read {
  if (!isUtf8(bytes)) throw notUtf8(bytes)
  const keysWritten = scan(bytes)
  const text = bytes.toString('utf8', hasBom(bytes) ? BOM_BYTES : 0)
  const value = parse(text)
  // Without `\u` in well-formed UTF-8, no string can hold NUL or a lone surrogate.
  const escapes = bytes.includes('\\u')
  const keysRead = keysOf(value, escapes)
  if (keysRead !== UNSAFE && keysRead !== keysWritten) throw repeatedKeys(placesIn(text).repeated)
  if (keysRead !== UNSAFE) return { value, text, unsafe: null }
  const { repeated } = placesIn(text)
  if (repeated.length > 0) throw repeatedKeys(repeated)
  return { value, text, unsafe: unsafe(value) }
}

const BOM_BYTES = 3
export const hasBom = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/** How many keys are written in the text (colons outside strings). Refuses depth beyond MAX_DEPTH. */
function scan(bytes: Buffer): number {
  let keys = 0
  let depth = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) i = endOfString(bytes, i + 1)
    else if (byte === COLON) keys++
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH) throw tooDeep()
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
  }
  return keys
}

function endOfString(bytes: Buffer, from: number): number {
  let i = from
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1
  return i
}

function notUtf8(bytes: Buffer) {
  const from = firstInvalid(bytes) + 1
  return wrongThroughout('invalid-encoding', 'invalid-bytes', {
    detail: `The body is not valid UTF-8: see byte ${from}`,
    detailZh: `请求体不是合法的 UTF-8 文本，请查看第 ${from} 个字节`,
  })
}

/** Where the first bytes are that no UTF-8 has: a reader puts U+FFFD there, which may stand elsewhere by itself. */
function firstInvalid(bytes: Buffer): number {
  const text = bytes.toString('utf8')
  let place = 0
  for (let at = 0; ; at++) {
    const found = text.indexOf('\ufffd', at)
    place += Buffer.byteLength(text.slice(at, found))
    if (!bytes.subarray(place, place + 3).equals(REPLACEMENT)) return place
    place += REPLACEMENT.length
    at = found
  }
}

const REPLACEMENT = Buffer.from('\ufffd')

function tooDeep() {
  return wrongThroughout('unsafe-json', 'too-deep', {
    detail: `Nested deeper than ${MAX_DEPTH} levels`,
    detailZh: `嵌套超过 ${MAX_DEPTH} 层`,
  })
}

function repeatedKeys(pointers: readonly string[]): Problem {
  const words = { detail: 'An object holds the same key twice', detailZh: '对象中有重复的键' }
  const errors = pointers.map((pointer) =>
    fieldError(pointer, 'duplicate-key', 'is there twice in its object', '在同一对象中重复出现'),
  )
  return problem('unsafe-json', { ...words, errors })
}

/** Of the whole text, where no member can be named. */
function wrongThroughout(
  code: ProblemCode,
  fault: FaultCode,
  words: { detail: string; detailZh: string },
): Problem {
  return problem(code, { ...words, errors: [fieldError('', fault, words.detail, words.detailZh)] })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrongThroughout('malformed-json', 'not-json', whereItBroke(text))
  }
}

/** V8's message quotes the text around the fault, which may be personal data, and has no place for most. */
function whereItBroke(text: string): { detail: string; detailZh: string } {
  const { broken } = placesIn(text)
  if (broken === null) return { detail: 'The text is not JSON', detailZh: '文本不是 JSON' }
  if (broken === 'end') return { detail: 'The JSON text ends too early', detailZh: 'JSON 文本不完整' }
  const { line, character } = broken
  return {
    detail: `Not JSON at line ${line}, character ${character}`,
    detailZh: `第 ${line} 行第 ${character} 个字符处不是合法的 JSON`,
  }
}

const UNSAFE = -1

/** How many keys the value has, or UNSAFE. Where something is wrong is looked for only when something is. */
function keysOf(value: unknown, escapes: boolean): number {
  if (typeof value === 'string') return escapes && !isSafeText(value) ? UNSAFE : 0
  if (typeof value === 'number') return isSafeNumber(value) ? 0 : UNSAFE
  if (typeof value !== 'object' || value === null) return 0
  return Array.isArray(value) ? keysOfItems(value, escapes) : keysOfMembers(value as Members, escapes)
}

function keysOfItems(items: readonly unknown[], escapes: boolean): number {
  let keys = 0
  for (const item of items) {
    const within = keysOf(item, escapes)
    if (within === UNSAFE) return UNSAFE
    keys += within
  }
  return keys
}

function keysOfMembers(members: Members, escapes: boolean): number {
  let keys = 0
  for (const key in members) {
    if (key === '__proto__' || (escapes && !isSafeText(key))) return UNSAFE
    const within = keysOf(members[key], escapes)
    if (within === UNSAFE) return UNSAFE
    keys += within + 1
  }
  return keys
}

type Members = Readonly<Record<string, unknown>>

const isSafeText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
const isSafeNumber = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))

/** Everything that is wrong, with its place. */
function unsafe(value: unknown): Problem {
  const walk: Walk = { faults: gatherFaults<FaultCode>(), encoding: false }
  walkValue(value, '', walk)
  return problem(walk.encoding ? 'invalid-encoding' : 'unsafe-json', { errors: walk.faults.list() })
}

interface Walk {
  faults: Faults<FaultCode>
  encoding: boolean
}

function walkValue(value: unknown, pointer: string, walk: Walk): void {
  if (typeof value === 'string') checkText(value, pointer, walk)
  else if (typeof value === 'number') checkNumber(value, pointer, walk)
  else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) walkValue(value[i], nested(value[i], pointer, i), walk)
  } else if (typeof value === 'object' && value !== null) walkMembers(value as Members, pointer, walk)
}

function walkMembers(members: Members, pointer: string, walk: Walk): void {
  for (const key in members) {
    checkText(key, pointer, walk)
    if (key === '__proto__') walk.faults.addMade(() => unsafeKey(at(pointer, key)))
    walkValue(members[key], nested(members[key], pointer, key), walk)
  }
}

/** Pointers are built only where something may be wrong inside; plain booleans and nulls need none. */
function nested(member: unknown, pointer: string, key: string | number): string {
  return typeof member === 'boolean' || member === null ? pointer : at(pointer, key)
}

function checkText(text: string, pointer: string, walk: Walk): void {
  if (isSafeText(text)) return
  walk.encoding = true
  walk.faults.addMade(() =>
    fieldError(pointer, 'invalid-text', 'holds NUL or a lone surrogate', '含有空字符 NUL 或不成对的代理字符'),
  )
}

function checkNumber(value: number, pointer: string, walk: Walk): void {
  if (isSafeNumber(value)) return
  walk.faults.addMade(() =>
    fieldError(
      pointer,
      'number-too-large',
      'is a number that loses digits; send it as a string',
      '数值过大会丢失精度，请改用字符串',
    ),
  )
}

function unsafeKey(pointer: string): FieldError {
  return fieldError(pointer, 'unsafe-key', 'is a key that is not allowed', '不允许使用该键名')
}
