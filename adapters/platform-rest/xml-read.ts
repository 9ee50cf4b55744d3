// XML of a platform to plain members, strictly: no DTD, no entities of its own, limits on size, depth and elements.
// Attributes become members with '@', text beside attributes '#text'; every value stays text. Quotes nothing of it.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isMembers, type Members, parentOf } from './members.ts'
import type { NamedElements, XmlSettings } from './settings.ts'

const MAX_CHARACTERS = 8 * 1024 * 1024
const MAX_ELEMENTS = 50_000
const MAX_DEPTH = 32
const LONGEST_ENTITY = 10
const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** A reader for documents of one form. @throws AdapterFailure 'unrecognised' when it reads what is none */
export function xmlReader({ lists = [], named = [] }: XmlSettings): (text: string) => Members {
  const repeated = new Set(lists)
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    removeNSPrefix: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: MAX_DEPTH,
    isArray: (_name, path) => repeated.has(String(path)),
    entityDecoder: strictEntities,
  })
  return (text) => {
    checkShape(text)
    const root = parsed(parser, text)
    for (const one of named) collapse(root, one)
    return root
  }
}

/** The charset an XML declaration names: `<?xml version="1.0" encoding="GBK"?>`. */
export function declaredCharset(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 200).toString('latin1')
  return /^\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1]
}

function checkShape(text: string): void {
  if (text.length > MAX_CHARACTERS) throw refused('过大', 'is too large')
  if (/<!(?!--|\[CDATA\[)/.test(text)) throw refused('含有 DTD', 'holds a DTD')
  if (text.includes('\0') || !text.isWellFormed())
    throw refused('含有空字符或不成对的代理字符', 'holds NUL or a lone surrogate')
  let elements = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1))
    if (++elements > MAX_ELEMENTS * 2) throw refused('元素过多', 'holds too many elements')
}

function parsed(parser: XMLParser, text: string): Members {
  let root: unknown
  try {
    if (XMLValidator.validate(text) !== true) throw refused('不是合法的 XML', 'is not well-formed XML')
    root = parser.parse(text)
  } catch (error) {
    throw error instanceof AdapterFailure ? error : refused('无法解析', 'cannot be parsed')
  }
  const names = isMembers(root) ? Object.keys(root) : []
  const only = names[0]
  if (names.length !== 1 || only === undefined || Array.isArray((root as Members)[only]))
    throw refused('须有且仅有一个根元素', 'must have one root element')
  return root as Members
}

/** `<Field FieldName="SBLSH">x</Field>` becomes the member SBLSH; one name twice is ambiguous. */
function collapse(root: Members, { at, element, by }: NamedElements): void {
  const place = parentOf(root, [...at.split('.'), element])
  if (!place || place[element] === undefined) return
  const list = [place[element]].flat()
  delete place[element]
  for (const one of list) {
    const name = isMembers(one) ? one[`@${by}`] : undefined
    if (typeof name !== 'string' || name === '')
      throw refused(`${element} 缺少名称`, `has a nameless ${element}`)
    if (name === '__proto__' || Object.hasOwn(place, name))
      throw refused(`${element} 名称重复`, `names a ${element} twice`)
    place[name] = (isMembers(one) ? one['#text'] : undefined) ?? ''
  }
}

/** The five of XML and characters by number; any other stands in no DTD, for there is none. */
const strictEntities = {
  setExternalEntities: () => undefined,
  addInputEntities: () => undefined,
  reset: () => undefined,
  setXmlVersion: () => undefined,
  decode: (text: string): string => (text.includes('&') ? text.replace(/&([^;&]*)(;?)/g, character) : text),
}

function character(_: string, name: string, end: string): string {
  const known =
    end === ';' && name.length <= LONGEST_ENTITY ? (predefined[name] ?? byNumber(name)) : undefined
  if (known === undefined) throw refused('含有未定义的实体', 'holds an unknown entity')
  return known
}

function byNumber(name: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name) ?? []
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
  const isCharacter =
    code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0x10ffff && !isReserved(code))
  return isCharacter ? String.fromCodePoint(code) : undefined
}

const isReserved = (code: number): boolean =>
  (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff

function refused(zh: string, en: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `XML ${zh} (the XML ${en})`)
}
