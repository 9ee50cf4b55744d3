// Where a text of JSON is not as it must be: for what JSON.parse refuses without a place, and for what it forgives
// without a word, keys that are there twice. Read only when something is known to be wrong; quotes nothing of the text.

import { pointerOf } from '../domain/pointer.ts'

export interface JsonPlaces {
  /** Where it stops being JSON, counted from 1; null when it does not, `end` when it ends too early. */
  broken: { line: number; character: number } | 'end' | null
  /** JSON Pointers (RFC 6901) of keys that their object had already, as far as it was read. */
  repeated: string[]
}

interface Reader {
  text: string
  at: number
  path: (string | number)[]
  repeated: string[]
}

const MOST_REPEATED = 500

const TAB = 0x09
const LINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** `text` must not be nested so deep that a function for each level is too many. */
export function placesIn(text: string): JsonPlaces {
  const reader: Reader = { text, at: 0, path: [], repeated: [] }
  const whole = readValue(reader) && reader.at === text.length
  return { broken: whole ? null : placeOf(reader), repeated: reader.repeated }
}

function placeOf({ text, at }: Reader): JsonPlaces['broken'] {
  if (at >= text.length) return 'end'
  const before = text.slice(0, at).split('\n')
  return { line: before.length, character: before.at(-1)!.length + 1 }
}

// Each leaves `at` behind what it read, and behind white space; false: `at` is where it goes wrong.

function readValue(reader: Reader): boolean {
  skipSpace(reader)
  const read = readOne(reader)
  if (read) skipSpace(reader)
  return read
}

function readOne(reader: Reader): boolean {
  switch (reader.text.charCodeAt(reader.at)) {
    case OPEN_BRACE:
      return readObject(reader)
    case OPEN_BRACKET:
      return readArray(reader)
    case QUOTE:
      return readText(reader)
    case 0x74:
      return readWord(reader, 'true')
    case 0x66:
      return readWord(reader, 'false')
    case 0x6e:
      return readWord(reader, 'null')
    default:
      return readNumber(reader)
  }
}

function readObject(reader: Reader): boolean {
  const keys = new Set<string>()
  return readList(reader, CLOSE_BRACE, () => {
    const from = reader.at
    if (reader.text.charCodeAt(from) !== QUOTE || !readText(reader)) return false
    const key = keyWritten(reader.text.slice(from + 1, reader.at - 1))
    reader.path.push(key)
    if (keys.has(key) && reader.repeated.length < MOST_REPEATED) reader.repeated.push(pointerOf(reader.path))
    keys.add(key)
    skipSpace(reader)
    const read = take(reader, COLON) && readValue(reader)
    reader.path.pop()
    return read
  })
}

const keyWritten = (text: string): string =>
  text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text

function readArray(reader: Reader): boolean {
  let index = 0
  return readList(reader, CLOSE_BRACKET, () => {
    reader.path.push(index++)
    const read = readValue(reader)
    reader.path.pop()
    return read
  })
}

function readList(reader: Reader, end: number, readNext: () => boolean): boolean {
  reader.at++
  skipSpace(reader)
  if (take(reader, end)) return true
  do {
    skipSpace(reader)
    if (!readNext()) return false
  } while (take(reader, COMMA))
  return take(reader, end)
}

function readText(reader: Reader): boolean {
  const { text } = reader
  for (reader.at++; reader.at < text.length; reader.at++) {
    const one = text.charCodeAt(reader.at)
    if (one === QUOTE) return take(reader, QUOTE)
    if (one < SPACE || (one === BACKSLASH && !skipEscape(reader))) return false
  }
  return false
}

/** Leaves `at` on its last letter. */
function skipEscape(reader: Reader): boolean {
  const { text, at } = reader
  const letter = text[at + 1] ?? ''
  const length = letter === 'u' ? 5 : 1
  const whole =
    letter === 'u' ? /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)) : ESCAPED.includes(letter)
  if (!whole || letter === '') return false
  reader.at += length
  return true
}

const ESCAPED = '"\\/bfnrt'
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

function readNumber(reader: Reader): boolean {
  NUMBER.lastIndex = reader.at
  if (!NUMBER.test(reader.text)) return false
  reader.at = NUMBER.lastIndex
  return true
}

function readWord(reader: Reader, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (!take(reader, word.charCodeAt(i))) return false
  return true
}

function skipSpace(reader: Reader): void {
  const { text } = reader
  for (;;) {
    const one = text.charCodeAt(reader.at)
    if (one !== SPACE && one !== LINE && one !== RETURN && one !== TAB) return
    reader.at++
  }
}

function take(reader: Reader, letter: number): boolean {
  if (reader.text.charCodeAt(reader.at) !== letter) return false
  reader.at++
  return true
}
