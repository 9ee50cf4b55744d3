// The only reader of foreign XML: text to a small tree with namespaces resolved. XML 1.0 without DTD, and so
// without entities of its own, within limits of size, depth and number. What it cannot read whole it refuses
// whole, quoting nothing.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { AdapterFailure } from './failures.ts'
import { plainText } from './xml-text.ts'

/**
 * An element; `name` is without prefix, attributes are by their written name and without `xmlns`. Those of
 * XMLSchema-instance (`xsi:type`, `xsi:nil`) are left out: they speak to programs that were generated from a
 * schema.
 */
export interface XmlElement {
  name: string
  namespace: string
  attributes: Readonly<Record<string, string>>
  children: readonly XmlElement[]
  /** Its own text and CDATA, joined as written. */
  text: string
  /** The same, with white space around each run of text taken away; CDATA stays as it is. */
  trimmed: string
}

export interface XmlLimits {
  characters: number
  /** Tags that open, close or stand alone. */
  tags: number
  depth: number
  attributes: number
}

export interface XmlReading {
  limits?: Partial<XmlLimits>
  /**
   * For systems that are careless with what nobody looks at: undeclared prefixes and processing instructions
   * are passed over.
   */
  lenient?: boolean
}

const usual: XmlLimits = { characters: 16 * 1024 * 1024, tags: 400_000, depth: 32, attributes: 64 }
const DEEPEST = 64

/** @throws AdapterFailure 'unrecognised' for whatever is not one whole, plain document */
export function readXml(text: string, { limits, lenient = false }: XmlReading = {}): XmlElement {
  const within = { ...usual, ...limits }
  if (text.length > within.characters) throw refusedXml('过大 (is too large)')
  const source = text.trim()
  if (/^<!doctype html|^<html[\s>]/i.test(source)) throw refusedXml('是 HTML 页面 (is a page of HTML)')
  if (!source.startsWith('<') || !endsWithTag(source))
    throw refusedXml('不是 XML，或不完整 (is not XML, or is cut)')
  if (/<!(?!--|\[CDATA\[)/.test(source)) throw refusedXml('含有 DTD 或实体声明 (has a DTD or entities)')
  countTags(source, within)
  const [root, ...others] = parse(source, within.depth).filter((node) => !lenient || !isInstruction(node))
  if (!root || others.length > 0) throw refusedXml('没有唯一的根元素 (has no single root)')
  return elementOf(root, { lenient, attributes: within.attributes }, noPrefixes)
}

/** @throws AdapterFailure 'unrecognised' with a sentence that quotes nothing */
export function refusedXml(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `XML ${what}`)
}

function endsWithTag(source: string): boolean {
  let end = source
  while (end.endsWith('-->')) end = end.slice(0, Math.max(0, end.lastIndexOf('<!--'))).trimEnd()
  return end.endsWith('>')
}

/**
 * Counted before anything is built, and no character is looked at twice: what builds it takes the square of what a
 * hostile sender writes.
 */
function countTags(source: string, most: Pick<XmlLimits, 'tags' | 'attributes'>): void {
  let tags = 0
  for (let at = source.indexOf('<'); at !== -1; ) {
    if (++tags > most.tags) throw refusedXml('元素过多 (has too many elements)')
    const end = endOfMarkup(source, at, most.attributes)
    if (end === -1) throw refusedXml('不完整 (is cut)')
    at = source.indexOf('<', end)
  }
}

/** What a comment, a CDATA section and an instruction begin and end with. */
const others = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const

function endOfMarkup(source: string, at: number, mostAttributes: number): number {
  const other = others.find(([start]) => source.startsWith(start, at))
  return other ? source.indexOf(other[1], at + other[0].length) : endOfTag(source, at, mostAttributes)
}

function endOfTag(source: string, at: number, mostAttributes: number): number {
  let attributes = 0
  for (let i = at + 1; i < source.length; i++) {
    const one = source[i]!
    if (one === '>') return i
    if (one !== '"' && one !== "'") continue
    if (++attributes > mostAttributes) throw refusedXml('属性过多 (has too many attributes)')
    i = source.indexOf(one, i + 1)
    if (i === -1) return -1
  }
  return -1
}

type Node = Record<string, unknown>

const parsers = new Map<number, XMLParser>()

function parserFor(depth: number): XMLParser {
  const deepest = Math.min(depth, DEEPEST)
  const known = parsers.get(deepest)
  if (known) return known
  const made = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    cdataPropName: '#cdata',
    ignoreDeclaration: true,
    maxNestedTags: deepest,
  })
  parsers.set(deepest, made)
  return made
}

function parse(source: string, depth: number): Node[] {
  try {
    if (XMLValidator.validate(source) === true)
      return (parserFor(depth).parse(source) as Node[]).filter((node) => !('#text' in node))
  } catch {
    // The parser's own words may quote the document.
  }
  throw refusedXml('不完整、不合语法或嵌套过深 (is cut, malformed or nested too deeply)')
}

/** What an element declares, within what those around it do: not copied, for elements may be very many. */
interface Prefixes {
  own: ReadonlyMap<string, string>
  outer?: Prefixes
}

const noPrefixes: Prefixes = { own: new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]) }

function namespaceOf(prefix: string, { own, outer }: Prefixes): string | undefined {
  return own.get(prefix) ?? (outer && namespaceOf(prefix, outer))
}

interface Way {
  lenient: boolean
  /** The most. */
  attributes: number
}

function elementOf(node: Node, way: Way, outer: Prefixes): XmlElement {
  const tag = tagOf(node)
  if (tag.startsWith('?')) throw refusedXml('含有处理指令 (has a processing instruction)')
  const written = Object.entries((node[':@'] ?? {}) as Record<string, string>)
  if (written.length > way.attributes) throw refusedXml('属性过多 (has too many attributes)')
  const prefixes = prefixesOf(written, outer)
  const content = (node[tag] as Node[]).filter((one) => !way.lenient || !isInstruction(one))
  const runs = content.flatMap(runOf)
  return {
    ...resolve(tag, prefixes, way),
    attributes: Object.fromEntries(
      written
        .filter(([key]) => !isDeclaration(key) && !isOfInstance(key, prefixes))
        .map(([key, value]) => [key, meant(value)]),
    ),
    children: content.filter(isElement).map((child) => elementOf(child, way, prefixes)),
    text: runs.map(({ text }) => text).join(''),
    trimmed: runs.map(({ text, exact }) => (exact ? text : text.trim())).join(''),
  }
}

const tagOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? ''
const isInstruction = (node: Node): boolean => tagOf(node).startsWith('?')
const isElement = (node: Node): boolean => !('#text' in node) && !('#cdata' in node)
const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:')

const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance'

function isOfInstance(key: string, prefixes: Prefixes): boolean {
  const colon = key.indexOf(':')
  return colon > 0 && namespaceOf(key.slice(0, colon), prefixes) === INSTANCE
}

function runOf(node: Node): { text: string; exact: boolean }[] {
  if ('#cdata' in node)
    return (node['#cdata'] as Node[]).map((piece) => ({ text: String(piece['#text'] ?? ''), exact: true }))
  return '#text' in node ? [{ text: meant(String(node['#text'])), exact: false }] : []
}

function meant(written: string): string {
  const text = plainText(written)
  if (text !== undefined) return text
  throw refusedXml('含有实体或非法字符 (has an entity or a character that XML cannot hold)')
}

function prefixesOf(written: readonly [string, string][], outer: Prefixes): Prefixes {
  const declared = written
    .filter(([key]) => isDeclaration(key))
    .map(([key, value]) => [key === 'xmlns' ? '' : key.slice('xmlns:'.length), meant(value)] as const)
  return declared.length === 0 ? outer : { own: new Map(declared), outer }
}

function resolve(tag: string, prefixes: Prefixes, { lenient }: Way): { name: string; namespace: string } {
  const colon = tag.indexOf(':')
  const prefix = colon === -1 ? '' : tag.slice(0, colon)
  const name = tag.slice(colon + 1)
  const namespace = namespaceOf(prefix, prefixes)
  if (colon !== -1 && namespace === undefined && !lenient)
    throw refusedXml('前缀未声明 (has an undeclared prefix)')
  return { name, namespace: namespace ?? '' }
}
