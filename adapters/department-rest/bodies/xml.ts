// An object as XML 1.0: members are elements, lists repeat their element, `@name` is an attribute, `#text` the text
// beside attributes. Every value is escaped; what XML cannot hold is refused, never dropped.

import type { Charset } from '../../../src/adapter-kit/http.ts'
import { escapedXml } from '../../../src/adapter-kit/xml-text.ts'
import { rewritten } from './lacking.ts'
import { unfit } from './unfit.ts'

const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}_][\p{L}\p{N}_.-]*)?$/u
const MOST_DEPTH = 32

/** @param body an object with one member: the root */
export function xmlText(body: unknown, charset: Charset): string {
  const roots = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : []
  const [root] = roots
  if (!root || roots.length !== 1 || Array.isArray(root[1]))
    throw unfit('XML 正文应只有一个根元素 (the body of XML is not an object with one member)')
  return rewritten(
    `<?xml version="1.0" encoding="${charset.toUpperCase()}"?>\n${element(root[0], root[1], 0)}`,
    charset,
    reference,
  )
}

function element(name: string, value: unknown, depth: number): string {
  if (!NAME.test(name)) throw unfit('XML 元素名称不合法 (a name is not one of XML)')
  if (depth > MOST_DEPTH) throw unfit('XML 嵌套过深 (XML is nested too deeply)')
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map((one) => element(name, one, depth)).join('')
  if (typeof value !== 'object') return `<${name}>${escapedText(String(value))}</${name}>`
  const members = Object.entries(value)
  const attributes = members.filter(([key]) => key.startsWith('@')).map(attribute)
  const inner = members.filter(([key]) => !key.startsWith('@')).map(([key, one]) => content(key, one, depth))
  return `<${name}${attributes.join('')}>${inner.join('')}</${name}>`
}

const content = (key: string, value: unknown, depth: number): string =>
  key === '#text' ? escapedText(String(value ?? '')) : element(key, value, depth + 1)

function attribute([key, value]: [string, unknown]): string {
  const name = key.slice(1)
  if (!NAME.test(name)) throw unfit('XML 属性名称不合法 (a name is not one of XML)')
  return value === undefined || value === null ? '' : ` ${name}="${escapedText(String(value))}"`
}

/** A text inside an element or an attribute. */
export function escapedText(text: string): string {
  const escaped = escapedXml(text)
  if (escaped !== undefined) return escaped
  throw unfit('内容含有 XML 无法承载的字符 (holds a character that XML cannot hold)')
}

const reference = (character: string): string => `&#x${character.codePointAt(0)?.toString(16)};`
