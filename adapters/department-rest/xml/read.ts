// Foreign XML to plain data for expressions: elements are members without prefix, repeated ones lists, attributes
// `@name`, text beside attributes `#text`. No DTD, no entities, and limits of size, depth and number.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { plainText } from './text.ts'

const MOST_CHARACTERS = 16 * 1024 * 1024
const MOST_TAGS = 400_000
const MOST_DEPTH = 32

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  cdataPropName: '#cdata',
  removeNSPrefix: true,
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MOST_DEPTH,
})

/** @throws AdapterFailure 'unrecognised' with a sentence that quotes nothing */
export function readXml(text: string): unknown {
  const source = text.trim()
  if (source.length > MOST_CHARACTERS) throw refused('过大 (is too large)')
  if (!source.startsWith('<')) throw refused('不是 XML (is not XML)')
  if (/^<!doctype html|^<html/i.test(source)) throw refused('是 HTML 页面 (is a page of HTML)')
  if (/<!(?!--|\[CDATA\[)/.test(source)) throw refused('含有 DTD 或实体声明 (has a DTD or entities)')
  countTags(source)
  return plainOf(parse(source))
}

/** Counted before anything is built. */
function countTags(source: string): void {
  let tags = 0
  for (let at = source.indexOf('<'); at !== -1; at = source.indexOf('<', at + 1))
    if (++tags > MOST_TAGS) throw refused('元素过多 (has too many elements)')
}

function parse(source: string): unknown {
  try {
    if (XMLValidator.validate(source) === true) return parser.parse(source)
  } catch {
    // the parser's own words may quote the document
  }
  throw refused('不完整、不合语法或嵌套过深 (is cut, malformed or nested too deeply)')
}

function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value !== 'object' || value === null) return textOf(String(value))
  const { '#cdata': cdata, '#text': text, ...members } = value as Record<string, unknown>
  const own = [text === undefined ? '' : textOf(String(text)), ...[cdata ?? ''].flat().map(String)].join('')
  const names = Object.keys(members).filter(
    (name) => !/^@xmlns(:|$)/.test(name) && name !== '@schemaLocation',
  )
  if (names.length === 0) return own
  const plain = Object.fromEntries(names.map((name) => [name, plainOf(members[name])]))
  return own === '' ? plain : { ...plain, '#text': own }
}

function textOf(written: string): string {
  const text = plainText(written)
  if (text === undefined)
    throw refused('含有实体或非法字符 (has an entity or a character that XML cannot hold)')
  return text
}

function refused(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `XML ${what}`)
}
