// XML as ordinary objects for expressions, and back. An element without children is its text; repeated names are a
// list; attributes are `@name`, and the text beside them `#text`.

import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import type { XmlElement } from '../../../src/adapter-kit/xml.ts'
import type { XmlWriter } from '../xml/text.ts'

type XmlObject = string | { [name: string]: XmlObject | XmlObject[] }

export function objectOf({ attributes, children, text }: XmlElement): XmlObject {
  const own = Object.entries(attributes).map(([name, value]): [string, XmlObject] => [`@${name}`, value])
  if (children.length === 0 && own.length === 0) return text.trim()
  const grouped = [...Map.groupBy(children, ({ name }) => name)].map(
    ([name, same]): [string, XmlObject | XmlObject[]] => {
      const objects = same.map(objectOf)
      return [name, objects.length === 1 && objects[0] !== undefined ? objects[0] : objects]
    },
  )
  const beside: [string, XmlObject][] = text.trim() === '' ? [] : [['#text', text.trim()]]
  return Object.fromEntries([...own, ...grouped, ...beside])
}

const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u
const MAX_DEPTH = 16

/**
 * A value as the content of an element: members become elements, lists repeat theirs, null and undefined say nothing.
 * @param prefix of all elements, with its colon, or ''
 * @throws AdapterFailure 'unrecognised' for a member that is no XML name
 */
export function contentOf(writer: XmlWriter, value: unknown, prefix: string, depth = 0): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return writer.text(String(value))
  if (depth > MAX_DEPTH) throw unwritable('嵌套过深 (is nested too deeply)')
  return Object.entries(value)
    .map(([name, member]) => {
      if (!NAME.test(name)) throw unwritable('含有不能作元素名的字段 (a member cannot name an element)')
      const list: unknown[] = Array.isArray(member) ? member : member === undefined ? [] : [member]
      return list
        .map((one) => writer.element(prefix + name, contentOf(writer, one, prefix, depth + 1)))
        .join('')
    })
    .join('')
}

function unwritable(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `参数${what}`, { sent: false })
}
