// XML of the second generation: written with everything escaped, read without DTD, entities of its own, or deep nesting.
// Must not know what the elements mean.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'

/** An element's content: text, or elements in order. */
type Content = string | number | readonly Element[]
export type Element = readonly [name: string, content: Content | undefined]

/** Elements without content are left out. */
export function writeXml([name, content]: Element): string {
  if (content === undefined) return ''
  const inside = typeof content === 'object' ? content.map(writeXml).join('') : escaped(String(content))
  return `<${name}>${inside}</${name}>`
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Characters that XML 1.0 cannot hold at all are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}

const DEEPEST = 12

/** @throws AdapterFailure 'unrecognised' for anything but small, plain, well-formed XML */
export function readXml(text: string): unknown {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw unreadable('带有 DTD (it has a DTD)')
  if (!/^\s*</.test(text) || XMLValidator.validate(text) !== true) throw unreadable('不是 XML (it is no XML)')
  const parser = new XMLParser({ parseTagValue: false, ignoreDeclaration: true, maxNestedTags: DEEPEST })
  try {
    return parser.parse(text)
  } catch (cause) {
    throw unreadable('嵌套过深或有误 (too deep, or malformed)', cause)
  }
}

function unreadable(what: string, cause?: unknown): AdapterFailure {
  return new AdapterFailure('unrecognised', `邮政的回复${what}`, cause === undefined ? {} : { cause })
}
