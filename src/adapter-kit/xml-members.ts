// XML as plain members, for expressions and mappings: elements are members without prefix, repeated ones
// lists, attributes `@name`, text beside either `#text`; an element with text alone is that text. Every value
// stays text.

import { charsetOf } from './charset.ts'
import type { Charset } from './http.ts'
import { readXml, type XmlElement, type XmlReading } from './xml.ts'

export type Members = Record<string, unknown>

export interface XmlShape extends XmlReading {
  /** Paths of elements that are lists even when they come once, with dots from the root. */
  lists?: ReadonlySet<string>
}

/** `{ root: … }`. @throws AdapterFailure 'unrecognised' */
export function readXmlMembers(text: string, { lists = new Set(), ...reading }: XmlShape = {}): Members {
  const root = readXml(text, { lenient: true, ...reading })
  return membersOf([root], '', lists)
}

function membersOf(elements: readonly XmlElement[], path: string, lists: ReadonlySet<string>): Members {
  const members = new Map<string, unknown[]>()
  for (const one of elements) {
    const value = contentOf(one, path === '' ? one.name : `${path}.${one.name}`, lists)
    const known = members.get(one.name)
    if (known) known.push(value)
    else members.set(one.name, [value])
  }
  return Object.fromEntries(
    [...members].map(([name, values]) => {
      const isList = values.length > 1 || lists.has(path === '' ? name : `${path}.${name}`)
      return [name, isList ? values : values[0]]
    }),
  )
}

function contentOf(
  { attributes, children, trimmed }: XmlElement,
  path: string,
  lists: ReadonlySet<string>,
): unknown {
  const named = Object.entries(attributes)
    .map(([name, value]) => [name.slice(name.indexOf(':') + 1), value] as const)
    .filter(([name]) => name !== 'schemaLocation')
    .map(([name, value]) => [`@${name}`, value])
  if (named.length === 0 && children.length === 0) return trimmed
  const members = { ...Object.fromEntries(named), ...membersOf(children, path, lists) }
  return trimmed === '' ? members : { ...members, '#text': trimmed }
}

const LONGEST_DECLARATION = 200

/**
 * The charset that an XML declaration names, `<?xml version="1.0" encoding="GBK"?>`: undefined when it names none, null
 * when it is one that we do not read.
 */
export function declaredCharset(body: Buffer): Charset | null | undefined {
  const start = body.toString('latin1', 0, LONGEST_DECLARATION)
  const encoding = /^\s*(?:\u00ef\u00bb\u00bf)?\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']/.exec(
    start,
  )?.[1]
  return encoding === undefined ? undefined : charsetOf(`text/xml; charset=${encoding}`)
}
