// XML of a platform to plain members: as the kit reads it, and then elements that are told apart by an attribute by name.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { readXmlMembers } from '../../src/adapter-kit/xml-members.ts'
import { isMembers, type Members, parentOf } from './members.ts'
import type { NamedElements, XmlSettings } from './settings.ts'

const limits = { characters: 8 * 1024 * 1024, tags: 100_000 }

/** A reader for documents of one form. @throws AdapterFailure 'unrecognised' when it reads what is none */
export function xmlReader({ lists = [], named = [] }: XmlSettings): (text: string) => Members {
  const repeated = new Set(lists)
  return (text) => {
    const root = readXmlMembers(text, { limits, lists: repeated })
    for (const one of named) collapse(root, one)
    return root
  }
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

function refused(zh: string, en: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `XML ${zh} (the XML ${en})`)
}
