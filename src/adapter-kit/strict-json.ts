// JSON of outside systems, strictly: what JSON.parse forgives and every reader decides otherwise is refused by name:
// duplicate keys, `__proto__`, NUL, lone surrogates, numbers that lose digits, depth. Quotes nothing of the text.

import { pointerPart } from '../domain/pointer.ts'
import { type AdapterFailure, type UnreadableCode, type UnreadableFault, unreadable } from './failures.ts'
import { placesIn } from './json-places.ts'

/** Deepest nesting of objects and arrays, as at the gateway's own edge. */
const MAX_DEPTH = 32
/** A sender who gets everything wrong is told this much. */
const MOST_FAULTS = 100

/** What a failure calls the text, and where it stands in the message when it is a part of one. */
export interface JsonPlace {
  zh: string
  en: string
  /** RFC 6901; '' is the message itself. */
  pointer: string
}

const wholeMessage: JsonPlace = { zh: '消息', en: 'the message', pointer: '' }

/**
 * The value of a JSON text (RFC 8259).
 * @throws AdapterFailure 'unrecognised', with every fault that it found
 */
export function parseStrictJson(text: string, place = wholeMessage): unknown {
  const keysWritten = scan(text, place)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused(place, 'malformed-json', [
      { pointer: '', code: 'not-json', zh: '不是 JSON', en: 'is not JSON' },
    ])
  }
  const walk: Walk = { keys: 0, escapes: text.includes('\\') || !isPlain(text), path: [], faults: [] }
  walkValue(value, walk)
  if (walk.faults.length > 0) {
    const badText = walk.faults.some(({ code }) => code === 'invalid-text')
    throw refused(place, badText ? 'invalid-encoding' : 'unsafe-json', walk.faults)
  }
  if (walk.keys !== keysWritten)
    throw refused(
      place,
      'unsafe-json',
      placesIn(text)
        .repeated.slice(0, MOST_FAULTS)
        .map((pointer) => ({ pointer, ...repeatedKey })),
    )
  return value
}

const repeatedKey = { code: 'duplicate-key', zh: '有重复的键', en: 'holds the same key twice' } as const

/** How many keys are written: colons outside strings. Refuses depth before anything is built. */
function scan(text: string, place: JsonPlace): number {
  let keys = 0
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const one = text[i]
    if (one === '"') i = endOfString(text, i + 1)
    else if (one === ':') keys++
    else if (one === '{' || one === '[') {
      if (++depth > MAX_DEPTH) throw refused(place, 'unsafe-json', [tooDeep])
    } else if (one === '}' || one === ']') depth--
  }
  return keys
}

const tooDeep: UnreadableFault = {
  pointer: '',
  code: 'too-deep',
  zh: `嵌套超过 ${MAX_DEPTH} 层`,
  en: `is nested deeper than ${MAX_DEPTH}`,
}

function endOfString(text: string, from: number): number {
  let i = from
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

interface Walk {
  keys: number
  /** Without escapes in well-formed text, no string can hold NUL or a lone surrogate. */
  escapes: boolean
  /** Where the walk is; a pointer is only made of it when something is wrong. */
  path: (string | number)[]
  faults: UnreadableFault[]
}

const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

function walkValue(value: unknown, walk: Walk): void {
  if (typeof value === 'string') checkText(value, walk)
  else if (typeof value === 'number') checkNumber(value, walk)
  else if (Array.isArray(value)) for (let i = 0; i < value.length; i++) walkMember(i, value[i], walk)
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) {
      walk.keys++
      checkText(key, walk)
      if (key === '__proto__')
        fault(walk, 'unsafe-key', '含有不允许的键名', 'holds a key that is not allowed')
      walkMember(key, one, walk)
    }
}

function walkMember(key: string | number, value: unknown, walk: Walk): void {
  walk.path.push(key)
  walkValue(value, walk)
  walk.path.pop()
}

function checkText(text: string, walk: Walk): void {
  if (walk.escapes && !isPlain(text))
    fault(walk, 'invalid-text', '含有空字符或不成对的代理字符', 'holds NUL or a lone surrogate')
}

function checkNumber(value: number, walk: Walk): void {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    fault(walk, 'number-too-large', '含有会丢失精度的数值', 'holds a number that loses digits')
}

function fault({ path, faults }: Walk, code: UnreadableFault['code'], zh: string, en: string): void {
  if (faults.length < MOST_FAULTS) faults.push({ pointer: pointerOf(path), code, zh, en })
}

/** The JSON Pointer (RFC 6901) of a path; text that cannot be kept is not repeated. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((key) => `/${pointerPart(String(key).toWellFormed().replaceAll('\0', ''))}`).join('')
}

function refused(place: JsonPlace, code: UnreadableCode, faults: readonly UnreadableFault[]): AdapterFailure {
  const { zh, en } = faults[0]!
  return unreadable({
    code,
    zh: `${place.zh}${zh}`,
    en: `${place.en} ${en}`,
    faults: faults.map((one) => ({ ...one, pointer: `${place.pointer}${one.pointer}` })),
  })
}
