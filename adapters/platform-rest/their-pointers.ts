// The way back through a field map: where a fault of the canonical submission stands in what the platform sent, so that
// it is told of members that it knows.

import { pointerOf } from '../../src/adapter-kit/strict-json.ts'
import type { FieldMap, FieldRule } from './field-map.ts'

type Path = readonly string[]

/** From our JSON Pointer (RFC 6901) to theirs; one that nothing of theirs is written to stays as it is. */
export function theirPointers(map: FieldMap): (ours: string) => string {
  return (ours) => {
    const theirs = ours === '' ? undefined : wayBack(map, keysOf(ours))
    return theirs === undefined ? ours : pointerOf(theirs)
  }
}

function keysOf(pointer: string): Path {
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function wayBack(map: FieldMap, ours: Path): Path | undefined {
  const rules = Object.entries(map).map(([written, rule]) => ruleOf(written, rule))
  const above = rules
    .filter(({ written }) => startsWith(ours, written))
    .sort((one, other) => other.written.length - one.written.length)[0]
  if (above) return above.from && within(above.rule, above.from, ours.slice(above.written.length))
  const beneath = rules.flatMap(({ written, from }) => (from && startsWith(written, ours) ? [from] : []))
  const [first] = beneath
  if (!first) return undefined
  const place = first.filter((key, i) => beneath.every((one) => startsWith(one, [...first.slice(0, i), key])))
  return place.length === 0 ? first : place
}

function ruleOf(written: string, given: string | FieldRule) {
  const rule: FieldRule = typeof given === 'string' ? { from: given } : given
  return { written: written.split('.'), rule, from: rule.from?.split('.') }
}

const startsWith = (path: Path, start: Path): boolean => start.every((key, i) => path[i] === key)

/** What is read becomes a list only here with `list` and `split`: its entries have no place of their own. */
function within({ each, list, split }: FieldRule, from: Path, rest: Path): Path {
  const [index, ...inner] = rest
  if (each !== undefined && index !== undefined)
    return [...from, index, ...(inner.length === 0 ? [] : (wayBack(each, inner) ?? []))]
  return list === true || split !== undefined ? from : [...from, ...rest]
}
