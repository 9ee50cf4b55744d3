// Plain members to XML as a platform wants it: '@' members become attributes, named members their elements.
// Everything is escaped; characters that XML 1.0 cannot hold are left out.

import { XMLBuilder } from 'fast-xml-parser'
import { isMembers, type Members, valueAt } from './members.ts'
import type { NamedElements, XmlSettings } from './settings.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what XML 1.0 forbids
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressBooleanAttributes: false,
  suppressEmptyNode: false,
})

/** A document in the form of `settings`, with an XML declaration that names the charset. */
export function xmlWriter({ named = [] }: XmlSettings, charset: string): (members: Members) => string {
  const head = `<?xml version="1.0" encoding="${charset.toUpperCase()}"?>`
  return (members) => {
    const made = clean(members) as Members
    for (const one of named) expand(made, one)
    return head + builder.build(made)
  }
}

/** The member SBLSH becomes `<Field FieldName="SBLSH">x</Field>`; attributes stay. */
function expand(root: Members, { at, element, by }: NamedElements): void {
  const place = valueAt(root, at.split('.'))
  if (!isMembers(place)) return
  const names = Object.keys(place).filter((name) => !name.startsWith('@') && !isBranch(place[name]))
  const list = names.map((name) => ({ [`@${by}`]: name, '#text': place[name] }))
  for (const name of names) delete place[name]
  if (list.length > 0) place[element] = list
}

const isBranch = (value: unknown): boolean => typeof value === 'object' && value !== null

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replace(FORBIDDEN, '')
  if (Array.isArray(value)) return value.map(clean)
  if (!isMembers(value)) return value ?? ''
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, clean(one)]))
}
