// The only reader of foreign XML: text to a small tree with namespaces resolved. XML 1.0 without DTD, entities and
// processing instructions, within limits of size, depth and number. What it cannot read whole it refuses whole.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { plainText } from './text.ts'

/** An element; `name` is without prefix, attributes are by their written name and without `xmlns`. */
export interface XmlElement {
  name: string
  namespace: string
  attributes: Readonly<Record<string, string>>
  children: readonly XmlElement[]
  /** Its own text and CDATA, joined. */
  text: string
}

const MAX_CHARACTERS = 16 * 1024 * 1024
const MAX_DEPTH = 32
const MAX_ELEMENTS = 20_000
const MAX_ATTRIBUTES = 64

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  cdataPropName: '#cdata',
  ignoreDeclaration: true,
  maxNestedTags: MAX_DEPTH,
})

/** @throws AdapterFailure 'unrecognised' for whatever is not one whole, plain document */
export function readXml(text: string): XmlElement {
  if (text.length > MAX_CHARACTERS) throw refused('过大 (is too large)')
  const source = text.trim()
  if (!source.startsWith('<') || !endsWithTag(source)) throw refused('不是 XML (is not XML, or is cut)')
  if (/<!(?!--|\[CDATA\[)/.test(source)) throw refused('含有 DTD 或实体声明 (has a DTD or entities)')
  checkSize(source)
  const roots = parse(source)
  const [root] = roots
  if (!root || roots.length !== 1) throw refused('没有唯一的根元素 (has no single root)')
  return elementOf(root, noPrefixes)
}

/** @throws AdapterFailure 'unrecognised' with a sentence that quotes nothing */
export function refused(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `XML ${what}`)
}

function endsWithTag(source: string): boolean {
  let end = source
  while (end.endsWith('-->')) end = end.slice(0, Math.max(0, end.lastIndexOf('<!--'))).trimEnd()
  return end.endsWith('>')
}

/** Counted before anything is built. */
function checkSize(source: string): void {
  let opened = 0
  for (let at = source.indexOf('<'); at !== -1; at = source.indexOf('<', at + 1)) {
    if (++opened > MAX_ELEMENTS * 2) throw refused('元素过多 (has too many elements)')
  }
}

type Node = Record<string, unknown>

function parse(source: string): Node[] {
  try {
    if (XMLValidator.validate(source) !== true) throw refused('不完整或不合语法 (is cut or malformed)')
    const nodes = parser.parse(source) as Node[]
    return nodes.filter((node) => !('#text' in node))
  } catch (error) {
    if (error instanceof AdapterFailure) throw error
    throw refused('不合语法或嵌套过深 (is malformed or nested too deeply)')
  }
}

type Prefixes = Readonly<Record<string, string>>
const noPrefixes: Prefixes = { xml: 'http://www.w3.org/XML/1998/namespace' }

function elementOf(node: Node, outer: Prefixes): XmlElement {
  const tag = Object.keys(node).find((key) => key !== ':@') ?? ''
  if (tag.startsWith('?')) throw refused('含有处理指令 (has a processing instruction)')
  const written = Object.entries((node[':@'] ?? {}) as Record<string, string>)
  if (written.length > MAX_ATTRIBUTES) throw refused('属性过多 (has too many attributes)')
  const prefixes = prefixesOf(written, outer)
  const { name, namespace } = resolve(tag, prefixes)
  const content = node[tag] as Node[]
  return {
    name,
    namespace,
    attributes: Object.fromEntries(
      written.filter(([key]) => !isDeclaration(key)).map(([key, value]) => [key, plainText(value)]),
    ),
    children: content.filter(isElement).map((child) => elementOf(child, prefixes)),
    text: content.map(textOf).join(''),
  }
}

const isElement = (node: Node) => !('#text' in node) && !('#cdata' in node)
const isDeclaration = (name: string) => name === 'xmlns' || name.startsWith('xmlns:')

function textOf(node: Node): string {
  if ('#cdata' in node)
    return (node['#cdata'] as Node[]).map((piece) => String(piece['#text'] ?? '')).join('')
  return '#text' in node ? plainText(String(node['#text'])) : ''
}

function prefixesOf(written: readonly [string, string][], outer: Prefixes): Prefixes {
  const declared = written
    .filter(([key]) => isDeclaration(key))
    .map(([key, value]) => [key === 'xmlns' ? '' : key.slice('xmlns:'.length), plainText(value)])
  return declared.length === 0 ? outer : { ...outer, ...Object.fromEntries(declared) }
}

function resolve(tag: string, prefixes: Prefixes): { name: string; namespace: string } {
  const colon = tag.indexOf(':')
  const prefix = colon === -1 ? '' : tag.slice(0, colon)
  const name = tag.slice(colon + 1)
  if (colon !== -1 && !Object.hasOwn(prefixes, prefix)) throw refused('前缀未声明 (has an undeclared prefix)')
  return { name, namespace: Object.hasOwn(prefixes, prefix) ? (prefixes[prefix] ?? '') : '' }
}
