// JSON of outside systems, strictly: what JSON.parse forgives and every reader decides otherwise is refused by name:
// duplicate keys, `__proto__`, NUL, lone surrogates, numbers that lose digits, depth. Quotes nothing of the text.

import { AdapterFailure } from './failures.ts'

/** Deepest nesting of objects and arrays, as at the gateway's own edge. */
const MAX_DEPTH = 32

/**
 * The value of a JSON text (RFC 8259).
 * @param what how the text is called in a failure, in both languages
 * @throws AdapterFailure 'unrecognised'
 */
export function parseStrictJson(text: string, what = '消息 (the message)'): unknown {
  const keysWritten = scan(text, what)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused(what, '不是 JSON', 'is not JSON')
  }
  const walk: Walk = { keys: 0, what, escapes: text.includes('\\') || !isPlain(text) }
  walkValue(value, walk)
  if (walk.keys !== keysWritten) throw refused(what, '有重复的键', 'holds the same key twice')
  return value
}

/** How many keys are written: colons outside strings. Refuses depth before anything is built. */
function scan(text: string, what: string): number {
  let keys = 0
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const one = text[i]
    if (one === '"') i = endOfString(text, i + 1)
    else if (one === ':') keys++
    else if (one === '{' || one === '[') {
      if (++depth > MAX_DEPTH)
        throw refused(what, `嵌套超过 ${MAX_DEPTH} 层`, `is nested deeper than ${MAX_DEPTH}`)
    } else if (one === '}' || one === ']') depth--
  }
  return keys
}

function endOfString(text: string, from: number): number {
  let i = from
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

interface Walk {
  keys: number
  what: string
  /** Without escapes in well-formed text, no string can hold NUL or a lone surrogate. */
  escapes: boolean
}

const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

function walkValue(value: unknown, walk: Walk): void {
  if (typeof value === 'string') checkText(value, walk)
  else if (typeof value === 'number') checkNumber(value, walk)
  else if (Array.isArray(value)) for (const one of value) walkValue(one, walk)
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) {
      walk.keys++
      checkText(key, walk)
      if (key === '__proto__') throw refused(walk.what, '含有不允许的键名', 'holds a key that is not allowed')
      walkValue(one, walk)
    }
}

function checkText(text: string, { escapes, what }: Walk): void {
  if (escapes && !isPlain(text))
    throw refused(what, '含有空字符或不成对的代理字符', 'holds NUL or a lone surrogate')
}

function checkNumber(value: number, { what }: Walk): void {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    throw refused(what, '含有会丢失精度的数值', 'holds a number that loses digits')
}

function refused(what: string, zh: string, en: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `${what}：${zh} (${en})`)
}
